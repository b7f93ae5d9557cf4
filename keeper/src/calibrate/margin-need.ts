import { HOURS_A_YEAR } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import { firstPassageProbability } from "../model/margin/first-passage.js";
import { largestLeverage, optimumLeverage } from "../model/margin/leverage.js";
import { requiredMargin } from "../model/margin/required-margin.js";
import { LIQUIDATION_PENALTY } from "../stress/run-scenario.js";
import { about, type Finding, percentText, roundUp } from "./finding.js";
import type { History } from "./history.js";
import { movesOf } from "./moves.js";
import type { VaultShape } from "./shape.js";

/** Steps of the ratios, the chain's own floor and ceiling of what may be asked. */
const STEP = 0.01;
const MARGIN_FLOOR = 0.15;
const MARGIN_CEILING = 1;
/** From what must be there to what is filled up to, and to where it is taken back. */
const TARGET_OVER_LOW = 1.25;
const HIGH_OVER_TARGET = 2;
/** What idle money would earn, a year's. */
const IDLE_RATE = 0.05;

/** Ratios that shorts are held at, 1.0 = 100%. */
export interface MarginRatios {
  readonly floor: number;
  readonly low: number;
  readonly target: number;
  readonly high: number;
}

/** The margin that shorts must have, so that a top-up that takes so long comes in time. */
export function marginFindings(
  { assets, hedges, maintenance }: VaultShape,
  { prices }: History,
  latencyHours: number,
): { readonly ratios: MarginRatios; readonly findings: readonly Finding[] } {
  const moves = hedges.map(({ asset }) => ({
    name: assets[asset]!.series,
    ...movesOf(prices[asset]!, latencyHours, "up"),
  }));
  const tail = moves.reduce((a, b) => (b.tail > a.tail ? b : a));
  const worst = moves.reduce((a, b) => (b.worst > a.worst ? b : a));
  const need = (move: number): number => requiredMargin({ move, addOn: 0 }, maintenance);
  const needed = { tail: need(tail.tail), worst: need(worst.worst) };
  const floor = Math.max(MARGIN_FLOOR, roundUp(needed.tail, STEP));
  const low = roundUp(Math.max(needed.tail, needed.worst), STEP);
  const latency = latencyHours / HOURS_A_YEAR;
  const liquidation = LIQUIDATION_PENALTY + Math.max(...hedges.map(({ cost }) => cost));
  const cheapest = optimumLeverage({
    ...{ idleRate: IDLE_RATE, liquidation, latencyYears: latency },
    probability: (margin) => tail.exceedance(Math.log((1 + margin) / (1 + maintenance))),
  });
  const least = roundUp(low * TARGET_OVER_LOW, STEP);
  const target = Math.max(least, roundUp(cheapest.margin, STEP));
  const high = roundUp(target * HIGH_OVER_TARGET, STEP);
  if (floor > MARGIN_CEILING) {
    throw new KeeperError(
      `Shorts would need a margin of ${about(needed.tail)} for a rise of ${about(Math.expm1(tail.tail))} of ${tail.name} within ${latencyHours} h; the chain asks ${about(MARGIN_CEILING, 0)} at the most.`,
      "Top margin up faster, and say so with --latency.",
    );
  }
  const account = { margin: needed.tail, maintenance, volatility: tail.volatility, years: latency };
  const diffusion = firstPassageProbability({ ...account, step: 1 / HOURS_A_YEAR });
  const leverage = largestLeverage({ move: Math.max(tail.tail, worst.worst), addOn: 0 }, maintenance);
  const alone = `at ${about(cheapest.margin, 0)}, a leverage of ${cheapest.leverage.toFixed(1)}, idle money at ${about(IDLE_RATE, 0)} a year and liquidations at ${about(liquidation)} of the short cost least together`;
  const after = `above a maintenance of ${about(maintenance, 2)} after it`;
  return {
    ratios: { floor, low, target, high },
    findings: [
      {
        parameter: "limits.minMarginRatio",
        value: percentText(floor),
        why: `rises within ${latencyHours} h, 99.9% quantile: ${moves.map((one) => `${one.name} ${about(Math.expm1(one.tail))}`).join(", ")}; a short needs ${about(needed.tail)} to be ${after}, which a Brownian motion of ${tail.name}'s volatility, ${about(tail.volatility, 0)}, would use up in one window of ${oneIn(diffusion)}${needed.tail < MARGIN_FLOOR ? `, and the chain asks ${about(MARGIN_FLOOR, 0)}` : ""}`,
      },
      {
        parameter: "publicLimits.marginTarget",
        value: percentText(Math.min(MARGIN_CEILING, low)),
        why: "what the keeper does not let it fall below: strangers fill up as far",
      },
      {
        parameter: "keeper.margin.low",
        value: low,
        why: `the largest rise within ${latencyHours} h: ${moves.map((one) => `${one.name} ${about(Math.expm1(one.worst))}`).join(", ")}; a short needs ${about(needed.worst)} to be ${after}, and has it until a top-up lands: a leverage of ${leverage.toFixed(1)} at the most`,
      },
      {
        parameter: "keeper.margin.latencyHours",
        value: latencyHours,
        why: "until a top-up has landed, as assumed: the keeper raises its ratios by what may happen within it",
      },
      { parameter: "keeper.margin.maintenance", value: maintenance, why: "where the venue liquidates" },
      {
        parameter: "keeper.margin.target",
        value: target,
        why:
          target > least
            ? `${alone}; that is more than a quarter above what it must not fall below`
            : `a quarter above what it must not fall below; by cost alone less would do: ${alone}`,
      },
      { parameter: "keeper.margin.high", value: high, why: "twice the target: less would move margin to and fro" },
    ],
  };
}

/** Below this nobody can tell a probability from zero. */
const RARE = 1e-6;

/** 0.00012 -> "8,300". */
function oneIn(probability: number): string {
  return probability < RARE ? "more than a million" : Number((1 / probability).toPrecision(2)).toLocaleString("en-US");
}
