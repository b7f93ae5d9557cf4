/**
 * Learns one asset's betas from what is known at a time. This is where a new source of observations comes in: it decides what it lets the
 * learner see, and must let it see nothing stamped at or after `until`.
 */
export interface Learner {
  /** Take in everything stamped before `until`, unix seconds. Times only grow. */
  advance(until: number): void;
  /** By hedge; null as long as too little is known. */
  betas(): readonly number[] | null;
}

/** What an asset's betas are learnt from; plain data, so that it reaches workers. */
export type Observations = BarObservations | RoundObservations;

/** Hourly returns: row i is the return over (row i−1, row i], NaN where it is not known. */
export interface BarObservations {
  readonly kind: "bars";
  /** Stamp of row 0, unix seconds. */
  readonly start: number;
  readonly asset: Float64Array;
  readonly hedges: readonly Float64Array[];
}

/** Rounds of oracle feeds, and nothing else. */
export interface RoundObservations {
  readonly kind: "rounds";
  readonly asset: { readonly times: Float64Array; readonly answers: Float64Array };
  readonly hedges: readonly { readonly times: Float64Array; readonly answers: Float64Array }[];
  /** Where nothing is seen before, unix seconds. */
  readonly start: number;
}
