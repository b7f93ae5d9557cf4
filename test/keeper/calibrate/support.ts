import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Grid, sharedSeries, type Table } from "../../../keeper/src/backtest/data/table.js";
import type { VaultShape } from "../../../keeper/src/calibrate/shape.js";
import { createRandom } from "../../../keeper/src/model/random.js";

export const DAY = 86_400;
export const START = Date.UTC(2021, 0, 1) / 1000;

/** A vault in ALT/USDC that shorts ETH and BTC, with the local chain's feeds. */
export const SHAPE: VaultShape = {
  name: "test",
  assets: [
    { symbol: "USDC", series: "USDC", stable: true, stableBand: 0.02, deviation: 0.0025, heartbeat: 95_040 },
    { symbol: "LINK", series: "LINK", stable: false, stableBand: 0, deviation: 0.01, heartbeat: 95_040 },
    { symbol: "WETH", series: "ETH", stable: false, stableBand: 0, deviation: 0.005, heartbeat: 3_960 },
    { symbol: "WBTC", series: "BTC", stable: false, stableBand: 0, deviation: 0.005, heartbeat: 3_960 },
  ],
  pool: { asset: 1, quote: 0, fee: 0.003, tickSpacing: 60 },
  hedges: [
    { asset: 2, cost: 0.001 },
    { asset: 3, cost: 0.001 },
  ],
  settlement: 0,
  maintenance: 0.0625,
  weight: 1,
  lossBudget: 0.02,
  hedgeFloor: 0.05,
  horizon: 4 * 3_600,
  now: {},
};

/** Lognormal hourly prices with known volatilities: BTC, ETH on it, LINK on ETH, and what LINK does alone. */
export function market(
  days: number,
  {
    btc = 0.6,
    eth = 0.5,
    beta = 1,
    own = 0.6,
    seed = 1,
  }: Partial<Record<"btc" | "eth" | "beta" | "own" | "seed", number>> = {},
): Table {
  const random = createRandom(seed);
  const grid: Grid = { start: START, length: days * 24 + 1 };
  const hourly = 1 / Math.sqrt(8_760);
  const columns = new Map(["BTC", "ETH", "LINK"].map((name) => [name, sharedSeries(grid.length)]));
  let [b, e, l] = [Math.log(40_000), Math.log(2_500), Math.log(20)];
  for (let row = 0; row < grid.length; row++) {
    const [x, y, z] = [random.normal() * hourly, random.normal() * hourly, random.normal() * hourly];
    const moves = [btc * x, btc * x + eth * y] as const;
    b += moves[0];
    e += moves[1];
    l += beta * moves[1] + own * z;
    columns.get("BTC")![row] = Math.exp(b);
    columns.get("ETH")![row] = Math.exp(e);
    columns.get("LINK")![row] = Math.exp(l);
  }
  return { grid, columns };
}

/** The same market as a CSV file in a folder. */
export function writePrices(folder: string, days: number): string {
  const { grid, columns } = market(days);
  const stamp = (row: number): string => new Date((START + row * 3_600) * 1000).toISOString().replace(".000", "");
  const names = [...columns.keys()];
  const rows = Array.from({ length: grid.length }, (_, row) =>
    [stamp(row), ...names.map((name) => columns.get(name)![row]!.toFixed(6))].join(","),
  );
  const file = path.join(folder, "prices.csv");
  writeFileSync(file, `${["time", ...names].join(",")}\n${rows.join("\n")}\n`);
  return file;
}
