import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { address, object, positiveInteger, type Reader, record, text } from "./schema.js";

/** The addresses of one vault and of what belongs to it, checksummed. */
export interface VaultDeployment {
  vault: string;
  rebalancer: string;
  priceOracle: string;
  covarianceOracle: string;
  accessManager: string;
  /** By the leg's name. */
  legs: Record<string, string>;
}

/** One market of Perp v2. */
export interface PerpMarketDeployment {
  base: string;
  pool: string;
  /** The venue's price feed of the market. */
  dispatcher: string;
}

/** The addresses of one chain, checksummed: what `deployments/<chainId>.json` holds. */
export interface Deployment {
  chainId: number;
  /** Symbol of the asset in the pools that has no perp of its own; a key of `tokens`. */
  altSymbol: string;
  /** By symbol. */
  tokens: Record<string, string>;
  /** Chainlink proxies, USD, by asset; ALT is the one of `altSymbol`. */
  feeds: { ETH: string; BTC: string; ALT: string; USDC: string };
  uniswap: {
    factory: string;
    positionManager: string;
    router: string;
    quoter: string;
    pools: { altUsdc: string; altWeth: string; wethUsdc: string; wbtcUsdc: string };
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
    markets: { ETH: PerpMarketDeployment; BTC: PerpMarketDeployment };
  };
  /** Aave v3, where the chain has it. */
  aave?: { pool: string; addressesProvider: string; dataProvider: string };
  /** Multicall3. */
  multicall: string;
  /** The contract that plays the rest of the market in a local world. */
  marketMover?: string;
  /** By the vault's name. */
  vaults?: Record<string, VaultDeployment>;
}

const market: Reader<PerpMarketDeployment> = object({ base: address, pool: address, dispatcher: address });

const vault: Reader<VaultDeployment> = object({
  vault: address,
  rebalancer: address,
  priceOracle: address,
  covarianceOracle: address,
  accessManager: address,
  legs: record(address),
});

const deployment: Reader<Deployment> = object(
  {
    chainId: positiveInteger,
    altSymbol: text,
    tokens: record(address),
    feeds: object({ ETH: address, BTC: address, ALT: address, USDC: address }),
    uniswap: object({
      factory: address,
      positionManager: address,
      router: address,
      quoter: address,
      pools: object({ altUsdc: address, altWeth: address, wethUsdc: address, wbtcUsdc: address }),
    }),
    perp: object({
      clearingHouse: address,
      clearingHouseConfig: address,
      accountBalance: address,
      vault: address,
      exchange: address,
      orderBook: address,
      marketRegistry: address,
      insuranceFund: address,
      collateralManager: address,
      markets: object({ ETH: market, BTC: market }),
    }),
    multicall: address,
  },
  {
    aave: object({ pool: address, addressesProvider: address, dataProvider: address }),
    marketMover: address,
    vaults: record(vault),
  },
);

/**
 * A deployment from the text or the parsed content of a `deployments/<chainId>.json`; keys that it does not know are left out.
 *
 * @throws {CrosshedgeError} BAD_DEPLOYMENT, naming the path of the first wrong value.
 * @example
 * const { tokens } = parseDeployment(await readFile("deployments/10.json", "utf8"));
 */
export function parseDeployment(json: unknown): Deployment {
  if (typeof json !== "string") return deployment(json, "");
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (cause) {
    throw new CrosshedgeError("BAD_DEPLOYMENT", "The deployment is not JSON.", { cause });
  }
  return deployment(content, "");
}
