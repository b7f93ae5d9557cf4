import { type Conditions, priceWithFees } from "../prepare/conditions.js";
import type { Funds } from "../prepare/funds.js";
import type { Warning } from "../prepare/prepared.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import { formatPercent, formatToken, formatUsd, ONE, type Ratio18, usdValue } from "../units.js";
import type { DepositPreview } from "./types.js";

/** Spread over value above which it is called high. */
const HIGH: Ratio18 = ONE / 100n;
/** Share of a token's room that a deposit may take before another one is likely to be in the way. */
const MOST_OF_ROOM: Ratio18 = (ONE * 9n) / 10n;

/** What a user should know before he deposits; pure. */
export function depositWarnings(
  conditions: Conditions,
  preview: Pick<DepositPreview, "amounts" | "spread" | "spreadRatio" | "rooms">,
  funds: readonly Funds[],
): Warning[] {
  const { assets, highWaterMark, totalSupply, settings } = conditions;
  const sharePrice = priceWithFees(conditions);
  const found = commonWarnings(conditions);
  const assetOf = (token: string) => assets.find(({ address }) => address === token);
  for (const { token, amount, balance } of funds) {
    const { symbol = token, decimals = 18 } = assetOf(token) ?? {};
    if (balance >= amount) continue;
    const [has, needs] = [formatToken(balance, decimals), formatToken(amount, decimals)];
    found.push(warning("UNFUNDED", `It has ${has} of ${needs} ${symbol}.`));
  }
  for (const [token, { usd }] of Object.entries(preview.rooms)) {
    const { symbol = token, decimals = 18, price } = assetOf(token) ?? {};
    const asked = usdValue(preview.amounts[token] ?? 0n, decimals, price?.mid ?? 0n);
    // A vault without shares has no window.
    if (totalSupply === 0n || asked * ONE <= usd * MOST_OF_ROOM) continue;
    found.push(warning("WINDOW_NEARLY_SPENT", `It is ${formatUsd(asked)} of ${formatUsd(usd)} in ${symbol}.`));
  }
  if (preview.spreadRatio > HIGH) {
    found.push(warning("HIGH_SPREAD", `It is ${formatUsd(preview.spread)}, ${formatPercent(preview.spreadRatio)}.`));
  }
  if (settings.performanceFee > 0n && sharePrice !== null && totalSupply > 0n && sharePrice > highWaterMark) {
    found.push(warning("ABOVE_MARK", `It is ${formatUsd(sharePrice, 4)} over ${formatUsd(highWaterMark, 4)}.`));
  }
  return found;
}
