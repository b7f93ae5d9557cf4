import { lossVariance, type VenueDefault } from "../model/carry/venue-default.js";
import type { HedgeProgram } from "./program/hedge-program.js";

/** Where an instrument is held, and what of it a failure there may take. */
export interface VenueStake {
  readonly venue: string;
  readonly risk: VenueDefault;
  /** What lies at the venue for one USD of the instrument, USD. */
  readonly perUsd: number;
}

/**
 * A hedge program that counts the failure of venues too: one more factor for each venue, independent of all others, with the variance of what a
 * dollar there may lose. Of two venues that are alike in all else it wants both, and less of the one that is likelier to fail.
 *
 * @param stakes Of the first instruments, all of them shorts; the others lie at no venue that may fail
 */
export function withVenueDefaults(program: HedgeProgram, stakes: readonly VenueStake[]): HedgeProgram {
  const venues = [...new Map(stakes.map((stake) => [stake.venue, stake.risk]))];
  const { exposure, covariance, instruments } = program;
  const size = exposure.length;
  const none = venues.map(() => 0);
  return {
    ...program,
    exposure: [...exposure, ...none],
    covariance: [
      ...covariance.map((row) => [...row, ...none]),
      ...venues.map(([, risk], v) => [...Array(size).fill(0), ...none.with(v, lossVariance(risk))]),
    ],
    instruments: instruments.map((one, j) => ({
      ...one,
      loading: [...one.loading, ...venues.map(([venue]) => (venue === stakes[j]?.venue ? stakes[j].perUsd : 0))],
    })),
  };
}
