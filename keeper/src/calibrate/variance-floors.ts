import { HOUR } from "../backtest/time.js";
import { about, type Finding } from "./finding.js";
import type { History } from "./history.js";
import { quantile } from "./quantile.js";
import { rollingVariances } from "./returns.js";
import type { ShapeAsset, VaultShape } from "./shape.js";

const YEAR = 365 * 24 * HOUR;
/** A quiet month: one in ten was quieter. */
const WINDOW_DAYS = 30;
const QUIET = 0.1;

/** Least variance a year that a feed of this threshold lets returns of a step show: the chain refuses less, (3δ)²/step. */
export function visibleVariance({ deviation }: ShapeAsset, gridStep: number): number {
  return ((3 * deviation) ** 2 * YEAR) / gridStep;
}

/** By asset: variance of a quiet month, 1.0 = 100%² a year; null for a stable, whose floor the data of prices do not tell. */
export function quietVariances({ assets }: VaultShape, { prices }: History): (number | null)[] {
  return assets.map(({ stable }, i) => (stable ? null : quantile(rollingVariances(prices[i]!, WINDOW_DAYS), QUIET)));
}

/** By asset: the larger of a quiet month's variance and what the feed lets a grid step show, rounded up; null for a stable. */
export function varianceFloors(
  shape: VaultShape,
  quiet: readonly (number | null)[],
  gridStep: number,
): (number | null)[] {
  return quiet.map((own, i) =>
    own === null ? null : Math.ceil(Math.max(own, visibleVariance(shape.assets[i]!, gridStep)) * 1000) / 1000,
  );
}

/** The floors as parameters. */
export function floorFindings(shape: VaultShape, quiet: readonly (number | null)[], gridStep: number): Finding[] {
  const floors = varianceFloors(shape, quiet, gridStep);
  return shape.assets.flatMap((asset, i): Finding[] => {
    const [own, floor] = [quiet[i], floors[i]];
    if (own === null || own === undefined || floor === null || floor === undefined) return [];
    const visible = visibleVariance(asset, gridStep);
    const bound =
      visible > own
        ? `its feed of ${about(asset.deviation, 2)} shows no less in steps of ${gridStep / HOUR} h: (3δ)²/step is ${visible.toFixed(3)}, which decides`
        : `its feed of ${about(asset.deviation, 2)} would show ${visible.toFixed(3)} in steps of ${gridStep / HOUR} h`;
    return [
      {
        parameter: `assets.${asset.symbol}.varianceFloor`,
        value: String(floor),
        why: `one month in ten of ${asset.series} had a variance below ${own.toFixed(3)} (volatility ${about(Math.sqrt(own), 0)}): a quieter one must not look safe; ${bound}`,
      },
    ];
  });
}
