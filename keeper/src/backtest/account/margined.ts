import { KeeperError } from "../../errors.js";
import { type MarginLevels, ShortAccount } from "../../model/margin/short-account.js";
import type { AssetCase } from "../data/cases.js";
import { rowAt } from "../data/table.js";
import type { Settings } from "../options.js";
import { HOUR } from "../time.js";
import type { CaseHours } from "./hours.js";
import type { Drift, Rule } from "./ledger.js";
import { filledForward, legPrices } from "./leg-prices.js";
import { emptyRecord, type MarginRecord, note, noteMark } from "./margin-record.js";

/** Least margin over notional of a short and of a long, by row of the case's grid: until a top-up arrives. */
export interface LegNeed {
  readonly short: Float64Array;
  readonly long: Float64Array;
}

/** @throws KeeperError where no hedge could be opened with these settings */
export function checkMargin({ marginTarget, marginFloor, marginCap, initialMargin, maintenance }: Settings): void {
  if (maintenance > initialMargin) {
    throw new KeeperError(
      `The maintenance ratio ${maintenance} is above the initial margin ${initialMargin}.`,
      "Lower --maintenance or raise --initial-margin.",
    );
  }
  if (marginFloor > marginCap) {
    throw new KeeperError(`The margin's floor ${marginFloor} is above its cap ${marginCap}.`, "Raise --margin-cap.");
  }
  if (typeof marginTarget === "number" && marginTarget <= initialMargin) {
    throw new KeeperError(
      `A margin of ${marginTarget} is not above what the venue asks of a trade, ${initialMargin}.`,
      "Raise --margin-target or lower --initial-margin.",
    );
  }
}

/** A rule and a drift with an account behind them, and what becomes of the account. */
export interface Margined {
  readonly rule: Rule;
  readonly drift: Drift;
  readonly record: MarginRecord;
}

/**
 * Puts a margin account behind a hedge: it shorts what the rule wants as far as the venue lets it, and after a liquidation there is no hedge
 * until the next decision.
 *
 * @param needs By hedge, where margin is sized by data
 */
export function margined(
  of: AssetCase,
  hours: CaseHours,
  settings: Settings,
  needs: readonly LegNeed[] | undefined,
  { rule, drift }: { readonly rule: Rule; readonly drift: Drift },
): Margined {
  const size = of.hedges.length;
  const first = rowAt(of.grid, of.times[0]!);
  const from = (series: Float64Array): Float64Array => series.slice(first, of.lastRow + 1);
  const prices = of.legs.map((leg, j) => legPrices(from(leg), from(of.hedgePrices[j]!)));
  const notional = filledForward(hours.lp?.value ?? from(of.price));
  const { maintenance, initialMargin, liquidationFee, liquidationSlippage, marginReserve } = settings;
  const account = new ShortAccount({
    instruments: size,
    terms: { maintenance, initial: initialMargin, liquidationFee, slippage: liquidationSlippage },
    latency: settings.topUpLatency,
  });
  const record = emptyRecord(hours.unhedged.length);
  const decided = new Set([...of.times].map((time) => (time - of.times[0]!) / HOUR));
  const [before, wanted, quoted] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const priceAt = (row: number): Float64Array => {
    for (let j = 0; j < size; j++) quoted[j] = prices[j]![row]!;
    return quoted;
  };
  let halted = false;
  account.quote(priceAt(0));
  return { rule: tradeByRule, drift: markToPrices, record };

  function tradeByRule(hour: number, held: Float64Array): void {
    if (decided.has(hour)) {
      halted = false;
      if (marginReserve !== undefined) account.fund(marginReserve * notional[hour]!);
    }
    if (halted) return;
    before.set(held);
    rule(hour, held);
    let traded = 0;
    for (let j = 0; j < size; j++) {
      traded += Math.abs(held[j]! - before[j]!);
      wanted[j] = (held[j]! * notional[hour]!) / prices[j]![hour]!;
    }
    const levels = levelsAt(first + hour, held);
    if (!account.trade(wanted, levels, hours.cost * traded * notional[hour]!)) {
      record.refused += 1;
      for (let j = 0; j < size; j++) held[j] = (account.units[j]! * prices[j]![hour]!) / notional[hour]!;
    }
    note(record, hour, { account, levels, ordered: account.keep(levels) });
  }

  function markToPrices(hour: number, held: Float64Array): number {
    let funding = 0;
    for (let j = 0; j < size; j++) funding += held[j]! * hours.funding[j]![hour]!;
    account.accrue(funding * notional[hour]!);
    const liquidation = account.mark(priceAt(hour + 1));
    noteMark(record, hour, account, liquidation);
    const cost = drift(hour, held);
    if (liquidation === undefined) return cost;
    held.fill(0);
    halted = true;
    return cost + liquidation.cost / notional[hour + 1]!;
  }

  /** The levels for a position such as this: for a rise of all its shorts or a fall of all its longs, whichever needs more. */
  function levelsAt(row: number, held: Float64Array): MarginLevels {
    const { marginTarget, marginLow, marginHigh, marginFloor, marginCap } = settings;
    if (needs === undefined || marginTarget !== "data") {
      const target = marginTarget as number;
      return { low: marginLow * target, target, high: marginHigh * target };
    }
    let [rise, fall, gross] = [0, 0, 0];
    for (let j = 0; j < size; j++) {
      const short = held[j]! > 0;
      rise += Math.abs(held[j]!) * (short ? needs[j]!.short[row]! : maintenance);
      fall += Math.abs(held[j]!) * (short ? maintenance : needs[j]!.long[row]!);
      gross += Math.abs(held[j]!);
    }
    const needed = gross > 0 ? Math.max(rise, fall) / gross : 0;
    const low = Math.max(marginFloor, Math.min(marginCap, needed));
    return { low, target: low / marginLow, high: (low / marginLow) * marginHigh };
  }
}
