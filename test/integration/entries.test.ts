import { VaultFactory__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { encodeLeg, vaultConfig } from "../../scripts/deploy/description.js";
import { HEDGED_LIMITS, MAX_SLIPPAGE, PUBLIC_LIMITS, percent, SETTINGS } from "../../scripts/deploy/parameters.js";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import { exitInKind, hedgedPosition } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, usdc, wad } from "../support/orders.js";
import { later, perpOf, publicLimited, send, strangerOf, thinPosition } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { giftCollateral, margin, movePrices, size } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
const FOREVER = 2n ** 63n;

describe("a vault that owes more than it has", () => {
  /** ETH rises twelvefold by its feed: the shorts lose more than everything. */
  async function bankrupt(f: Fixture): Promise<void> {
    await hedgedPosition(f);
    await setFeed(f.world, "ETH", START.ETH * 12);
    expect((await f.vault.nav()).mid).to.be.lessThan(0n);
  }

  it("takes no deposit, raises no alarm, and lets no plan trade", async () => {
    const f = await fixture();
    await bankrupt(f);
    const { bob } = f.world.signers;
    const { USDC } = f.world.tokens;
    const deposit = f.vault
      .connect(bob)
      ["deposit(address,uint256,uint256,address,uint256)"](USDC, usdc(100), 0n, bob, FOREVER);
    await expect(deposit).to.be.revertedWithCustomError(f.vault, "NoValue");
    await publicLimited(f, { alarmVolatility: percent(25) });
    await expect(strangerOf(f).raiseAlarm()).to.be.revertedWithCustomError(f.rebalancer, "NoValue");
    await expect(send(f, [size(f, "ETH", wad(1))])).to.be.revertedWithCustomError(f.rebalancer, "NoValue");
    await send(f, [margin(f, usdc(100))]);
  });

  it("has no share of NAV to charge a loss to, where nothing is measured either", async () => {
    const f = await fixture();
    await bankrupt(f);
    await later(f, 3 * 86_400);
    expect(await f.covariance.usable()).to.equal(false);
    await expect(send(f, [size(f, "ETH", wad(1))])).to.be.revertedWithCustomError(f.rebalancer, "NoValue");
  });
});

describe("entries of a vault", () => {
  it("redeem and leave with something, for somebody", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const vault = f.vault.connect(alice);
    await expect(vault.requestRedeem(0n, alice, alice)).to.be.revertedWithCustomError(f.vault, "ZeroAmount");
    await expect(vault.requestRedeem(shares, ZeroAddress, alice)).to.be.revertedWithCustomError(f.vault, "ZeroAddress");
    await expect(exitInKind(f, alice, 0n)).to.be.revertedWithCustomError(f.vault, "ZeroAmount");
  });

  it("accept no token into the basket that has no place in the set", async () => {
    const f = await fixture();
    const refused = f.vault.setInBasket(f.world.tokens.LINK, true);
    await expect(refused).to.be.revertedWithCustomError(f.vault, "NotInBasket");
  });

  it("do not let a leaver owe a token: his other part of it must cover what a leg lost", async () => {
    const f = await fixture();
    const shares = await thinPosition(f);
    await movePrices(f, 1.5, 1.27);
    // All of the liquidity is ALT now, and a thousand dollars are idle.
    await movePool(f.world, "altUsdc", START.ALT / 2);
    await giftCollateral(f, wad(20));
    const left = exitInKind(f, f.world.signers.alice, shares / 10n);
    await expect(left).to.be.revertedWithCustomError(f.vault, "ExitShortfall");
    await exitInKind(f, f.world.signers.alice, shares / 10n, [perpOf(f)]);
  });

  it("need an asset set of one to eight with the settlement token in it", async () => {
    const f = await fixture();
    const { deployer, alice } = f.world.signers;
    const { tokens, uniswap } = f.world.deployment;
    const factory = VaultFactory__factory.connect(f.oracles.factory, deployer);
    const config = vaultConfig(
      {
        name: "Somebody's",
        symbol: "xhS",
        settlementToken: tokens.USDC as string,
        settings: { ...SETTINGS, feeRecipient: alice.address },
        limits: HEDGED_LIMITS,
        publicLimits: { ...PUBLIC_LIMITS, gasAsset: ZeroAddress },
        legs: [{ name: "a", venue: "uniswapV3", config: encodeLeg.uniswapV3(uniswap.pools.altUsdc, MAX_SLIPPAGE) }],
      },
      { authority: f.oracles.accessManager, ...f.oracles },
    );
    for (const [assets, error] of [
      [[], "BadAssetSet"],
      [Array(9).fill(tokens.USDC), "BadAssetSet"],
      [[tokens.ALT, tokens.WETH], "NotInBasket"],
    ] as const) {
      const covarianceOracle = await f.world.ethers.deployContract("MockCuriousOracle", [factory, assets]);
      const parameters = { ...config.parameters, covarianceOracle: await covarianceOracle.getAddress() };
      const made = factory.createVault(ZeroHash, { ...config, parameters });
      await expect(made, error).to.be.revertedWithCustomError(f.vault, error);
    }
  });

  it("of the Rebalancer hold for any contract in its place", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const listener = await f.world.ethers.deployContract("MockListener");
    const foreign = await f.world.ethers.deployContract("MockCallingLeg", [f.deployment.vault, listener]);
    await f.vault.setRebalancer(listener);
    const { interface: asked } = f.vault;
    const prices = { mid: [], half: [], ok: false };
    const order = orders.burn(await foreign.getAddress(), 0n);
    const { USDC } = f.world.tokens;
    const carryOut = asked.encodeFunctionData("carryOut", [[order], 0n, 1n, prices, 0n]);
    const appraise = asked.encodeFunctionData("appraise", [[], true, 0n]);
    const payBounty = asked.encodeFunctionData("payBounty", [await listener.getAddress(), usdc(1)]);
    const calls = [
      appraise,
      carryOut,
      payBounty,
      asked.encodeFunctionData("beginRebalance"),
      carryOut,
      asked.encodeFunctionData("book", [await USDC.getAddress(), usdc(1)]),
      asked.encodeFunctionData("pay", [await USDC.getAddress(), await listener.getAddress(), usdc(1)]),
      payBounty,
      asked.encodeFunctionData("endRebalance", [0n, prices]),
      payBounty,
    ];
    await listener.getFunction("prepare")(calls.map((data) => ({ target: f.deployment.vault, data })));
    await listener.getFunction("act")();
    const selector = (name: string) => asked.getError(name)?.selector;
    const [done, locked, notALeg] = ["0x00000000", selector("Locked"), selector("NotALeg")];
    expect([...(await listener.getFunction("answers")())]).to.deep.equal([
      locked,
      locked,
      locked,
      done,
      notALeg,
      notALeg,
      notALeg,
      done,
      done,
      locked,
    ]);
    expect(await USDC.balanceOf(listener)).to.equal(usdc(1));
  });
});
