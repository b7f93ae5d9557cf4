import { HedgeVault__factory, PerpV2Leg__factory } from "@crosshedge/sdk";
import { expect } from "chai";
import { genesisFor } from "../../scripts/deploy/genesis.js";
import { deployOracles, deployVault } from "../../scripts/deploy/system.js";
import { worldWithOracles } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;

/** A vault whose basket has a token that hands control to a listener on each transfer. */
async function vaultWithHook() {
  const { world } = await worldWithOracles({ history: false });
  const { deployer, alice } = world.signers;
  const token = await world.ethers.deployContract("MockHookToken");
  const listener = await world.ethers.deployContract("MockListener");
  const hook = await token.getAddress();
  const chain = { ...world.deployment, tokens: { ...world.deployment.tokens, [world.altSymbol]: hook } };
  const genesis = await genesisFor(world.ethers.provider, Object.values(chain.feeds));
  const oracles = await deployOracles(deployer, chain, genesis);
  const made = await deployVault(deployer, chain, oracles, {
    name: "H",
    symbol: "H",
    pool: "wethUsdc",
    keeper: deployer.address,
  });
  const usdc = chain.tokens.USDC as string;
  const vault = HedgeVault__factory.connect(made.vault, deployer);
  const perp = PerpV2Leg__factory.connect(made.legs.perp as string, deployer);
  await token.getFunction("mint")(alice.address, wad(100));
  await token.getFunction("mint")(listener, wad(100));
  await token.connect(alice).getFunction("approve")(vault, wad(100));
  return { world, token, listener, hook, usdc, vault, perp };
}

const fixture = reusable(vaultWithHook);
type Hooked = Awaited<ReturnType<typeof vaultWithHook>>;

/** Calls that must not go through in the middle of an operation, with the error that must stop each. */
async function attempts({ vault, perp, hook, usdc, listener, world }: Hooked) {
  const [, { mid, half, ok }] = await vault.portfolio();
  const prices = { mid: [...mid], half: [...half], ok };
  const self = await listener.getAddress();
  const { base } = world.deployment.perp.markets.ETH;
  const asked = vault.interface;
  const views = [
    asked.encodeFunctionData("nav"),
    asked.encodeFunctionData("portfolio"),
    asked.encodeFunctionData("measure", [prices]),
    asked.encodeFunctionData("idle", [usdc]),
    asked.encodeFunctionData("previewDepositBasket", [[hook], [1n]]),
    asked.encodeFunctionData("totalAssets"),
    asked.encodeFunctionData("convertToAssets", [1n]),
    asked.encodeFunctionData("convertToShares", [1n]),
    asked.encodeFunctionData("navTimestamp"),
    asked.encodeFunctionData("previewDeposit", [1n]),
    asked.encodeFunctionData("previewMint", [1n]),
    asked.encodeFunctionData("maxDeposit", [self]),
    asked.encodeFunctionData("maxMint", [self]),
    asked.encodeFunctionData("reserved"),
  ];
  const entries = [
    asked.encodeFunctionData("deposit(address,uint256,uint256,address,uint256)", [hook, 1n, 0n, self, FOREVER]),
    asked.encodeFunctionData("depositBasket", [[hook], [1n], 0n, self, FOREVER]),
    asked.encodeFunctionData("depositBasketWithPermit", [[hook], [1n], 0n, self, FOREVER, []]),
    asked.encodeFunctionData("exitInKind", [1n, self, self, [0n, 0n, 0n, 0n], [], FOREVER]),
    asked.encodeFunctionData("deposit(uint256,address)", [1n, self]),
    asked.encodeFunctionData("mint", [1n, self]),
    asked.encodeFunctionData("requestRedeem", [1n, self, self]),
    asked.encodeFunctionData("cancelRedeemRequest", [1n, self, self]),
    asked.encodeFunctionData("settle"),
    asked.encodeFunctionData("redeem", [1n, self, self]),
    asked.encodeFunctionData("withdraw", [1n, self, self]),
  ];
  const legViews = [
    perp.interface.encodeFunctionData("cash"),
    perp.interface.encodeFunctionData("position", [base]),
    perp.interface.encodeFunctionData("measure", [prices]),
    perp.interface.encodeFunctionData("marginRatio", [prices]),
  ];
  const locked = asked.getError("Locked")?.selector;
  const vaultLocked = perp.interface.getError("VaultLocked")?.selector;
  const [vaultAddress, legAddress] = [await vault.getAddress(), await perp.getAddress()];
  return [
    ...views.map((data) => ({ target: vaultAddress, data, error: locked, view: true })),
    ...entries.map((data) => ({ target: vaultAddress, data, error: locked, view: false })),
    ...legViews.map((data) => ({ target: legAddress, data, error: vaultLocked, view: true })),
  ];
}

describe("the lock, against a token that calls back", () => {
  it("stops every entry and every view of value in the middle of a deposit and of an exit", async () => {
    const f = await fixture();
    const { vault, token, listener, hook } = f;
    const { alice } = f.world.signers;
    const tried = await attempts(f);
    const expected = tried.map(({ error }) => error);
    await listener.getFunction("prepare")(tried.map(({ target, data }) => ({ target, data })));
    await token.getFunction("setListener")(listener);

    await vault.connect(alice)["deposit(address,uint256,uint256,address,uint256)"](hook, wad(10), 0n, alice, FOREVER);
    expect([...(await listener.getFunction("answers")())]).to.deep.equal(expected);

    const shares = await vault.balanceOf(alice);
    await vault.connect(alice).exitInKind(shares / 2n, alice, alice, [0n, 0n, 0n, 0n], [], FOREVER);
    expect([...(await listener.getFunction("answers")())]).to.deep.equal(expected);
  });

  it("lets the same views through when nothing is under way", async () => {
    const f = await fixture();
    const tried = (await attempts(f)).filter(({ view }) => view);
    await f.listener.getFunction("prepare")(tried.map(({ target, data }) => ({ target, data })));
    await f.listener.getFunction("act")();
    expect([...(await f.listener.getFunction("answers")())]).to.deep.equal(tried.map(() => "0x00000000"));
  });
});
