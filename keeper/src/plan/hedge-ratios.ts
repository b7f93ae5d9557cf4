import type { VaultState } from "@crosshedge/sdk";
import { isStable } from "./situation.js";

/** Shorts over unhedged exposure to all assets that are not stable, by symbol of the asset that moves the short. */
export function hedgeRatios(
  assets: VaultState["assets"],
  exposure: readonly bigint[],
  hedgeExposure: readonly bigint[],
): Record<string, number> {
  const risky = assets.flatMap((asset, index) => (isStable(asset) ? [] : [index]));
  const unhedged = risky.reduce((sum, asset) => sum + Number(exposure[asset]! - hedgeExposure[asset]!), 0);
  return Object.fromEntries(
    risky
      .filter((asset) => hedgeExposure[asset] !== 0n)
      .map((asset) => [assets[asset]!.symbol, unhedged > 0 ? -Number(hedgeExposure[asset]!) / unhedged : 0]),
  );
}

/** The hedge ratios of a vault as it stands. */
export function currentHedgeRatios({ assets, portfolio }: VaultState): Record<string, number> {
  return hedgeRatios(assets, portfolio.exposure, portfolio.hedgeExposure);
}
