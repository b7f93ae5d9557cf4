import { sharedSeries, type Table } from "../backtest/data/table.js";
import { HOUR } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import { RoundCleaner } from "../model/clean-rounds.js";
import type { OracleRound } from "../model/rounds.js";
import type { VaultShape } from "./shape.js";

/** USD feeds have eight decimals. */
const FEED_UNIT = 1e8;

/**
 * Hourly prices from the feeds' rounds: at each hour the answer in force, unknown once it is older than the feed's heartbeat.
 *
 * @param rounds By asset
 * @throws KeeperError where a feed has none
 */
export function tableOfRounds({ assets }: VaultShape, rounds: readonly (readonly OracleRound[])[]): Table {
  const clean = rounds.map((history) => new RoundCleaner().add(history));
  const empty = assets.filter((_, i) => clean[i]!.length === 0);
  if (empty.length > 0) {
    const names = empty.map(({ symbol }) => symbol).join(", ");
    throw new KeeperError(`The feed of ${names} has no usable rounds.`, "Give prices with --prices.");
  }
  const start = Math.ceil(Math.min(...clean.map(([first]) => first!.updatedAt)) / HOUR) * HOUR;
  const end = Math.floor(Math.max(...clean.map((history) => history.at(-1)!.updatedAt)) / HOUR) * HOUR;
  const grid = { start, length: Math.max(1, (end - start) / HOUR + 1) };
  const columns = new Map(
    assets.map(({ series, heartbeat }, i) => {
      const prices = sharedSeries(grid.length);
      let at = -1;
      for (let row = 0; row < grid.length; row++) {
        const time = start + row * HOUR;
        while (at + 1 < clean[i]!.length && clean[i]![at + 1]!.updatedAt <= time) at++;
        const round = clean[i]![at];
        if (round !== undefined && time - round.updatedAt <= heartbeat) prices[row] = Number(round.answer) / FEED_UNIT;
      }
      return [series, prices] as const;
    }),
  );
  return { grid, columns };
}
