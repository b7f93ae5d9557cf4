import type { Inputs } from "../options.js";
import type { Market } from "./market.js";
import { readRounds } from "./read-rounds.js";
import { readTable } from "./read-table.js";
import { syntheticMarket } from "./synthetic.js";

/** The generated market of a run without `--prices`. */
const DEMO = { days: 420, alts: 6 };

/**
 * Reads the files that the options name; without prices, generates a market.
 *
 * @throws KeeperError that names file, row and column
 */
export async function loadMarket({ prices, perps, funding, rounds, assets, hedges, seed }: Inputs): Promise<Market> {
  const feeds = new Map(
    await Promise.all(Object.entries(rounds).map(async ([asset, file]) => [asset, await readRounds(file)] as const)),
  );
  const fed = feeds.size > 0 ? { rounds: feeds } : {};
  if (prices === undefined) return { ...syntheticMarket({ seed, ...DEMO }), ...fed };
  const named = assets === undefined ? undefined : [...new Set([...hedges, ...assets])];
  const known = (names: readonly string[]): string[] => names.filter((name) => named?.includes(name) ?? true);
  return {
    prices: await readTable(prices, "price", (names) => named ?? names),
    ...(perps === undefined ? {} : { perps: await readTable(perps, "price", known) }),
    ...(funding === undefined ? {} : { funding: await readTable(funding, "rate", known) }),
    ...fed,
  };
}
