/** How likely a venue is to fail, and what is lost of what lies there. Assumptions of whoever runs the keeper: no data tell them. */
export interface VenueDefault {
  /** Failures a year. */
  readonly probability: number;
  /** Share of what lies there. */
  readonly lossShare: number;
}

/** π·L: expected loss a year of one USD at the venue, USD. */
export function expectedLoss({ probability, lossShare }: VenueDefault): number {
  return probability * lossShare;
}

/** π·L²: annual variance of what one USD at the venue may lose, USD², failures being rare and independent. */
export function lossVariance({ probability, lossShare }: VenueDefault): number {
  return probability * lossShare * lossShare;
}
