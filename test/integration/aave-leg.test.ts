import { expect } from "chai";
import { fund } from "../../scripts/devnet/world.js";
import {
  type AaveFixture,
  accountOf,
  freeAaveVault,
  justBefore,
  margin,
  marketOf,
  report,
  send,
  shortPosition,
  size,
} from "../support/aave.js";
import { depositBasket, pricesOf, relative } from "../support/actions.js";
import { orders, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(freeAaveVault);
const DAY = 86_400;
const btc = (amount: number) => BigInt(Math.round(amount * 1e8));

/** Tokens and allowances that stayed with the leg. */
async function leftovers(f: AaveFixture): Promise<bigint[]> {
  const { USDC, WETH, WBTC, ALT } = f.world.tokens;
  const all = [USDC, WETH, WBTC, ALT];
  const held = await Promise.all(all.map((token) => token.balanceOf(f.leg)));
  const allowed = await Promise.all(all.map((token) => token.allowance(f.leg, f.venue.pool)));
  return [...held, ...allowed].filter((amount) => amount !== 0n);
}

describe("AaveV3ShortLeg", () => {
  it("borrows, sells and keeps the proceeds as collateral, in each token's own decimals", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { collateral, ETH, BTC, ALT } = await accountOf(f);
    expect([ETH, BTC, ALT]).to.deep.equal([wad(10), btc(0.3), wad(2_000)]);
    // 60,000 and the proceeds of 49,000, less 0.05% of 29,000, 0.3% of 20,000 and little impact.
    expect(collateral)
      .to.be.greaterThan(usdc(108_890))
      .and.lessThan(usdc(109_000 - 14.5 - 60));
    expect(await f.leg.cash()).to.equal(collateral * 10n ** 12n);
    for (const [asset, amount] of [
      ["ETH", wad(10)],
      ["BTC", wad("0.3")],
      ["ALT", wad(2_000)],
    ] as const) {
      expect([...(await f.leg.position(marketOf(f, asset)))]).to.deep.equal([-amount, 0n]);
    }
    expect(await leftovers(f)).to.deep.equal([]);
  });

  it("adds to a short and takes from it, by what the pool asks and no more", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { USDC } = f.world.tokens;
    const idle = await f.vault.idle(USDC);
    const before = await justBefore(
      f,
      () => accountOf(f),
      () => send(f, [size(f, "BTC", -wad("0.2"))]),
    );
    const grown = await accountOf(f);
    expect(relative(grown.BTC - before.BTC, btc(0.2))).to.be.lessThan(1e-4);
    expect(relative(grown.collateral - before.collateral, usdc(6_000 * 0.9995))).to.be.lessThan(1e-3);
    await send(f, [size(f, "BTC", wad("0.4"))]);
    const shrunk = await accountOf(f);
    expect(relative(shrunk.BTC, btc(0.1))).to.be.lessThan(1e-4);
    expect(relative(grown.collateral - shrunk.collateral, usdc(12_000 * 1.0005))).to.be.lessThan(1e-3);
    expect(await f.vault.idle(USDC)).to.equal(idle);
    expect(await leftovers(f)).to.deep.equal([]);
  });

  it("repays all of a debt where the order asks for more, and leaves none of it", async () => {
    const f = await fixture();
    await shortPosition(f);
    await f.world.networkHelpers.time.increase(DAY);
    await report(f.world);
    const orders_ = (["ETH", "BTC", "ALT"] as const).map((asset) => size(f, asset, wad(10_000)));
    await send(f, orders_);
    const { ETH, BTC, ALT } = await accountOf(f);
    expect([ETH, BTC, ALT]).to.deep.equal([0n, 0n, 0n]);
    expect(await f.leg.isEmpty()).to.equal(false);
    await send(f, [margin(f, -(await accountOf(f)).collateral)]);
    expect(await f.leg.isEmpty()).to.equal(true);
    expect(await leftovers(f)).to.deep.equal([]);
  });

  it("moves margin through the vault's ledger, both ways", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { USDC } = f.world.tokens;
    const idle = await f.vault.idle(USDC);
    const { collateral } = await justBefore(
      f,
      () => accountOf(f),
      () => send(f, [margin(f, usdc(5_000))]),
    );
    expect(await f.vault.idle(USDC)).to.equal(idle - usdc(5_000));
    expect(relative((await accountOf(f)).collateral, collateral + usdc(5_000))).to.be.lessThan(1e-6);
    await send(f, [margin(f, -usdc(7_000))]);
    expect(await f.vault.idle(USDC)).to.equal(idle + usdc(2_000));
    expect(await USDC.balanceOf(f.vault)).to.equal(idle + usdc(2_000));
    expect(await leftovers(f)).to.deep.equal([]);
  });

  it("refuses orders of nothing, of other markets and of liquidity", async () => {
    const f = await fixture();
    await shortPosition(f);
    const leg = f.deployment.legs.aave as string;
    const refused: [ReturnType<typeof size>, string][] = [
      [size(f, "ETH", 0n), "ZeroAmount"],
      [size(f, "BTC", wad(1) / 10n ** 9n), "ZeroAmount"],
      [margin(f, 0n), "ZeroAmount"],
      [orders.size(leg, f.world.deployment.tokens.USDC as string, wad(1)), "NotAMarket"],
      [orders.burn(leg, 1n), "UnsupportedAction"],
    ];
    for (const [order, error] of refused) {
      await expect(send(f, [order])).to.be.revertedWithCustomError(f.leg, error);
    }
  });

  it("obeys nobody but the vault", async () => {
    const f = await fixture();
    const stranger = f.leg.connect(f.world.signers.stranger);
    const prices = await pricesOf(f);
    for (const call of [
      () => stranger.execute(margin(f, usdc(1)), prices),
      () => stranger.exit(1n, 2n),
      () => stranger.sync(),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(f.leg, "NotVault");
    }
  });

  it("answers no callback but of the pool in use: not a stranger's, not a pool's of its own outside of an operation", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { impersonateAccount, setBalance } = f.world.networkHelpers;
    const pool = await f.leg.tradingPool(marketOf(f, "ETH"));
    await impersonateAccount(pool);
    await setBalance(pool, wad(1));
    for (const caller of [f.world.signers.stranger, await f.world.ethers.getSigner(pool)]) {
      await expect(
        f.leg.connect(caller).uniswapV3SwapCallback(-1n, 1n, `0x${"00".repeat(32)}`),
      ).to.be.revertedWithCustomError(f.leg, "NotPool");
    }
  });

  it("borrows against what the sale brings: the venue would lend less before it", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    // Against 10,000 alone the venue lends 7,500.
    await send(f, [margin(f, usdc(10_000)), size(f, "ETH", -wad(9))]);
    const { collateral, ETH } = await accountOf(f);
    expect(ETH).to.equal(wad(9));
    expect(relative(collateral, usdc(28_000))).to.be.lessThan(0.001);
    await expect(send(f, [size(f, "ETH", -wad(100))])).to.be.revertedWith("36");
  });

  it("stops at the venue's borrow cap, and still reduces", async () => {
    const f = await fixture();
    await shortPosition(f);
    await f.venue.configurator.setBorrowCap(marketOf(f, "BTC"), 1);
    await expect(send(f, [size(f, "BTC", -wad(1))])).to.be.revertedWith("50");
    await f.venue.configurator.setSupplyCap(f.world.deployment.tokens.USDC as string, 1);
    await expect(send(f, [margin(f, usdc(1))])).to.be.revertedWith("51");
    await send(f, [size(f, "BTC", wad("0.1"))]);
    expect(relative((await accountOf(f)).BTC, btc(0.2))).to.be.lessThan(1e-4);
  });

  it("lets anybody refuse a gift that would keep its collateral from coming home", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { stranger } = f.world.signers;
    const { WETH, USDC } = f.world.tokens;
    await fund(f.world, stranger.address, { WETH: 1n });
    await WETH.connect(stranger).approve(f.venue.pool, 1n);
    await f.venue.pool.connect(stranger).supply(WETH, 1n, f.leg, 0);
    await f.venue.configurator.configureReserveAsCollateral(WETH, 0, 8_250, 10_500);
    await expect(send(f, [margin(f, -usdc(1_000))])).to.be.revertedWith("57");
    const leg = f.leg.connect(stranger);
    await expect(leg.refuseCollateral(USDC)).to.be.revertedWithCustomError(f.leg, "NotAReserve");
    await leg.refuseCollateral(WETH);
    await send(f, [margin(f, -usdc(1_000))]);
  });
});
