import type { KeeperConfigInput } from "../config.js";
import { parseConfig } from "../parse-config.js";

/** Tokens that stand for an asset with another name in price data. */
const WRAPPED: Readonly<Record<string, string>> = { WETH: "ETH", WBTC: "BTC" };

/** The column of a token's prices. */
export function seriesName(symbol: string, alt?: string): string {
  return alt ?? WRAPPED[symbol] ?? symbol;
}

/** A keeper's configuration by path in the parameter file. */
export function keeperNow(config: KeeperConfigInput): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [section, values] of Object.entries(parseConfig(config))) {
    for (const [key, value] of Object.entries(values)) flat[`keeper.${section}.${key}`] = String(value);
  }
  return flat;
}
