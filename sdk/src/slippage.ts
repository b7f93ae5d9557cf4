import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { ONE, type Ratio18 } from "./units.js";

/** 1% below the preview. */
export const DEFAULT_SLIPPAGE: Ratio18 = 10n ** 16n;

/** An amount less its slippage, rounded down. */
export function lessSlippage(amount: bigint, slippage: Ratio18 = DEFAULT_SLIPPAGE): bigint {
  if (typeof slippage === "bigint" && slippage >= 0n && slippage <= ONE) return (amount * (ONE - slippage)) / ONE;
  throw new CrosshedgeError("BAD_ARGUMENT", "`slippage` must be a bigint between 0 and 1e18 (100%).");
}
