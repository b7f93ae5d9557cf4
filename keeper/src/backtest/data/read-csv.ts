import { createReadStream, existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { KeeperError } from "../../errors.js";

/** A cell with where it stands, for messages. */
export interface CellPlace {
  readonly file: string;
  /** As an editor counts: the header is row 1. */
  readonly row: number;
  readonly column: string;
}

/** "prices.csv, row 7, column ETH". */
export function placeName({ file, row, column }: CellPlace): string {
  return `${file}, row ${row}, column ${column}`;
}

/** A cell that cannot be what its column says. */
export function badCell(place: CellPlace, cell: string, wanted: string): KeeperError {
  return new KeeperError(`${placeName(place)}: "${cell}" is not ${wanted}.`, "Correct the cell.");
}

/**
 * Reads a CSV file, plain or gzipped, row by row.
 *
 * @param file Its path
 * @param columns Says which columns are wanted, from the header's names
 * @param onRow Gets the wanted cells of each row in that order, trimmed
 * @throws KeeperError that names file, row and column
 */
export async function readCsv(
  file: string,
  columns: (header: readonly string[]) => readonly string[],
  onRow: (cells: readonly string[], row: number) => void,
): Promise<void> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new KeeperError(`There is no file ${file}.`, "Name a CSV file, plain or gzipped.");
  }
  let places: number[] | undefined;
  let row = 0;
  try {
    const source = createReadStream(file);
    const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, info: true });
    const unpacked = (await isGzipped(file)) ? source.pipe(createGunzip()) : source;
    source.on("error", (error) => parser.destroy(error));
    unpacked.on("error", (error: Error) => parser.destroy(error));
    unpacked.pipe(parser);
    let width = 0;
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      row = info.lines;
      if (places === undefined) {
        const header = record.map((name) => name.trim());
        width = header.length;
        places = columns(header).map((name) => columnPlace(file, header, name));
        continue;
      }
      if (record.length !== width) {
        throw new KeeperError(
          `${file}, row ${row}: it has ${record.length} cells, the header ${width}.`,
          "Correct the row; a cell without data is left empty.",
        );
      }
      onRow(
        places.map((place) => record[place]!.trim()),
        row,
      );
    }
  } catch (error) {
    if (error instanceof KeeperError) throw error;
    const where = error instanceof CsvError ? `row ${row + 1}: ` : "";
    const reason = error instanceof Error ? error.message : String(error);
    throw new KeeperError(`Cannot read ${file}: ${where}${reason}.`, "Give a CSV file, plain or gzipped.", error);
  }
  if (places === undefined || row <= 1) throw new KeeperError(`${file} has no rows.`, "Give a file with data.");
}

function columnPlace(file: string, header: readonly string[], name: string): number {
  const place = header.indexOf(name);
  if (place === -1) {
    throw new KeeperError(
      `${file} has no column ${name}.`,
      `It has ${header.join(", ")}. Name one of these, or another file.`,
    );
  }
  if (header.indexOf(name, place + 1) !== -1) {
    throw new KeeperError(`${file} has the column ${name} twice.`, "Remove or rename one of them.");
  }
  return place;
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
