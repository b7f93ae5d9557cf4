/** A stretch of history that is walked hour by hour. */
export interface EventWindow {
  readonly name: string;
  /** Unix seconds, a full hour: prices of this hour are where the vault starts. */
  readonly from: number;
  readonly hours: number;
}

const window = (name: string, start: string, days: number): EventWindow => ({
  name,
  from: Date.parse(`${start}T00:00:00Z`) / 1000,
  hours: days * 24,
});

/** Days on which hedges, margins or pegs were tried: each begins before the fall and lasts until the worst of it is over. */
export const EVENTS: readonly EventWindow[] = [
  window("March 2020", "2020-03-12", 3),
  window("May 2021", "2021-05-19", 3),
  window("LUNA", "2022-05-07", 7),
  window("FTX", "2022-11-06", 5),
  window("USDC", "2023-03-10", 4),
];
