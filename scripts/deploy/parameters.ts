import type { IHedgeVault, IRebalancer } from "@crosshedge/sdk/contracts";
import { parseUnits } from "ethers";

const DAY = 86_400n;
const HOUR = 3_600n;

/** Percent as 1e18 = 100%. */
export const percent = (value: number): bigint => parseUnits(String(value), 16);

/** How one asset is priced and how quiet it may look. */
export interface AssetParameters {
  /** Longest age of a good answer, seconds. */
  heartbeat: bigint;
  /** Deviation threshold of the feed, 1e18 = 100%. */
  deviation: bigint;
  /** Largest distance from one dollar, 1e18 = 100%; zero for an asset that is not a stable. */
  stableBand: bigint;
  /** Least annual variance that the covariance oracle reports, 1e18 = 1.0. */
  varianceFloor: bigint;
}

/** Feeds are published within a heartbeat plus the time that inclusion takes: a tenth more is allowed. */
const within = (heartbeat: bigint): bigint => (heartbeat * 11n) / 10n;

/** By role of the asset: a volatile one with a 0.5% feed, the pool's own one with a 1% feed, the settlement stable. */
export const ASSET_PARAMETERS: Record<"ETH" | "BTC" | "ALT" | "USDC", AssetParameters> = {
  ETH: { heartbeat: within(HOUR), deviation: percent(0.5), stableBand: 0n, varianceFloor: parseUnits("0.36", 18) },
  BTC: { heartbeat: within(HOUR), deviation: percent(0.5), stableBand: 0n, varianceFloor: parseUnits("0.25", 18) },
  ALT: { heartbeat: within(DAY), deviation: percent(1), stableBand: 0n, varianceFloor: parseUnits("1", 18) },
  USDC: {
    heartbeat: within(DAY),
    deviation: percent(0.25),
    stableBand: percent(2),
    varianceFloor: parseUnits("0.0001", 18),
  },
};

/** The covariance oracle: eight hours is the least grid step that a 1% feed at 100% volatility allows. */
export const COVARIANCE_PARAMETERS = {
  gridStep: 8n * HOUR,
  halfLifeFast: 7n * DAY,
  halfLifeSlow: 30n * DAY,
  minHistory: 30n * DAY,
  maxAge: 2n * DAY,
};

/** Limits of a vault that must be hedged. */
export const HEDGED_LIMITS: IRebalancer.LimitsStruct = {
  maxVolatility: percent(60),
  minHedge: percent(15),
  hedgeFloor: percent(5),
  maxGammaVolatility: percent(40),
  maxLoss: percent(1),
  poolBand: percent(2.5),
  minMarginRatio: percent(20),
  horizon: 4n * HOUR,
  lossBudget: percent(2),
  maxAsset: percent(150),
  maxVenue: percent(60),
  maxGross: percent(200),
  cooldown: 300n,
  minRangeWidth: 600n,
};

/** Limits of a vault that may stand unhedged: the gate lets everything through that the other guards allow. */
export const UNHEDGED_LIMITS: IRebalancer.LimitsStruct = {
  ...HEDGED_LIMITS,
  maxVolatility: percent(1_000),
  minHedge: 0n,
  hedgeFloor: percent(1_000),
  cooldown: 0n,
};

/** What anybody may do in the keeper's place, USD limits 1e18. */
export const PUBLIC_LIMITS: Omit<IRebalancer.PublicLimitsStruct, "gasAsset"> = {
  alarmVolatility: percent(70),
  maxStep: percent(10),
  minShare: percent(2),
  maxCost: percent(1),
  riskPrice: parseUnits("0.25", 18),
  lossBudget: percent(2),
  marginTarget: percent(30),
  maxBounty: parseUnits("50", 18),
  grace: HOUR,
  cooldown: 600n,
  maxSilence: 6n * HOUR,
};

/** What holders agree on; the fee recipient is the deployment's. */
export const SETTINGS: Omit<IHedgeVault.SettingsStruct, "feeRecipient"> = {
  managementFee: percent(1),
  performanceFee: percent(10),
  depositWindow: percent(5),
  depositBand: percent(1),
  minCash: percent(2),
  maxWait: 3n * DAY,
  maxNav: parseUnits("100000000", 18),
};

/** Most that a swap or a perp trade may lose against the oracle, fee included. */
export const MAX_SLIPPAGE = percent(3);
