import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { amountsByToken } from "../prepare/amountsByToken.js";
import { lessSlippage } from "../slippage.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken, type Ratio18, type TokenAmounts } from "../units.js";

/** Least amounts in the vault's asset order, from what the caller asks or from the slippage below the preview. */
export function leastAmounts(
  layout: VaultLayout,
  { minOut, slippage }: { minOut?: TokenAmounts | undefined; slippage?: Ratio18 | undefined },
  preview: readonly bigint[],
): bigint[] {
  if (minOut === undefined) return preview.map((amount) => lessSlippage(amount, slippage));
  const wanted = amountsByToken(minOut, "minOut", layout.assets);
  return layout.assets.map(({ address, symbol, decimals }, index) => {
    const [least, most] = [wanted.get(address) ?? 0n, preview[index] ?? 0n];
    if (least <= most) return least;
    const [pays, asked] = [formatToken(most, decimals), formatToken(least, decimals)];
    throw new CrosshedgeError(
      "SLIPPAGE",
      `The exit would pay ${pays} ${symbol} now, less than the ${asked} asked for.`,
    );
  });
}
