import { KeeperError } from "../../errors.js";
import { HOUR, iso, parseStamp } from "../time.js";
import { badCell, placeName, readCsv } from "./read-csv.js";
import { rowAt, sharedSeries, type Table } from "./table.js";

/** What a table's cells may hold. */
export type CellKind = "price" | "rate";

/**
 * Reads a table of hourly series: a column `time` of UTC bar closes, then one column an asset. An empty cell is not known; an hour may be missing.
 *
 * @param file CSV, plain or gzipped
 * @param kind Prices are positive; a rate is a fraction of either sign
 * @param wanted Which columns, from those there are (without `time`); all if left out
 * @throws KeeperError that names file, row and column
 */
export async function readTable(
  file: string,
  kind: CellKind,
  wanted: (names: readonly string[]) => readonly string[] = (names) => names,
): Promise<Table> {
  let names: readonly string[] = [];
  const times: number[] = [];
  const cells: number[][] = [];
  await readCsv(
    file,
    (header) => {
      names = wanted(header.filter((name) => name !== "time"));
      cells.push(...names.map(() => []));
      return ["time", ...names];
    },
    ([stamp = "", ...texts], row) => {
      times.push(stampOf(file, row, stamp, times.at(-1)));
      texts.forEach((text, i) => {
        cells[i]!.push(text === "" ? Number.NaN : cellValue(text, kind, file, row, names[i]!));
      });
    },
  );
  const grid = { start: times[0]!, length: rowAt({ start: times[0]!, length: 0 }, times.at(-1)!) + 1 };
  const columns = new Map(
    names.map((name, i) => {
      const series = sharedSeries(grid.length);
      times.forEach((time, at) => {
        series[rowAt(grid, time)] = cells[i]![at]!;
      });
      return [name, series];
    }),
  );
  return { grid, columns };
}

function stampOf(file: string, row: number, text: string, before: number | undefined): number {
  const place = { file, row, column: "time" };
  const time = parseStamp(text);
  if (Number.isNaN(time)) throw badCell(place, text, "a UTC time such as 2022-05-01T13:00:00Z");
  if (time % HOUR !== 0) throw badCell(place, text, "a full hour");
  if (before !== undefined && time <= before) {
    throw new KeeperError(
      `${placeName(place)}: ${text} is not later than ${iso(before)}, the row before it.`,
      "Sort the rows by time, each time once.",
    );
  }
  return time;
}

function cellValue(text: string, kind: CellKind, file: string, row: number, column: string): number {
  const value = Number(text);
  const place = { file, row, column };
  if (kind === "price") {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw badCell(place, text, "a price above zero; a cell without data is left empty");
    }
  } else if (!(Math.abs(value) < 1)) {
    throw badCell(place, text, "a rate as a fraction, such as 0.0001; a cell without data is left empty");
  }
  return value;
}
