import type { VaultState } from "@crosshedge/sdk";

/** USD of one whole native coin, where the vault says which of its assets gas is paid in; null where it does not, or has no price. */
export function coinPriceOf({ assets, publicLimits }: VaultState): number | null {
  const asset = assets.find(({ address }) => address === publicLimits.gasAsset);
  return asset?.price.ok === true ? Number(asset.price.mid) / 1e18 : null;
}
