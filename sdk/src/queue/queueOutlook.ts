import { MATERIAL, VIRTUAL_SHARES } from "../constants.js";
import { max, min, mulDiv, mulDivUp } from "../math.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18, type TokenAmount, type Usd18 } from "../units.js";
import { settlementCash } from "./cash.js";
import { isBandTooWide, poolsDisagree } from "./priceable.js";

/** Why nothing can be settled now. `NOT_VALUED`: a venue does not answer. `NO_CASH` leaves the rest to a plan that raises cash, the others end with the market's mood. */
export type SettlementObstacle =
  | "BAD_PRICE"
  | "NOT_VALUED"
  | "NO_VALUE"
  | "BAND_TOO_WIDE"
  | "POOL_DISAGREES"
  | "NO_CASH";

/** What the redemption queue can expect. */
export interface QueueOutlook {
  /** Shares that wait, 1e18. */
  shares: bigint;
  /** Share of the supply, fees that are due counted. */
  ofSupply: Ratio18 | null;
  /** Since when, unix seconds; null while nobody waits. */
  since: number | null;
  /** What a settlement pays for a share now, the low side of the NAV's band, USD; null while prices are bad. */
  price: Usd18 | null;
  /** What a settlement may pay now, `minCash` left behind, USD. */
  cash: Usd18;
  /** Of the shares that wait, those that a settlement fills now if all of them are due. */
  fillable: bigint;
  /** `fillable` over `shares`; null while nobody waits. What is not due yet waits, and leaves more to the rest. */
  fraction: Ratio18 | null;
  /** Settlement tokens for `fillable`. */
  assets: TokenAmount;
  /** What stands in the way now. */
  obstacles: SettlementObstacle[];
  /** Time of the oldest price among the assets that matter, unix seconds: requests from before it are due. */
  pricedAt: number;
  /** By when each of them has a newer price than now at the latest, unix seconds, if its feed keeps to its heartbeat. */
  newPricesBy: number;
  /** After this anybody may settle, unix seconds; for an empty queue, if a request came now. */
  anybodyMaySettleAt: number;
  /**
   * After this anybody can settle a request of now, unix seconds, if prices come and are good; later where a settlement of those before it
   * starts the wait anew. The keeper may before.
   */
  expectedBy: number;
}

/** What {@link queueOutlook} looks at. */
export type QueueFacts = Pick<
  VaultState,
  "assets" | "block" | "legs" | "nav" | "prices" | "queue" | "settings" | "settlementToken" | "supplyWithFees"
>;

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** Most that a settlement can pay: `minCash` of the NAV after it stays. */
function spareDown(cash: Usd18, nav: Usd18, minCash: Ratio18): Usd18 {
  const least = mulDivUp(nav, minCash, ONE);
  if (minCash >= ONE || cash <= least) return 0n;
  return min(cash, ((cash - least) * ONE) / (ONE - minCash));
}

function obstaclesOf(facts: QueueFacts, cash: Usd18): SettlementObstacle[] {
  const { nav, prices, assets } = facts;
  if (!prices.ok || !nav.ok) return [assets.every(({ price }) => price.ok) ? "NOT_VALUED" : "BAD_PRICE"];
  if (nav.mid <= 0n) return ["NO_VALUE"];
  const found: SettlementObstacle[] = [];
  if (isBandTooWide(facts)) found.push("BAND_TOO_WIDE");
  if (poolsDisagree(facts)) found.push("POOL_DISAGREES");
  if (cash === 0n) found.push("NO_CASH");
  return found;
}

/** When the assets that matter were priced, and by when they are priced anew. */
function timesOf({ assets, block, nav }: QueueFacts): { pricedAt: number; newPricesBy: number } {
  const least = (max(nav.mid, 0n) * MATERIAL) / ONE;
  const material = assets.filter(({ exposure }) => abs(exposure) > least);
  const next = material.map(({ updatedAt, feed }) => Math.max(block.timestamp, updatedAt + Number(feed.heartbeat)));
  return {
    pricedAt: Math.min(block.timestamp, ...material.map(({ updatedAt }) => updatedAt)),
    newPricesBy: Math.max(block.timestamp, ...next),
  };
}

/**
 * What the queue can expect: the fraction that a settlement now would fill, and how long it may take; computed as the settlement does. Which
 * shares are due is known to the vault alone: {@link readSettlement} asks it.
 *
 * @param extraShares Of a request that would join, 1e18
 * @example
 * const { fraction, expectedBy } = queueOutlook(await vault.readState());
 */
export function queueOutlook(facts: QueueFacts, extraShares = 0n): QueueOutlook {
  const { queue, settings, nav, supplyWithFees, block, assets, settlementToken } = facts;
  const shares = queue.shares + extraShares;
  const supply = supplyWithFees + VIRTUAL_SHARES;
  const priced = facts.prices.ok && nav.ok && nav.mid > 0n;
  const low = max(nav.mid - nav.half, 0n) + VIRTUAL_SHARES;
  const cash = priced ? spareDown(settlementCash(facts), nav.mid, settings.minCash) : 0n;
  const obstacles = obstaclesOf(facts, cash);
  const fillable = obstacles.length > 0 ? 0n : min(shares, (cash * supply) / low);
  const token = assets.find(({ address }) => address === settlementToken);
  const worth = (fillable * low) / supply;
  const paid = token && mulDiv(worth, 10n ** BigInt(token.decimals), token.price.mid);
  const opens = (queue.since || block.timestamp) + Number(settings.maxWait);
  const times = timesOf(facts);
  return {
    shares,
    ofSupply: mulDiv(shares, ONE, supplyWithFees),
    since: queue.since || null,
    price: priced ? (low * ONE) / supply : null,
    cash,
    fillable,
    fraction: mulDiv(fillable, ONE, shares),
    assets: paid ?? 0n,
    obstacles,
    ...times,
    anybodyMaySettleAt: opens,
    expectedBy: Math.max(times.newPricesBy, opens),
  };
}
