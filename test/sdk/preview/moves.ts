import fc from "fast-check";
import { percent } from "../../../scripts/deploy/parameters.js";
import { fund, movePerp, movePool, setFeed } from "../../../scripts/devnet/world.js";
import { changeSettings, refreshFeeds } from "../../support/actions.js";
import { liquidityFor, orders, rangeAround, usdc, wad } from "../../support/orders.js";
import { marketsOf, perpOf, poolOf, send } from "../../support/rebalance.js";
import { HOLDERS, type Holder, type Stage, signerOf } from "./stage.js";

/** What happens to a vault between two operations. */
export type Move =
  | { kind: "wait"; seconds: number; reports: boolean }
  | { kind: "market" | "feed" | "venue"; asset: "ALT" | "ETH" | "BTC"; percent: number }
  | { kind: "depeg"; cents: number }
  | { kind: "trade"; market: "ETH" | "BTC"; usd: number }
  | { kind: "margin"; usd: number }
  | { kind: "liquidity"; usd: number }
  | { kind: "mode"; mode: 0 | 1 | 2 }
  | { kind: "pause"; what: "market" | "house" | "vault" }
  | { kind: "settings"; minCash: number; days: number; fee: number }
  | { kind: "queue"; act: "request" | "cancel" | "settle" | "claim"; who: Holder; percent: number }
  | { kind: "deposit"; who: Holder; usd: number }
  | { kind: "exit"; who: Holder; percent: number; forfeits: boolean }
  | { kind: "gift"; usd: number }
  | { kind: "accrue" | "sync" }
  | { kind: "recover" };

const who = fc.constantFrom<Holder>(...HOLDERS);
const asset = fc.constantFrom("ALT" as const, "ETH" as const, "BTC" as const);
const market = fc.constantFrom("ETH" as const, "BTC" as const);
const part = fc.integer({ min: 1, max: 70 });
/** The weather and the doings of everybody else. */
export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.integer({ min: 1, max: 100_000 }),
      reports: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("market" as const), asset, percent: fc.integer({ min: -6, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("feed" as const, "venue" as const),
      asset,
      percent: fc.integer({ min: -12, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("depeg" as const), cents: fc.integer({ min: 95, max: 104 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("trade" as const), market, usd: fc.integer({ min: -6_000, max: 6_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("margin" as const), usd: fc.integer({ min: -30_000, max: 20_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("liquidity" as const), usd: fc.integer({ min: -30_000, max: 8_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("mode" as const),
      mode: fc.constantFrom(0 as const, 1 as const, 2 as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("pause" as const),
      what: fc.constantFrom("market" as const, "house" as const, "vault" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("settings" as const),
      minCash: fc.integer({ min: 0, max: 20 }),
      days: fc.integer({ min: 1, max: 7 }),
      fee: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("queue" as const),
      act: fc.constantFrom(
        "request" as const,
        "request" as const,
        "cancel" as const,
        "settle" as const,
        "settle" as const,
        "claim" as const,
      ),
      who,
      percent: part,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("deposit" as const), who, usd: fc.integer({ min: 1, max: 6_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("exit" as const), who, percent: part, forfeits: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("gift" as const), usd: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("accrue" as const, "sync" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("recover" as const) }) },
);

const share = (whole: bigint, hundredths: number): bigint => (whole * BigInt(hundredths)) / 100n;
const sized = (usd: number, price: number): bigint => (wad(usd) * 10n ** 6n) / BigInt(Math.round(price * 1e6));

async function tradeTo(s: Stage, name: "ALT" | "ETH" | "BTC", price: number): Promise<unknown> {
  return name === "ALT" ? movePool(s.world, "altUsdc", price) : movePerp(s.world, name, price);
}

async function queued(s: Stage, { act, who: holder, percent: hundredths }: Extract<Move, { kind: "queue" }>) {
  const me = signerOf(s, holder);
  const vault = s.vault.connect(me);
  if (act === "request") return vault.requestRedeem(share(await vault.balanceOf(me), hundredths), me, me);
  if (act === "cancel")
    return vault.cancelRedeemRequest(share(await vault.pendingRedeemRequest(0, me), hundredths), me, me);
  if (act === "claim") return vault.redeem(share(await vault.maxRedeem(me), hundredths), me, me);
  await s.world.networkHelpers.time.increase(60);
  await refreshFeeds(s);
  return s.vault.connect(s.world.signers.keeper).settle();
}

async function liquidity(s: Stage, usd: number): Promise<unknown> {
  const range = await rangeAround(s, 1.25);
  if (usd >= 0)
    return send(s, [orders.mint(poolOf(s), range, await liquidityFor(s, range, wad(usd / 20), usdc(usd / 2)))]);
  const { liquidity: held } = await s.liquidity.position();
  return send(s, [orders.burn(poolOf(s), share(held, Math.min(Math.ceil(-usd / 300), 100)))]);
}

/** The venue's owner. */
const owner = (s: Stage) => s.world.signers.deployer;

async function pause(s: Stage, what: "market" | "house" | "vault"): Promise<unknown> {
  if (what === "market") return s.world.perp.markets.ETH.base.pause();
  return s.world.perp[what === "house" ? "clearingHouse" : "vault"].connect(owner(s)).pause();
}

/** Good prices, agreeing venues, nothing paused, every operation allowed: as far as it can be had. */
async function recover(s: Stage): Promise<void> {
  const ignored = () => undefined;
  await s.world.perp.clearingHouse.connect(owner(s)).unpause().catch(ignored);
  await s.world.perp.vault.connect(owner(s)).unpause().catch(ignored);
  await s.vault.setMode(0).catch(ignored);
  await setFeed(s.world, "USDC", 1);
  for (const name of ["ALT", "ETH", "BTC"] as const) {
    await setFeed(s.world, name, s.marketPrices[name]);
    await tradeTo(s, name, s.marketPrices[name]).catch(ignored);
  }
  await s.world.networkHelpers.time.increase(1_900);
  await refreshFeeds(s);
}

async function make(s: Stage, next: Move): Promise<unknown> {
  const { time } = s.world.networkHelpers;
  switch (next.kind) {
    case "wait":
      await time.increase(next.seconds);
      return next.reports ? refreshFeeds(s) : undefined;
    case "market":
      s.marketPrices[next.asset] *= 1 + next.percent / 100;
      await refreshFeeds(s);
      await setFeed(s.world, next.asset, s.marketPrices[next.asset]);
      return tradeTo(s, next.asset, s.marketPrices[next.asset]);
    case "feed":
      return setFeed(s.world, next.asset, s.marketPrices[next.asset] * (1 + next.percent / 100));
    case "venue":
      return tradeTo(s, next.asset, s.marketPrices[next.asset] * (1 + next.percent / 100));
    case "depeg":
      return setFeed(s.world, "USDC", next.cents / 100);
    case "trade":
      return send(s, [
        orders.size(perpOf(s), marketsOf(s)[next.market].base, sized(next.usd, s.marketPrices[next.market])),
      ]);
    case "margin":
      return send(s, [orders.margin(perpOf(s), usdc(next.usd))]);
    case "liquidity":
      return liquidity(s, next.usd);
    case "mode":
      return s.vault.setMode(next.mode);
    case "pause":
      return pause(s, next.what);
    case "settings":
      return changeSettings(s, {
        minCash: percent(next.minCash),
        maxWait: next.days * 86_400,
        managementFee: percent(next.fee),
      });
    case "queue":
      return queued(s, next);
    case "deposit": {
      const me = signerOf(s, next.who);
      await fund(s.world, me.address, { USDC: usdc(next.usd) });
      await s.world.tokens.USDC.connect(me).approve(s.vault, usdc(next.usd));
      return s.vault.connect(me)["deposit(uint256,address)"](usdc(next.usd), me);
    }
    case "exit": {
      const me = signerOf(s, next.who);
      const none = s.sdk.assets.map(() => 0n);
      const shares = share(await s.vault.balanceOf(me), next.percent);
      return s.vault.connect(me).exitInKind(shares, me, me, none, next.forfeits ? [s.perp] : [], 2n ** 63n);
    }
    case "gift":
      return fund(s.world, s.deployment.vault, { USDC: usdc(next.usd), ALT: wad(1) });
    case "accrue":
      return s.vault.accrueFees();
    case "sync":
      return s.vault.sync();
    case "recover":
      return recover(s);
  }
}

/** Makes a move, as far as venues and vault let it; what is refused changes nothing. */
export async function apply(s: Stage, next: Move): Promise<boolean> {
  try {
    await make(s, next);
    return true;
  } catch (caught) {
    if (caught instanceof TypeError || caught instanceof RangeError) throw caught;
    return false;
  }
}
