/** What is known of the carry of a market's shorts, besides the rate of the next days. Rates are a year's, positive where longs pay. */
export interface CarryOutlook {
  /** Time that a carry position taken now is held for, as far as the forecast says anything of it, days. */
  readonly holdingDays: number;
  /** Expected mean rate of that time. */
  readonly rate: number;
  /** Standard deviation of the error of forecasts of a week's mean, as it was lately. */
  readonly deviation: number;
  /** Days, up to the last, on each of which shorts paid. */
  readonly negativeDays: number;
}
