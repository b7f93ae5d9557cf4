import type { AssetState, LimitsState, VaultMode, VaultState } from "@crosshedge/sdk";
import type { Forecast } from "../../keeper/src/model/forecaster.js";
import { sqrtRatioFromPrices } from "../../keeper/src/model/tick-math.js";
import { openBook } from "../../keeper/src/plan/book.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import type { Situation } from "../../keeper/src/plan/situation.js";

export const POOL_LEG = "0x1111111111111111111111111111111111111111";
export const PERP_LEG = "0x2222222222222222222222222222222222222222";
export const ETH_MARKET = "0x3333333333333333333333333333333333333333";
export const BTC_MARKET = "0x4444444444444444444444444444444444444444";
export const LENDING_LEG = "0x7777777777777777777777777777777777777777";
export const USDC = 0;
export const ALT = 1;
export const WETH = 2;
export const WBTC = 3;

export const LIMITS: LimitsState = {
  maxVolatility: 6n * 10n ** 17n,
  minHedge: 15n * 10n ** 16n,
  hedgeFloor: 5n * 10n ** 16n,
  maxGammaVolatility: 4n * 10n ** 17n,
  maxLoss: 10n ** 16n,
  poolBand: 25n * 10n ** 15n,
  minMarginRatio: 2n * 10n ** 17n,
  horizon: 14_400n,
  lossBudget: 2n * 10n ** 16n,
  maxAsset: 15n * 10n ** 17n,
  maxVenue: 6n * 10n ** 17n,
  maxGross: 2n * 10n ** 18n,
  cooldown: 300n,
  minRangeWidth: 600n,
};

/** Volatilities 1%, 100%, 80%, 65%; ALT against ETH 0.8 and BTC 0.75, ETH against BTC 0.85. */
export const SIGMA: number[][] = (() => {
  const vol = [0.01, 1, 0.8, 0.65];
  const rho = [
    [1, 0, 0, 0],
    [0, 1, 0.8, 0.75],
    [0, 0.8, 1, 0.85],
    [0, 0.75, 0.85, 1],
  ];
  return rho.map((row, i) => row.map((r, j) => r * vol[i]! * vol[j]!));
})();

/** By that covariance, on both perps. */
export const FORECAST: Forecast = {
  covariance: SIGMA,
  hedges: [WETH, WBTC],
  betas: SIGMA.map(() => null),
  guards: SIGMA.map(() => null),
  market: null,
  moves: SIGMA.map(() => null),
};

export const NOW = 1_700_000_000;
/** Of the feeds, hundredths of a percent. */
const THRESHOLDS = [25n, 100n, 50n, 50n];

export interface Scene {
  /** USD per whole token: USDC, ALT, WETH, WBTC. */
  prices?: [number, number, number, number];
  /** Price of ALT in the pool over the oracle's. */
  poolOff?: number;
  /** Whole tokens. */
  idle?: [number, number, number, number];
  position?: { tickLower: number; tickUpper: number; liquidity: bigint };
  /** USD, and base tokens. */
  perp?: { cash: number; eth?: number; btc?: number };
  /** A leg on a venue that lends: settlement tokens of collateral in it (the sales' proceeds among them), and what is borrowed. */
  lending?: { cash: number; alt?: number; eth?: number };
  /** Markets that cannot be traded now. */
  closed?: readonly string[];
  /** Base tokens in range of each market. */
  depth?: number;
  /** Of the pool: ALT/USDC, ALT/WETH or WETH/USDC. */
  pair?: "usdc" | "weth" | "ethUsdc";
  usable?: boolean;
  pricesOk?: boolean;
  forecast?: Forecast | null;
  /** Of each perp market, a year's; not known where it is left out. */
  funding?: number;
  limits?: Partial<LimitsState>;
  mode?: VaultMode;
  /** Part of all shares that waits in the queue. */
  waiting?: number;
  /** Of the keeper's loss budget, share of NAV. */
  lossSpent?: number;
  /** Seconds until the cooldown is over. */
  cooling?: number;
  options?: Situation["options"];
}

const wad = (value: number): bigint => BigInt(Math.round(value * 1e9)) * 10n ** 9n;
const hex = (index: number): string => `0x${String(index + 5).repeat(40)}`;

/** A vault with ALT/USDC or ALT/WETH liquidity and two perps, in a made-up state. */
export function situationOf(scene: Scene = {}): Situation {
  const { prices = [1, 10, 2000, 30_000], idle = [0, 0, 0, 0], pair = "usdc", poolOff = 1 } = scene;
  const decimals = [6, 18, 18, 8];
  const mid = prices.map(wad);
  const indices = { usdc: [ALT, USDC], weth: [ALT, WETH], ethUsdc: [WETH, USDC] }[pair] as [number, number];
  const { tickLower = 0, tickUpper = 0, liquidity = 0n } = scene.position ?? {};
  const { cash = 0, eth = 0, btc = 0 } = scene.perp ?? {};
  const rows = SIGMA.map((row) => row.map(wad));
  const blank = {
    isHedge: false,
    kind: "liquidity",
    isEmpty: false,
    marginRatio: null,
    value: { equity: 0n, closeOutCost: 0n, venueGap: 0n, exposure: [], gammas: [] },
  };
  const quoteOf = (market: string, price: bigint) =>
    scene.closed?.includes(market) ? null : { price, fee: 10n ** 15n, depth: wad(scene.depth ?? 1e6) };
  const size = (base: number, price: bigint) => ({ size: wad(base), openNotional: (-wad(base) * price) / 10n ** 18n });
  // What is borrowed is sold at once: the proceeds are collateral, and there is no open notional.
  const lendingLeg = ({ cash, alt = 0, eth = 0 }: NonNullable<Scene["lending"]>) => ({
    ...blank,
    address: LENDING_LEG,
    isHedge: true,
    kind: "hedge",
    venue: "aave-v3",
    cash: wad(cash),
    collateralWeight: wad(0.8),
    maintenanceRatio: 0n,
    positions: (
      [
        [ALT, alt],
        [WETH, eth],
      ] as const
    ).map(([assetIndex, borrowed]) => ({
      market: hex(assetIndex),
      assetIndex,
      size: wad(borrowed),
      openNotional: 0n,
      quote: quoteOf(hex(assetIndex), mid[assetIndex]!),
    })),
  });
  const state = {
    block: { number: 1, hash: null, timestamp: NOW },
    address: hex(9),
    settlementToken: hex(USDC),
    assets: ["USDC", "ALT", "WETH", "WBTC"].map((symbol, index) => ({
      address: hex(index),
      symbol,
      decimals: decimals[index]!,
      idle: BigInt(Math.round(idle[index]! * 1e6)) * 10n ** BigInt(decimals[index]! - 6),
      price: { mid: mid[index]!, half: 0n, ok: true },
      feed: {
        address: hex(index),
        heartbeat: 3600n,
        deviation: 10n ** 16n,
        stableBand: index === USDC ? 2n * 10n ** 16n : 0n,
      },
    })) as unknown as AssetState[],
    totalSupply: wad(1_000_000),
    queue: { shares: wad(1_000_000 * (scene.waiting ?? 0)), since: scene.waiting ? NOW - 3600 : 0 },
    mode: scene.mode ?? "Normal",
    settings: { minCash: wad(0.02), maxWait: 259_200n, managementFee: wad(0.01), performanceFee: wad(0.1) },
    publicLimits: { maxSilence: 21_600n, alarmVolatility: wad(0.7) },
    lossSpent: { keeper: wad(scene.lossSpent ?? 0), public: 0n },
    keeperReadyAt: NOW + (scene.cooling ?? -1),
    lastSign: NOW,
    alarmAt: 0,
    prices: { mid, half: mid.map((price, i) => (price * THRESHOLDS[i]!) / 10_000n), ok: scene.pricesOk ?? true },
    legs: [
      {
        ...blank,
        address: POOL_LEG,
        venue: "uniswap-v3",
        pool: hex(4),
        indices,
        tickLower,
        tickUpper,
        liquidity,
        amounts: [0n, 0n],
        fees: [0n, 0n],
      },
      {
        ...blank,
        address: PERP_LEG,
        isHedge: true,
        kind: "hedge",
        venue: "perp-v2",
        cash: wad(cash),
        collateralWeight: wad(1),
        maintenanceRatio: wad(0.0625),
        positions: [
          { market: ETH_MARKET, assetIndex: WETH, ...size(eth, mid[WETH]!), quote: quoteOf(ETH_MARKET, mid[WETH]!) },
          { market: BTC_MARKET, assetIndex: WBTC, ...size(btc, mid[WBTC]!), quote: quoteOf(BTC_MARKET, mid[WBTC]!) },
        ],
      },
      ...(scene.lending ? [lendingLeg(scene.lending)] : []),
    ],
    epoch: 3n,
    limits: { ...LIMITS, ...scene.limits },
    covariance: { usable: scene.usable ?? true, fast: rows, slow: rows },
  } as unknown as VaultState;
  const sqrtPriceX96 = sqrtRatioFromPrices(
    wad(prices[indices[0]]! * poolOff),
    mid[indices[1]]!,
    18,
    decimals[indices[1]]!,
  );
  const pools = {
    [POOL_LEG]: {
      sqrtPriceX96,
      liquidity: 10n ** (pair === "weth" ? 24n : 19n),
      fee: 3000,
      tickSpacing: 60,
      feeRate: null,
    },
  };
  const expected = { rate: scene.funding ?? null, basis: "made up" };
  const funding = { [PERP_LEG]: { [ETH_MARKET]: expected, [BTC_MARKET]: expected } };
  const situation: Situation = {
    state,
    pools,
    forecast: scene.forecast === undefined ? FORECAST : scene.forecast,
    funding,
    collateral: state.assets.map(() => ({ downMove: null, depeg: null })),
    costFactor: 1,
    options: scene.options ?? [],
  };
  const { nav, exposure, hedgeExposure, gammas } = measureBook(openBook(situation));
  state.portfolio = { nav, half: 0n, exposure: [...exposure], hedgeExposure: [...hedgeExposure], gammas: [...gammas] };
  return situation;
}
