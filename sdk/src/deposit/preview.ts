import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { type Conditions, priceWithFees } from "../prepare/conditions.js";
import type { Spending } from "../prepare/funds.js";
import { shareTexts } from "../redeem/shareTexts.js";
import { lessSlippage } from "../slippage.js";
import { ONE, usdValue } from "../units.js";
import type { DepositRoom } from "./room.js";
import type { DepositPreview, DepositTerms } from "./types.js";

const divUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** The least shares that the transaction accepts. */
function leastShares({ minShares, slippage }: DepositTerms, shares: bigint): bigint {
  if (minShares === undefined) return lessSlippage(shares, slippage);
  if (typeof minShares !== "bigint" || minShares < 0n) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`minShares` must be a bigint of at least 0, in units of 1e-18 shares.");
  }
  if (minShares <= shares) return minShares;
  const [most, least] = shareTexts(shares, minShares);
  throw new CrosshedgeError("SLIPPAGE", `The deposit would mint ${most} shares now, less than the ${least} asked for.`);
}

/**
 * What a deposit costs and what it is worth; pure.
 *
 * @param shares That the simulation of the very call minted
 * @throws {CrosshedgeError} SLIPPAGE where that is less than the least that is asked for
 */
export function depositPreview(
  conditions: Conditions,
  spendings: readonly Spending[],
  terms: DepositTerms & { receiver: string },
  shares: bigint,
  rooms: Record<string, DepositRoom>,
): DepositPreview {
  const { assets, settings } = conditions;
  const sharePrice = priceWithFees(conditions) ?? 0n;
  const usd = spendings.reduce((sum, { token, amount }) => {
    const { decimals = 18, price } = assets.find(({ address }) => address === token) ?? {};
    return sum + usdValue(amount, decimals, price?.mid ?? 0n);
  }, 0n);
  const worth = (shares * sharePrice) / ONE;
  const spread = usd - worth;
  const minShares = leastShares(terms, shares);
  return {
    shares,
    receiver: terms.receiver,
    amounts: Object.fromEntries(spendings.map(({ token, amount }) => [token, amount])),
    usd,
    spread,
    spreadRatio: usd > 0n ? (spread * ONE) / usd : 0n,
    fees: 0n,
    managementFee: (worth * settings.managementFee) / ONE,
    performanceFee: settings.performanceFee,
    sharePrice,
    pricePaid: divUp(usd * ONE, shares),
    minShares,
    worstPrice: minShares > 0n ? divUp(usd * ONE, minShares) : null,
    rooms,
  };
}
