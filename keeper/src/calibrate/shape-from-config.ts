import { KeeperError } from "../errors.js";
import type { ShapeAsset, VaultShape } from "./shape.js";
import { seriesName } from "./shape-names.js";
import { readDuration, readPercentage, readText, unreadable } from "./units.js";

/** What a configuration does not tell. */
export interface OffChain {
  /** Column of the pool's risky asset. */
  readonly alt?: string;
  /** Shares of a swap, and of a trade of a hedge. */
  readonly poolFee: number;
  readonly hedgeCost: number;
}

/** Maintenance margin of Perp v2; a lending leg's ratio counts its collateral at the liquidation threshold already. */
const MAINTENANCE: Readonly<Record<string, number>> = { "perp-v2": 0.0625, "aave-v3": 0 };
/** Liquidation threshold of USDC at Aave v3: what its collateral counts. */
const WEIGHTS: Readonly<Record<string, number>> = { "aave-v3": 0.78 };
/** Uniswap v3's tick spacing by fee. */
const SPACINGS: Readonly<Record<string, number>> = { 0.0001: 1, 0.0005: 10, 0.003: 60, 0.01: 200 };

type Json = { readonly [key: string]: unknown };

/**
 * The vault that a deployment's configuration describes. Its tokens must be names, and its pool a name made of two of them, as `altUsdc`.
 *
 * @throws KeeperError that names the path of what cannot be read
 */
export function shapeFromConfig(content: unknown, { alt, poolFee, hedgeCost }: OffChain): VaultShape {
  const config = record(content, "the configuration");
  const vault = record(config["vault"], "vault");
  const limits = record(vault["limits"], "vault.limits");
  const entries = list(config["assets"], "assets");
  const tokens = entries.map((entry, i) => readText(record(entry, `assets[${i}]`)["token"], `assets[${i}].token`));
  const legs = list(vault["legs"], "vault.legs").map((leg, k) => record(leg, `vault.legs[${k}]`));
  const [asset, quote] = pairOf(legs, tokens, entries);
  const hedging = legs.find(({ venue }) => venue !== "uniswap-v3");
  if (hedging === undefined) throw new KeeperError("vault.legs: there is no hedge leg.", "Name a venue to hedge on.");
  const markets = list(hedging["markets"], "vault.legs.markets").map((market, i) => {
    const { asset: moved, token } = record(market, `vault.legs.markets[${i}]`);
    return indexOf(tokens, readText(moved ?? token, `vault.legs.markets[${i}].asset`));
  });
  const assets = entries.map((entry, i): ShapeAsset => {
    const feed = record(record(entry, `assets[${i}]`)["feed"], `assets[${i}].feed`);
    const at = `assets[${i}].feed`;
    return {
      symbol: tokens[i]!,
      series: seriesName(tokens[i]!, i === asset ? alt : undefined),
      stable: readPercentage(feed["stableBand"], `${at}.stableBand`) > 0,
      stableBand: readPercentage(feed["stableBand"], `${at}.stableBand`),
      deviation: readPercentage(feed["deviation"], `${at}.deviation`),
      heartbeat: readDuration(feed["heartbeat"], `${at}.heartbeat`),
    };
  });
  const spacing = SPACINGS[String(poolFee)];
  if (spacing === undefined) {
    throw new KeeperError(
      `Uniswap v3 has no pools of a fee of ${poolFee}.`,
      `Give one of ${Object.keys(SPACINGS).join(", ")}.`,
    );
  }
  return {
    name: readText(vault["name"], "vault.name"),
    assets,
    pool: { asset, quote, fee: poolFee, tickSpacing: spacing },
    hedges: [...new Set(markets)].sort((a, b) => a - b).map((index) => ({ asset: index, cost: hedgeCost })),
    maintenance: MAINTENANCE[String(hedging["venue"])] ?? 0,
    settlement: indexOf(tokens, readText(vault["settlementToken"], "vault.settlementToken"), "the settlement token"),
    weight: WEIGHTS[String(hedging["venue"])] ?? 1,
    lossBudget: readPercentage(limits["lossBudget"], "vault.limits.lossBudget"),
    hedgeFloor: readPercentage(limits["hedgeFloor"], "vault.limits.hedgeFloor"),
    horizon: readDuration(limits["horizon"], "vault.limits.horizon"),
    now: {
      ...Object.fromEntries(
        entries.map((entry, i) => [`assets.${tokens[i]}.varianceFloor`, String(record(entry, "")["varianceFloor"])]),
      ),
      ...prefixed("covariance", record(config["covariance"], "covariance")),
      ...prefixed("limits", limits),
      ...prefixed("publicLimits", record(vault["publicLimits"], "vault.publicLimits")),
    },
  };
}

/** The first pool's tokens, the risky one first. */
function pairOf(legs: readonly Json[], tokens: readonly string[], entries: readonly unknown[]): [number, number] {
  const leg = legs.find(({ venue }) => venue === "uniswap-v3");
  const name = readText(leg?.["pool"], "vault.legs: the pool of uniswap-v3");
  const parts = name.split(/(?=[A-Z])/).map((part) => part.toUpperCase());
  const [first, second] = parts.map((part) => tokens.findIndex((token) => token.toUpperCase() === part));
  if (parts.length !== 2 || first === undefined || second === undefined || first < 0 || second < 0) {
    throw unreadable(
      "vault.legs: the pool",
      name,
      `a name of two of its tokens, as "altUsdc", of ${tokens.join(", ")}`,
    );
  }
  const stable = (index: number): boolean => {
    const { feed } = record(entries[index], `assets[${index}]`);
    return readPercentage(record(feed, "feed")["stableBand"], `assets[${index}].feed.stableBand`) > 0;
  };
  return stable(first) ? [second, first] : [first, second];
}

function indexOf(tokens: readonly string[], token: string, what = "a market's asset"): number {
  const index = tokens.indexOf(token);
  if (index === -1) throw new KeeperError(`${token} is ${what} but not one of assets.`, "Add it to assets.");
  return index;
}

function prefixed(prefix: string, values: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, String(value)]));
}

function record(value: unknown, path: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable(path, value, "an object");
  return value as Json;
}

function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw unreadable(path, value, "a list");
  return value;
}
