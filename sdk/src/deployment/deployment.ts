import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { address, object, optional, positiveInteger, record, text } from "./schema.js";

const market = object({ base: address, pool: address });

const vault = object({
  vault: address,
  rebalancer: address,
  priceOracle: address,
  covarianceOracle: address,
  accessManager: address,
  /** By the leg's name. */
  legs: record(address),
});

const deployment = object({
  chainId: positiveInteger,
  /** Symbol of the asset in the pools that has no perp of its own; a key of `tokens`. */
  altSymbol: text,
  /** By symbol. */
  tokens: record(address),
  /** Chainlink proxies, by symbol. */
  feeds: record(address),
  uniswap: object({
    factory: address,
    positionManager: address,
    router: address,
    quoter: address,
    pools: object({ altUsdc: address, altWeth: address, wethUsdc: address }),
  }),
  perp: object({
    clearingHouse: address,
    accountBalance: address,
    vault: address,
    exchange: address,
    orderBook: address,
    marketRegistry: address,
    /** By the symbol of the asset that moves the market. */
    markets: record(market),
  }),
  /** Multicall3. */
  multicall: address,
  /** By the vault's name. */
  vaults: optional(record(vault)),
});

/** The addresses of one chain, checksummed. */
export type Deployment = ReturnType<typeof deployment>;
/** The addresses of one vault and of what belongs to it, checksummed. */
export type VaultDeployment = ReturnType<typeof vault>;

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
