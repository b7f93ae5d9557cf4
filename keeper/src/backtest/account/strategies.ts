import type { AssetCase } from "../data/cases.js";
import { NAIVE } from "../learn/registry.js";
import { bandOf, type Settings } from "../options.js";
import { leastSquares } from "../statistics/least-squares.js";
import { DAY, HOUR } from "../time.js";
import type { Decisions } from "../walk/walk.js";
import type { CaseHours } from "./hours.js";
import { type Drift, keepBooks, type Ledger, type Rule } from "./ledger.js";
import { liveBand } from "./live-band.js";
import type { MarginRecord } from "./margin-record.js";
import { type LegNeed, margined } from "./margined.js";
import { type Band, constant, driftOfUnits, follow, type Schedule, track } from "./rules.js";

/** The hedge of an LP position with its own asset's perp: as much as the position holds of it. */
export const DELTA = "delta";

/** The books of everything that is compared, for one asset. */
export interface Books {
  readonly hours: CaseHours;
  /** By method, the naive hedge first. */
  readonly methods: Readonly<Record<string, Ledger>>;
  /** By method, where an account is kept behind each; the references have none. */
  readonly margins: Readonly<Record<string, MarginRecord>>;
  /** The best constant ratios of the whole period, known only with hindsight. */
  readonly static: Ledger;
  /** The best ratios of each day, from the day itself. */
  readonly oracle: Ledger;
}

/**
 * Keeps the books of every method and of the references.
 *
 * @param needs By hedge, where margin is sized by data
 */
export function keepAllBooks(
  of: AssetCase,
  hours: CaseHours,
  decisions: Decisions,
  settings: Settings,
  needs?: readonly LegNeed[],
): Books {
  const band: Band = { width: bandOf(settings), to: settings.bandTo };
  const plain = [1, ...of.hedges.slice(1).map(() => 0)];
  const book = (schedule: Schedule): Ledger => keepBooks(hours, follow(schedule));
  const methods: Record<string, Ledger> = {};
  const margins: Record<string, MarginRecord> = {};
  const keep = (name: string, rule: Rule, drift: Drift = () => 0): void => {
    const account =
      settings.marginTarget === undefined ? undefined : margined(of, hours, settings, needs, { rule, drift });
    methods[name] = keepBooks(hours, account?.rule ?? rule, account?.drift ?? drift);
    if (account !== undefined) margins[name] = account.record;
  };
  // Decided again each time: a hedge that was lost comes back.
  const steady = (ratios: readonly number[]): Schedule => {
    return { hours: decisionHours(of), ratios: Float64Array.from(Array.from(of.times, () => ratios).flat()) };
  };
  if (hours.lp === undefined) {
    keep(NAIVE, follow(steady(plain)));
    for (const [name, ratios] of Object.entries(decisions)) {
      keep(name, follow({ hours: decisionHours(of), ratios: known(ratios, plain) }, band));
    }
  } else {
    const lp = hours.lp;
    const widths = liveBand(of, hours.unhedged.length, settings);
    const late = (shares: Float64Array): Float64Array =>
      hours.unhedged.map((_, hour) => shares[Math.max(0, hour - settings.positionLag)]!);
    const live = (name: string, betas: Float64Array): void => {
      const targets = lpTargets(of, betas, late(lp.share0), settings.lp === "eth" ? late(lp.share1) : undefined);
      keep(name, track(targets, widths, settings.bandTo), driftOfUnits(hours));
    };
    const naive = steady(plain).ratios;
    if (settings.lp === "own") {
      keep(NAIVE, follow(steady([0.5])));
      live(DELTA, naive);
    } else {
      live(NAIVE, naive);
      for (const [name, ratios] of Object.entries(decisions)) live(name, known(ratios, plain));
    }
  }
  const whole = bestRatios(hours, 0, hours.unhedged.length) ?? plain;
  return { hours, methods, margins, static: book(constant(whole)), oracle: book(daily(hours, whole)) };
}

/** Targets by hedge and hour: what the position gains with its tokens, times how the tokens move with the hedges. */
function lpTargets(
  of: AssetCase,
  betas: Float64Array,
  share0: Float64Array,
  share1: Float64Array | undefined,
): Float64Array[] {
  const size = of.hedges.length;
  const from = decisionHours(of);
  return of.hedges.map((_, j) => {
    let step = 0;
    return share0.map((share, hour) => {
      while (step + 1 < from.length && from[step + 1]! <= hour) step += 1;
      return share * betas[step * size + j]! + (j === 0 && share1 !== undefined ? share1[hour]! : 0);
    });
  });
}

/** Hours from which each decision holds. */
function decisionHours({ times }: AssetCase): Float64Array {
  return times.map((time) => (time - times[0]!) / HOUR);
}

/** Ratios with the plain hedge where a method knows too little. */
function known(ratios: Float64Array, plain: readonly number[]): Float64Array {
  return ratios.map((ratio, i) => (Number.isNaN(ratio) ? plain[i % plain.length]! : ratio));
}

/** Each UTC day's own best ratios; the whole period's where a day has too few hours. */
function daily(hours: CaseHours, whole: readonly number[]): Schedule {
  const starts: number[] = [];
  const ratios: number[] = [];
  const length = hours.unhedged.length;
  for (let hour = 0; hour < length; ) {
    const next = Math.min(length, hour + (DAY - ((hours.start + hour * HOUR) % DAY)) / HOUR);
    starts.push(hour);
    ratios.push(...(bestRatios(hours, hour, next) ?? whole));
    hour = next;
  }
  return { hours: starts, ratios: Float64Array.from(ratios) };
}

/** Least squares over the scored hours from `from` to before `to`; undefined where they are fewer than three for each hedge. */
function bestRatios({ unhedged, legs }: CaseHours, from: number, to: number): number[] | undefined {
  const rows: number[] = [];
  for (let hour = from; hour < to; hour++) if (!Number.isNaN(unhedged[hour]!)) rows.push(hour);
  if (rows.length < 3 * legs.length) return undefined;
  const pick = (series: Float64Array): Float64Array => Float64Array.from(rows, (hour) => series[hour]!);
  return leastSquares(pick(unhedged), legs.map(pick));
}
