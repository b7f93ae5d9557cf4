import { mulDiv, sum } from "../math.js";
import { type Conditions, priceWithFees } from "../prepare/conditions.js";
import { ONE, type TokenAmounts, type Usd18, usdValue } from "../units.js";

/** What an exit gives up of one leg or asset. */
export interface GivenUp {
  /** Of the leg or the asset. */
  readonly address: string;
  readonly kind: "leg" | "asset";
  /** The leaver's part of it at mid prices, USD, before the cost of closing; of an asset only what lies idle. Null at a bad price. */
  readonly usd: Usd18 | null;
}

/** What an exit is worth against the NAV of its shares. */
export interface ExitValue {
  /** Of everything paid, at mid prices, USD; null at a bad price. */
  readonly usd: Usd18 | null;
  /** Of the shares, at mid NAV, USD; null at a bad price. */
  readonly atNav: Usd18 | null;
  /** `atNav − usd`: closing the hedges, and what is given up. Below zero where a venue pays more than the oracle's prices say. */
  readonly cost: Usd18 | null;
}

/** What the amounts are worth, and what they cost against the shares' part of the NAV. */
export function exitValue(conditions: Conditions, shares: bigint, amounts: TokenAmounts): ExitValue {
  const { assets } = conditions;
  const sharePrice = priceWithFees(conditions);
  const atNav = sharePrice === null ? null : (shares * sharePrice) / ONE;
  const good = assets.every(({ address, price }) => price.ok || (amounts[address] ?? 0n) === 0n);
  const usd = good
    ? sum(assets.map((asset) => usdValue(amounts[asset.address] ?? 0n, asset.decimals, asset.price.mid)))
    : null;
  return { usd, atNav, cost: atNav === null || usd === null ? null : atNav - usd };
}

/**
 * What is given up.
 *
 * @param equity By leg, in the vault's order, USD; empty at a bad price
 * @param supply Shares that the leaver's are a part of, 1e18
 */
export function givenUp(
  { assets }: Conditions,
  { legs, equity, supply }: { legs: readonly string[]; equity: readonly bigint[]; supply: bigint },
  shares: bigint,
  forfeit: readonly string[],
): GivenUp[] {
  return forfeit.flatMap((address): GivenUp[] => {
    const leg = legs.indexOf(address);
    if (leg >= 0) {
      const own = equity[leg];
      return [{ address, kind: "leg", usd: own === undefined ? null : mulDiv(own, shares, supply) }];
    }
    const asset = assets.find((entry) => entry.address === address);
    if (asset === undefined) return [];
    const part = mulDiv(asset.idle, shares, supply) ?? 0n;
    const usd = asset.price.ok ? usdValue(part, asset.decimals, asset.price.mid) : null;
    return [{ address, kind: "asset", usd }];
  });
}
