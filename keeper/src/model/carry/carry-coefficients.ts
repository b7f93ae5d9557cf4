/** By the funding of 21 assets from 2019-09 to 2021-03: `npm run calibrate:carry -- FILE` shows it, and what came of it later. */

/** A position is held for so many half-lives of what is unusual in today's rate. Twice as many are as good, and hold nearly all for the most days. */
export const HALF_LIVES = 16;
/** But not for less or more than this, days. */
export const [LEAST_DAYS, MOST_DAYS] = [7, 90] as const;
/** Days in a row on which shorts paid before a position is given up: one says little. */
export const CONFIRMING_DAYS = 2;
/** Standard deviations that a forecast may be too high by for an entry to pay still. None would have brought a little more: this is for safety. */
export const CAUTION = 0.25;
