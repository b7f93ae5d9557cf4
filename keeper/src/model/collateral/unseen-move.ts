/** Years in a day. */
const DAY = 1 / 365;
/** Standard deviations of a day's move that the worst fall within it exceeds once in a thousand days: the largest of BTC, ETH and LINK, 2019-2021-03. */
const DEVIATIONS = 9.5;

/**
 * The move down that an asset without enough history of its own is taken to exceed once in a thousand days, from its variance.
 *
 * @param variance Annual, of log returns
 * @returns Log move
 */
export function unseenMove(variance: number): number {
  return DEVIATIONS * Math.sqrt(variance * DAY);
}
