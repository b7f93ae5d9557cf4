import type { KeeperConfig } from "../config.js";
import type { Forecast } from "../model/forecaster.js";
import { firstPassageProbability } from "../model/margin/first-passage.js";
import { liquidityAdjusted } from "../model/margin/liquidity-adjusted.js";
import { requiredAccountMargin, type ShortAtRisk } from "../model/margin/required-margin.js";
import type { Book, BookHedge } from "./book.js";
import { accountOf, lends } from "./hedge-account.js";
import { costShare, largestTrade } from "./trade.js";

/** What the shorts' margin must bear until a top-up lands. */
export interface MarginRequirement {
  /** Own capital over notional, of the account that needs most; null where nothing asks for any, or too little is known. */
  readonly ratio: number | null;
  /** In words. */
  readonly reasons: readonly string[];
}

const HOURS_A_YEAR = 8_760;
/** Hours from one trade of a close that is too large for one to the next. */
const BETWEEN_TRADES = 1;
/** The most that is asked for, and that can be configured: what takes weeks to close needs more than there is, by any figure. */
const MOST_RATIO = 10;
const percent = (value: number, digits = 0): string => `${(value * 100).toFixed(digits)}%`;
/** Small ones keep two digits. */
const chance = (value: number): string =>
  value < 1e-12 ? "next to nothing" : `${Number((100 * value).toPrecision(2))}%`;

/**
 * The margin ratio at which every account outlives the move that its shorts make within the latency but with the accepted probability, and can
 * be closed after it. An account that has no short yet is judged by the market that asks for most. The shorts of one account are taken to
 * move together, each by its own quantile, which is more than the account's own where they are different assets.
 *
 * @param symbols By asset
 */
export function marginRequirement(
  book: Book,
  { moves, covariance }: Forecast,
  symbols: readonly string[],
  config: KeeperConfig,
): MarginRequirement {
  const { latencyHours, exceedance, low, maintenance } = config.margin;
  const reasons: string[] = [];
  let most: number | null = null;
  for (const hedge of Object.values(book.hedges)) {
    const assets = [...new Set(hedge.positions.map(({ asset }) => asset))].filter((asset) => moves[asset]);
    const floor = lends(hedge) ? 0 : maintenance;
    const risks = shortsOf(book, hedge, moves, config);
    const held = risks.filter(({ notional }) => notional > 0);
    const unknown = assets.filter((asset) => moves[asset]!.move === null);
    if (unknown.length > 0) {
      const known = unknown.map((asset) => `${symbols[asset]} ${moves[asset]!.windows}`).join(", ");
      const rest =
        held.length > 0 ? "margin is for the other shorts" : `margin stays as configured, at least ${percent(low)}`;
      reasons.push(`${rest}: too few windows of ${latencyHours} h are known (${known}); model.warmUpDays reads more`);
      // A market that is new does not take away what is known of the shorts that are held.
      if (held.length === 0) continue;
    }
    const asked =
      held.length > 0
        ? requiredAccountMargin(held, floor)
        : Math.max(...risks.map((risk) => requiredAccountMargin([{ ...risk, notional: 1 }], floor)!), 0);
    if (asked === null || assets.length === 0) continue;
    const required = Math.min(asked, MOST_RATIO);
    most = Math.max(most ?? 0, required);
    if (held.length === 0 && required <= low) continue;
    const now = held.length === 0 ? "" : presentRisk(book, hedge, covariance, floor, latencyHours);
    const words = required > low ? `more than the configured ${percent(low)}` : `within the configured ${percent(low)}`;
    reasons.push(
      `to outlive ${latencyHours} h without a top-up but with ${percent(exceedance, 1)} probability, shorts need ${asked > required ? "more than " : ""}${percent(required)} of margin, ${words}${now}`,
    );
  }
  return { ratio: most, reasons };
}

function shortsOf(
  book: Book,
  { positions }: BookHedge,
  moves: Forecast["moves"],
  { margin: { latencyHours }, hedge: { maxImpact } }: KeeperConfig,
): ShortAtRisk[] {
  return positions.flatMap(({ asset, size, quote }): ShortAtRisk[] => {
    const move = moves[asset]?.move;
    if (move === null || move === undefined) return [];
    const notional = size < 0n ? Number((-size * book.prices[asset]!) / 10n ** 18n) / 1e18 : 0;
    const largest = quote === null ? 0 : Number(largestTrade(quote, maxImpact)) / 1e18;
    const trades = largest > 0 ? Math.max(1, Math.ceil(Number(-size) / 1e18 / largest)) : 1;
    const inOne = notional / trades;
    // A market that cannot be traded now is taken to cost as much as any trade may.
    const cost = quote === null || largest === 0 ? maxImpact : costShare(quote, inOne);
    const fee = quote === null || largest === 0 ? 0 : Number(quote.fee) / 1e18;
    const adjusted = liquidityAdjusted({
      ...{ move, horizonHours: latencyHours, liquidationHours: (trades - 1) * BETWEEN_TRADES },
      ...{ halfSpread: fee, impact: cost - fee },
    });
    return [{ notional, ...adjusted }];
  });
}

/** The account as it is: its margin, and how likely it falls to maintenance within the latency if returns were normal. */
function presentRisk(
  book: Book,
  hedge: BookHedge,
  covariance: Forecast["covariance"],
  maintenance: number,
  latencyHours: number,
): string {
  const { capital, notional } = accountOf(book.prices, hedge);
  const total = Number(notional) / 1e18;
  const weights = hedge.positions.map(({ asset, size }) => ({
    asset,
    weight: Number((-size * book.prices[asset]!) / 10n ** 18n) / 1e18 / total,
  }));
  const variance = weights.reduce(
    (sum, one) =>
      sum + weights.reduce((s, other) => s + one.weight * other.weight * covariance[one.asset]![other.asset]!, 0),
    0,
  );
  const margin = Number(capital) / 1e18 / total;
  const volatility = Math.sqrt(Math.max(0, variance));
  const p = firstPassageProbability({ margin, maintenance, volatility, years: latencyHours / HOURS_A_YEAR });
  return `; they have ${percent(margin)}, and by normal returns of ${percent(volatility)} a year they would be liquidated in that time with a probability of ${chance(p)}`;
}
