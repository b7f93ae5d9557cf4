import type { VaultState } from "@crosshedge/sdk";
import { KeeperError } from "../errors.js";
import { isStable, type PoolState, settlementIndex } from "../plan/situation.js";
import { durationText, percentText, yearsText } from "./finding.js";
import type { VaultShape } from "./shape.js";
import { seriesName } from "./shape-names.js";

/** What the covariance oracle was made with. */
export interface OracleSettings {
  readonly gridStep: bigint;
  readonly halfLifeFast: bigint;
  readonly halfLifeSlow: bigint;
  /** By asset, 1e18 = 1.0 a year. */
  readonly varianceFloors: readonly bigint[];
}

/** Where a venue does not tell its maintenance margin: that of Perp v2. */
const MAINTENANCE = 0.0625;
const ratio = (value: bigint): number => Number(value) / 1e18;

/**
 * A vault as it is on-chain.
 *
 * @param pools By address of the liquidity leg
 * @param alt Column of the pool's risky asset; its symbol where left out
 * @throws KeeperError where it has no pool or no market to hedge on
 */
export function shapeFromState(
  state: VaultState,
  pools: Readonly<Record<string, Pick<PoolState, "fee" | "tickSpacing">>>,
  oracle: OracleSettings,
  { alt, hedgeCost }: { readonly alt?: string; readonly hedgeCost: number },
): VaultShape {
  const liquidity = state.legs.find((leg) => leg.kind === "liquidity");
  const venues = state.legs.flatMap((leg) => (leg.kind === "hedge" ? [leg] : []));
  const markets = venues.flatMap(({ positions }) => positions);
  if (liquidity === undefined || markets.length === 0) {
    throw new KeeperError(
      `${state.name} has no pool to provide liquidity in, or no market to hedge on.`,
      "Calibrate it once it has its legs.",
    );
  }
  const stable = state.assets.map(isStable);
  const [first, second] = liquidity.indices;
  const [asset, quote] = stable[first] ? [second, first] : [first, second];
  const { fee, tickSpacing } = pools[liquidity.address]!;
  const costOf = (index: number): number =>
    Math.max(
      ...markets.filter((one) => one.assetIndex === index).map(({ quote: now }) => (now ? ratio(now.fee) : hedgeCost)),
    );
  const { limits, publicLimits } = state;
  const percent = (value: bigint): string => percentText(ratio(value));
  return {
    name: state.name,
    assets: state.assets.map(({ symbol, feed }, i) => ({
      symbol,
      series: seriesName(symbol, i === asset ? alt : undefined),
      stable: stable[i]!,
      stableBand: ratio(feed.stableBand),
      deviation: ratio(feed.deviation),
      heartbeat: Number(feed.heartbeat),
    })),
    pool: { asset, quote, fee: fee / 1e6, tickSpacing },
    hedges: [...new Set(markets.map(({ assetIndex }) => assetIndex))]
      .sort((a, b) => a - b)
      .map((index) => ({ asset: index, cost: costOf(index) })),
    maintenance: Math.max(
      ...venues.map(({ maintenanceRatio }) => (maintenanceRatio === null ? MAINTENANCE : ratio(maintenanceRatio))),
    ),
    settlement: settlementIndex(state),
    weight: Math.min(...venues.map(({ collateralWeight }) => ratio(collateralWeight))),
    lossBudget: ratio(limits.lossBudget),
    hedgeFloor: ratio(limits.hedgeFloor),
    horizon: Number(limits.horizon),
    now: {
      ...Object.fromEntries(
        state.assets.map(({ symbol }, i) => [
          `assets.${symbol}.varianceFloor`,
          String(ratio(oracle.varianceFloors[i]!)),
        ]),
      ),
      "covariance.gridStep": durationText(Number(oracle.gridStep)),
      "covariance.halfLifeFast": durationText(Number(oracle.halfLifeFast)),
      "covariance.halfLifeSlow": durationText(Number(oracle.halfLifeSlow)),
      "limits.maxVolatility": percent(limits.maxVolatility),
      "limits.minHedge": percent(limits.minHedge),
      "limits.maxGammaVolatility": percent(limits.maxGammaVolatility),
      "limits.minMarginRatio": percent(limits.minMarginRatio),
      "limits.maxAsset": percent(limits.maxAsset),
      "limits.maxVenue": percent(limits.maxVenue),
      "limits.maxGross": percent(limits.maxGross),
      "limits.minRangeWidth": String(limits.minRangeWidth),
      "publicLimits.alarmVolatility": percent(publicLimits.alarmVolatility),
      "publicLimits.riskPrice": yearsText(ratio(publicLimits.riskPrice)),
      "publicLimits.marginTarget": percent(publicLimits.marginTarget),
    },
  };
}
