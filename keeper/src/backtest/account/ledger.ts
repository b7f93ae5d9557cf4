/** What one asset does hour by hour, and what its hedges do: hour 0 ends an hour after the first decision. */
export interface Hours {
  /** Return on the current notional before any hedge; NaN in an hour that is not scored. */
  readonly unhedged: Float64Array;
  /** What keeping the position itself costs, per unit of notional: re-centring of an LP position, less the fees that it earns. */
  readonly upkeep: Float64Array;
  /** Returns by hedge. */
  readonly legs: readonly Float64Array[];
  /** Rates received by a short, by hedge. */
  readonly funding: readonly Float64Array[];
  /** Cost of one unit of trade. */
  readonly cost: number;
}

/**
 * What became of a hedge hour by hour, per unit of current notional; NaN in an hour that is not scored. There are many of these, so what
 * is only shown is kept in single precision.
 */
export interface Ledger {
  /** Profit and loss of prices alone. */
  readonly gross: Float64Array;
  /** Gross, less trading cost and upkeep, plus funding. */
  readonly net: Float64Array;
  /** Trading cost of the hedge. */
  readonly costs: Float32Array;
  readonly funding: Float32Array;
  /** Σ|Δh| by hour, the opening trade left out. */
  readonly traded: Float32Array;
  /** USD short of each hedge for one USD of notional, during the hour: `[hour · hedges + hedge]`. */
  readonly held: Float32Array;
}

/** Where a hedge goes from what is held, at the beginning of an hour. It writes what is wanted to `held`. */
export type Rule = (hour: number, held: Float64Array) => void;

/**
 * What a hedge becomes through the hour's moves, before it is traded again.
 *
 * @returns What that costs beside them, per unit of the notional of then: a liquidation's fee
 */
export type Drift = (hour: number, held: Float64Array) => number;

/**
 * Keeps the books of a hedge. In each hour: trade by the rule, then earn r − Σ h·r_h and funding Σ h·f, less cost · Σ|Δh|.
 * Trades of hours that are not scored are paid for in the next hour that is.
 */
export function keepBooks(hours: Hours, rule: Rule, drift: Drift = () => 0): Ledger {
  const { unhedged, upkeep, legs, funding, cost } = hours;
  const length = unhedged.length;
  const size = legs.length;
  const ledger = {
    gross: new Float64Array(length).fill(Number.NaN),
    net: new Float64Array(length).fill(Number.NaN),
    costs: new Float32Array(length).fill(Number.NaN),
    funding: new Float32Array(length).fill(Number.NaN),
    traded: new Float32Array(length),
    held: new Float32Array(length * size),
  };
  const held = new Float64Array(size);
  const before = new Float64Array(size);
  let opened = false;
  let owed = 0;
  for (let hour = 0; hour < length; hour++) {
    before.set(held);
    rule(hour, held);
    let traded = 0;
    for (let j = 0; j < size; j++) traded += Math.abs(held[j]! - before[j]!);
    ledger.held.set(held, hour * size);
    ledger.traded[hour] = opened ? traded : 0;
    opened ||= traded > 0;
    owed += cost * traded;
    if (!Number.isNaN(unhedged[hour]!)) {
      let gross = unhedged[hour]!;
      let received = 0;
      for (let j = 0; j < size; j++) {
        gross -= held[j]! * legs[j]![hour]!;
        received += held[j]! * funding[j]![hour]!;
      }
      ledger.gross[hour] = gross;
      ledger.costs[hour] = owed;
      ledger.funding[hour] = received;
      ledger.net[hour] = gross - owed - upkeep[hour]! + received;
      owed = 0;
    }
    owed += drift(hour, held);
  }
  return ledger;
}
