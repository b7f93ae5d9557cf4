import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../errors.js";
import { ASSETS, type Asset, MARKETS, type Market, POOL_NAMES, type PoolName } from "./assets.js";

/** The addresses of one vault and of what belongs to it. */
export interface VaultDeployment {
  vault: string;
  rebalancer: string;
  priceOracle: string;
  covarianceOracle: string;
  accessManager: string;
  legs: Record<string, string>;
}

/** Every address of a chain that Crosshedge uses: what deployments/<chainId>.json holds. */
export interface Deployment {
  chainId: number;
  altSymbol: string;
  tokens: Record<string, string>;
  /** The proxies, by asset. */
  feeds: Record<Asset, string>;
  uniswap: {
    factory: string;
    positionManager: string;
    router: string;
    quoter: string;
    pools: Record<PoolName, string>;
  };
  perp: {
    clearingHouse: string;
    clearingHouseConfig: string;
    accountBalance: string;
    vault: string;
    exchange: string;
    orderBook: string;
    marketRegistry: string;
    insuranceFund: string;
    collateralManager: string;
    markets: Record<Market, { base: string; pool: string; dispatcher: string }>;
  };
  multicall: string;
  /** The contract that plays the rest of the market; a local world has it, a public chain does not. */
  marketMover?: string;
  vaults?: Record<string, VaultDeployment>;
}

const PERP_CONTRACTS = [
  "clearingHouse",
  "clearingHouseConfig",
  "accountBalance",
  "vault",
  "exchange",
  "orderBook",
  "marketRegistry",
  "insuranceFund",
  "collateralManager",
] as const;

/** Where the token that pays oracles stands among the tokens: LINK, unless the pools' own token has that name. */
export function linkKey(altSymbol: string): string {
  return altSymbol === "LINK" ? "LinkToken" : "LINK";
}

/** Each address that a deployment must have, as a path of keys. */
function requiredAddresses(altSymbol: string): string[][] {
  return [
    ...["USDC", "WBTC", "WETH", linkKey(altSymbol), altSymbol].map((symbol) => ["tokens", symbol]),
    ...ASSETS.map((asset) => ["feeds", asset]),
    ...["factory", "positionManager", "router", "quoter"].map((name) => ["uniswap", name]),
    ...POOL_NAMES.map((pool) => ["uniswap", "pools", pool]),
    ...PERP_CONTRACTS.map((name) => ["perp", name]),
    ...MARKETS.flatMap((market) => ["base", "pool", "dispatcher"].map((part) => ["perp", "markets", market, part])),
    ["multicall"],
  ];
}

/** Where the addresses of a chain are kept, below the project's root. */
export function deploymentFile(chainId: number, root = process.cwd()): string {
  return path.join(root, "deployments", `${chainId}.json`);
}

export function writeDeployment(file: string, deployment: Deployment): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
}

/** Read and check a deployment; a missing address is named. */
export function readDeployment(file: string): Deployment {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `Cannot read the addresses in ${file}.`,
      "Run `npm run devnet` once, or name the file with --deployment.",
      error,
    );
  }
  const { chainId, altSymbol } = json as Partial<Deployment>;
  if (typeof chainId !== "number" || typeof altSymbol !== "string") {
    throw new UsageError(`${file} names no chainId and altSymbol.`, "Add both: see deployments/31337.json.");
  }
  for (const keys of requiredAddresses(altSymbol)) {
    const value = keys.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], json);
    if (typeof value !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
      throw new UsageError(`${file} has no address at ${keys.join(".")}.`, "Add it, as 0x and 40 hex digits.");
    }
  }
  return json as Deployment;
}
