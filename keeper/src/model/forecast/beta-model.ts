/**
 * Learns what one asset's returns have to do with those of its hedges: USD of each hedge that moves with one USD of the asset.
 * Deterministic; what it answers depends on nothing but the returns that it was given.
 */
export interface BetaModel {
  /**
   * Learn from the returns over one interval. Intervals come in the order of time; an interval in which a return is unknown is left out.
   *
   * @param time End of the interval, unix seconds
   * @param elapsed Its length, seconds
   * @param asset Return of the asset over it
   * @param hedges Returns of the hedges over it
   */
  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void;

  /** By hedge; null as long as too little is known. */
  betas(): readonly number[] | null;
}
