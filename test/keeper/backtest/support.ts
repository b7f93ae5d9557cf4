import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { layOut } from "../../../keeper/src/backtest/data/cases.js";
import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { syntheticMarket } from "../../../keeper/src/backtest/data/synthetic.js";
import { type Grid, sharedSeries, type Table } from "../../../keeper/src/backtest/data/table.js";
import { Inputs, Settings, type SettingsInput } from "../../../keeper/src/backtest/options.js";
import { HOUR, iso } from "../../../keeper/src/backtest/time.js";

/** A folder of a test's own, removed after it. */
export function temporaryFolder(): { path: string; file: (name: string, content: string | Uint8Array) => string } {
  const folder = mkdtempSync(path.join(tmpdir(), "backtest-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: folder,
    file(name, content) {
      const place = path.join(folder, name);
      writeFileSync(place, content);
      return place;
    },
  };
}

/** A small generated market with all that a run needs. */
export function smallMarket(seed = 1, days = 80, alts = 3): Market {
  return syntheticMarket({ seed, days, alts });
}

/** A market's cases under the default inputs. */
export function casesOf(market: Market, settings: SettingsInput = {}, inputs: Partial<Inputs> = {}) {
  return layOut(market, Inputs.parse(inputs), Settings.parse({ minHistory: 10, ...settings }));
}

/** The same table with its own copies of all series. */
export function copyOf({ grid, columns }: Table): Table {
  return {
    grid,
    columns: new Map(
      [...columns].map(([name, series]) => [name, sharedSeries(series.length).map((_, i) => series[i]!)]),
    ),
  };
}

/** A table as CSV, gaps as empty cells. */
export function csvOf({ grid, columns }: Table): string {
  const names = [...columns.keys()];
  const rows = Array.from({ length: grid.length }, (_, row) => {
    const cells = names.map((name) => {
      const value = columns.get(name)![row]!;
      return Number.isNaN(value) ? "" : String(value);
    });
    return [iso(grid.start + row * HOUR), ...cells].join(",");
  });
  return `${[["time", ...names].join(","), ...rows].join("\n")}\n`;
}

/** A table of these columns. */
export function tableOf(columns: Record<string, readonly number[]>, start = Date.UTC(2022, 0, 1) / 1000): Table {
  const grid: Grid = { start, length: Object.values(columns)[0]!.length };
  return { grid, columns: new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])) };
}

/** What an asynchronous call throws. */
export async function errorOf(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
