import { hedgeEffectiveness } from "../backtest/statistics/hedge-effectiveness.js";
import { about, type Finding, roundUp, yearsText } from "./finding.js";
import type { Walk } from "./walk-types.js";

/** γ that are tried. */
export const RISK_AVERSIONS = [12.5, 25, 50, 100, 200, 400];
/** Points of effectiveness that a wider band may cost. */
const TOLERANCE = 0.005;
/** The chain's ceiling on λ, years. */
const RISK_PRICE_CEILING = 1;

/**
 * Risk aversion γ and the price of risk λ. The program minimises ½γ·v/NAV a year plus costs spread over the time T for which a trade of the
 * band lasts, T = κ/(γσ²Δ); a trade that costs c and takes v from v0 to v1 pays where c ≤ ½γT·(v0 − v1)/NAV. So λ = ½γT is what the program pays
 * itself, and what a stranger may pay in its place.
 *
 * @param walks The vault with each of RISK_AVERSIONS
 */
export function riskPriceFindings(walks: readonly Walk[]): {
  readonly aversion: number;
  readonly findings: readonly Finding[];
} {
  const effects = walks.map(({ hedgedPnl, unhedgedPnl }) => hedgeEffectiveness(hedgedPnl, unhedgedPnl));
  const most = Math.max(...effects);
  const chosen = effects.findIndex((effect) => effect >= most - TOLERANCE);
  const aversion = RISK_AVERSIONS[chosen]!;
  const { costHorizon, turnover } = walks[chosen]!;
  const exact = (aversion * costHorizon) / 2;
  const price = Math.min(RISK_PRICE_CEILING, roundUp(exact, 0.01));
  const table = walks
    .map(({ cost }, i) => `${RISK_AVERSIONS[i]}: ${effects[i]!.toFixed(3)} for ${about(cost.hedging)}`)
    .join(", ");
  return {
    aversion,
    findings: [
      {
        parameter: "keeper.hedge.riskAversion",
        value: aversion,
        why: `the widest no-trade band that costs no more than ${about(TOLERANCE)} points of effectiveness; effectiveness and a year's cost of trading, share of the position: ${table}; it traded ${turnover.toFixed(0)} times the NAV a year`,
      },
      {
        parameter: "publicLimits.riskPrice",
        value: yearsText(price),
        why: `λ = ½γT, what the keeper's program pays for variance itself: γ = ${aversion}, T = ${(costHorizon * 365).toFixed(1)} days, for which it spreads a trade's cost (median), is ${exact.toFixed(3)} years${exact > RISK_PRICE_CEILING ? `; the chain takes ${RISK_PRICE_CEILING} at the most` : ""}`,
      },
    ],
  };
}
