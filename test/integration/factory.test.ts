import {
  HedgeVault__factory,
  Leg__factory,
  PerpV2Leg__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
  VaultFactory__factory,
} from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { encodeLeg, vaultConfig } from "../../scripts/deploy/description.js";
import { HEDGED_LIMITS, MAX_SLIPPAGE, PUBLIC_LIMITS, SETTINGS } from "../../scripts/deploy/parameters.js";
import { cloneOf, vaultArgs } from "../../scripts/deploy/verify/code.js";
import { UniswapV3Pool__factory } from "../../scripts/devnet/generated/index.js";
import { liquidityLegIn } from "../support/actions.js";
import { type Fixture, vaultIn, vaultWithoutHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithoutHistory);

async function setUp() {
  const f = await fixture();
  const { alice, bob, deployer } = f.world.signers;
  const factory = VaultFactory__factory.connect(f.oracles.factory, alice);
  return { f, factory, alice, bob, deployer, config: configOf(f, alice.address) };
}

/** A vault as anybody may want one: his own authority, two legs. */
function configOf(f: Fixture, feeRecipient: string) {
  const { tokens, uniswap } = f.world.deployment;
  const USDC = tokens.USDC as string;
  return vaultConfig(
    {
      name: "Somebody's",
      symbol: "xhS",
      settlementToken: USDC,
      settings: { ...SETTINGS, feeRecipient },
      limits: HEDGED_LIMITS,
      publicLimits: { ...PUBLIC_LIMITS, gasAsset: ZeroAddress },
      legs: [
        { name: "a", venue: "uniswapV3", config: encodeLeg.uniswapV3(uniswap.pools.altUsdc, MAX_SLIPPAGE) },
        { name: "b", venue: "perpV2", config: encodeLeg.perpV2([], MAX_SLIPPAGE) },
      ],
    },
    { authority: f.oracles.accessManager, ...f.oracles },
  );
}

describe("the factory of vaults", () => {
  it("makes a vault where it said, with everything in place, and knows it afterwards", async () => {
    const { f, factory, alice, config } = await setUp();
    const salt = id("one");
    const predicted = await factory.predictVault(alice, salt, config.parameters);
    expect(await factory.isVault(predicted)).to.equal(false);
    const [vault, rebalancer, legs] = await factory.createVault.staticCall(salt, config);
    expect(vault).to.equal(predicted);
    await expect(factory.createVault(salt, config))
      .to.emit(factory, "VaultCreated")
      .withArgs(vault, alice.address, rebalancer, legs, await f.vault.assets(), Object.values(config.parameters));
    expect(await factory.isVault(vault)).to.equal(true);

    const { provider } = f.world.ethers;
    const { USDC, ALT, WETH, WBTC } = f.world.tokens;
    const assets = await Promise.all(
      [USDC, ALT, WETH, WBTC].map(async (token) => ({
        token: await token.getAddress(),
        decimals: await token.decimals(),
      })),
    );
    const args = vaultArgs(config.parameters, assets);
    expect(await provider.getCode(vault)).to.equal(cloneOf(await factory.vaultImplementation(), args));
    expect(await provider.getCode(rebalancer)).to.equal(cloneOf(await factory.rebalancerImplementation()));
    for (const [k, leg] of legs.entries()) {
      expect(await provider.getCode(leg)).to.equal(cloneOf(config.legs[k]?.implementation as string));
      expect(await Leg__factory.connect(leg, alice).vault()).to.equal(vault);
    }
    const made = HedgeVault__factory.connect(vault, alice);
    expect(await made.rebalancer()).to.equal(rebalancer);
    expect(await made.legs()).to.deep.equal(legs);
    expect(await Rebalancer__factory.connect(rebalancer, alice).vault()).to.equal(vault);
  });

  it("gives each creator salts of his own, and each salt once", async () => {
    const { factory, alice, bob, config } = await setUp();
    const salt = id("one");
    const ofAlice = await factory.predictVault(alice, salt, config.parameters);
    const ofBob = await factory.predictVault(bob, salt, config.parameters);
    expect(ofAlice).not.to.equal(ofBob);
    // Bob sees her salt and is first: her address is still hers.
    await factory.connect(bob).createVault(salt, config);
    expect(await factory.isVault(ofBob)).to.equal(true);
    expect(await factory.isVault(ofAlice)).to.equal(false);
    await factory.createVault(salt, config);
    expect(await factory.isVault(ofAlice)).to.equal(true);
    await expect(factory.createVault(salt, config)).to.be.revertedWithCustomError(factory, "FailedDeployment");
  });

  it("clones approved legs only", async () => {
    const { f, factory, alice, deployer, config } = await setUp();
    const [leg] = config.legs;
    const foreign = await (await new UniswapV3Leg__factory(alice).deploy()).getAddress();
    const other = { ...config, legs: [{ ...leg, implementation: foreign }] } as typeof config;
    await expect(factory.createVault(ZeroHash, other))
      .to.be.revertedWithCustomError(factory, "NotApproved")
      .withArgs(foreign);
    const legConfig = { implementation: foreign, config: leg?.config as string };
    await expect(factory.createLeg(f.vault, legConfig, ZeroHash)).to.be.revertedWithCustomError(factory, "NotApproved");

    const asAdmin = factory.connect(deployer);
    await expect(factory.setLegImplementation(foreign, true))
      .to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized")
      .withArgs(alice.address);
    await expect(asAdmin.setLegImplementation(NOBODY, true)).to.be.revertedWithCustomError(factory, "NoCode");
    await expect(asAdmin.setLegImplementation(foreign, true))
      .to.emit(factory, "LegImplementationSet")
      .withArgs(foreign, true);
    await factory.createVault(ZeroHash, other);
    await asAdmin.setLegImplementation(foreign, false);
    await expect(factory.createVault(id("next"), other)).to.be.revertedWithCustomError(factory, "NotApproved");
  });

  it("keeps implementations and clones from being initialized again", async () => {
    const { f, factory, alice, config } = await setUp();
    const { parameters, settings, limits, publicLimits } = config;
    const vaults = [await factory.vaultImplementation(), f.deployment.vault];
    const rebalancers = [await factory.rebalancerImplementation(), f.deployment.rebalancer];
    const legs = [...Object.values(f.oracles.legImplementations), ...Object.values(f.deployment.legs)];
    for (const at of vaults) {
      const vault = HedgeVault__factory.connect(at, alice);
      await expect(vault.initialize(parameters, settings, alice, [])).to.be.revertedWithCustomError(
        vault,
        "InvalidInitialization",
      );
    }
    for (const at of rebalancers) {
      const rebalancer = Rebalancer__factory.connect(at, alice);
      await expect(rebalancer.initialize(alice, alice, limits, publicLimits)).to.be.revertedWithCustomError(
        rebalancer,
        "InvalidInitialization",
      );
    }
    for (const at of legs) {
      const leg = PerpV2Leg__factory.connect(at, alice);
      await expect(leg.initialize(alice, "0x")).to.be.revertedWithCustomError(leg, "InvalidInitialization");
    }
  });

  it("makes further legs for its own vaults, each bound to one of them", async () => {
    const { f, factory, alice, bob, config } = await setUp();
    const legConfig = config.legs[0] as (typeof config.legs)[0];
    await expect(factory.createLeg(alice, legConfig, ZeroHash))
      .to.be.revertedWithCustomError(factory, "NotAVault")
      .withArgs(alice.address);
    const leg = await factory.createLeg.staticCall(f.vault, legConfig, ZeroHash);
    await expect(factory.createLeg(f.vault, legConfig, ZeroHash))
      .to.emit(factory, "LegCreated")
      .withArgs(leg, f.deployment.vault, legConfig.implementation);
    await expect(factory.createLeg(f.vault, legConfig, ZeroHash)).to.be.revertedWithCustomError(
      factory,
      "FailedDeployment",
    );
    expect(await factory.connect(bob).createLeg.staticCall(f.vault, legConfig, ZeroHash)).not.to.equal(leg);

    const other = await vaultIn(f.world, f.oracles);
    await expect(other.vault.addLeg(leg))
      .to.be.revertedWithCustomError(f.vault, "ForeignLeg")
      .withArgs(leg, f.deployment.vault);
    await f.vault.addLeg(leg);
    expect(await f.vault.legs()).to.include(leg);
    expect(await liquidityLegIn(f, f.world.deployment.uniswap.pools.altUsdc, 0)).not.to.equal(leg);
  });

  it("calls nothing a vault that is not finished, whoever asks in the middle", async () => {
    const { f, factory, alice, config } = await setUp();
    const salt = id("curious");
    // The token is asked for its decimals by a leg, when vault and Rebalancer are there already.
    const token = await f.world.ethers.deployContract("MockCuriousOracle", [factory, []]);
    const { USDC } = f.world.deployment.tokens;
    const oracle = await f.world.ethers.deployContract("MockCuriousOracle", [factory, [USDC, token]]);
    const uniswap = f.world.uniswap.factory;
    await uniswap.createPool(USDC as string, token, 3000);
    const pool = UniswapV3Pool__factory.connect(await uniswap.getPool(USDC as string, token, 3000), alice);
    await pool.initialize(2n ** 96n);
    const parameters = { ...config.parameters, covarianceOracle: await oracle.getAddress() };
    const vault = await factory.predictVault(alice, salt, parameters);
    for (const curious of [oracle, token]) await curious.getFunction("watch")(vault);
    const leg = { ...config.legs[0]!, config: encodeLeg.uniswapV3(await pool.getAddress(), MAX_SLIPPAGE) };
    await factory.createVault(salt, { ...config, parameters, legs: [leg] });
    expect(await factory.isVault(vault)).to.equal(true);
    // Now that it is finished they would be told.
    await expect(oracle.getFunction("assets")()).to.be.revertedWithCustomError(oracle, "AlreadyAVault");
    await expect(token.getFunction("decimals")()).to.be.revertedWithCustomError(token, "AlreadyAVault");
  });

  it("leaves nothing of a vault whose making failed", async () => {
    const { f, factory, alice, config } = await setUp();
    const salt = id("failing");
    const [first, second] = config.legs;
    const broken = { ...config, legs: [first, { ...second, config: first?.config }] } as typeof config;
    await expect(factory.createVault(salt, broken)).to.be.revert(f.world.ethers);
    const vault = await factory.predictVault(alice, salt, config.parameters);
    expect(await factory.isVault(vault)).to.equal(false);
    expect(await f.world.ethers.provider.getCode(vault)).to.equal("0x");
    await factory.createVault(salt, config);
    expect(await factory.isVault(vault)).to.equal(true);
  });
});

const NOBODY = "0x000000000000000000000000000000000000dEaD";
