import { ONE } from "./units.js";

/** Shares, and USD, that every conversion adds to supply and NAV: contracts/types/Virtual.sol. */
export const VIRTUAL_SHARES = 10n ** 12n;
/** Half-width of the NAV's band over NAV beyond which shares are neither sold nor settled: contracts/vault/Nav.sol. */
export const WIDEST_BAND = (3n * ONE) / 100n;
/** Below this NAV the deposit window is that of a vault of this size, USD: contracts/vault/Intake.sol. */
export const WINDOW_NAV_FLOOR = 100_000n * ONE;
/** An asset matters to a settlement above this part of NAV: contracts/vault/Settlement.sol. */
export const MATERIAL = ONE / 100n;
