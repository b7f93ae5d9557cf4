import { DAY, iso } from "../time.js";
import type { AssetCase } from "./cases.js";
import type { Market } from "./market.js";
import { rowAt, type Table, timeOf } from "./table.js";

/** What a reader should know of the data behind these cases; nothing where all of it is there. */
export function notesOn(cases: readonly AssetCase[], market: Market, from: number, to: number): string[] {
  const notes: string[] = [];
  const hedges = [...new Set(cases.flatMap((of) => of.hedges))];
  const lacking = (table: Table | undefined): string[] => hedges.filter((name) => !hasData(table, name, from, to));
  const { perps, funding, rounds } = market;
  if (perps === undefined && funding !== undefined) {
    notes.push("Funding is not counted: without --perps no hedge is a perp.");
  }
  if (perps !== undefined) {
    const spot = lacking(perps);
    if (spot.length > 0) notes.push(`No perp prices of ${spot.join(", ")} in this period: hedged with the spot.`);
    const unfunded = lacking(funding).filter((name) => !spot.includes(name));
    if (unfunded.length > 0) notes.push(`No funding rates of ${unfunded.join(", ")} in this period: taken as zero.`);
  }
  const late = cases.filter(({ times }) => times[0]! > from);
  if (late.length > 0) {
    const list = late.map(({ asset, times }) => `${asset} (${iso(times[0]!).slice(0, 10)})`);
    notes.push(`Hedged and scored only from the day that there are data enough: ${list.join(", ")}.`);
  }
  const early = cases.filter(({ grid, lastRow }) => timeOf(grid, lastRow) < to);
  if (early.length > 0) {
    const list = early.map(({ asset, grid, lastRow }) => `${asset} (${iso(timeOf(grid, lastRow))})`);
    notes.push(`Scored only until the rounds end: ${list.join(", ")}.`);
  }
  const learnt = Math.min(...cases.map(({ grid, times }) => times[0]! - grid.start)) / DAY;
  if (learnt < 30 && rounds === undefined) {
    notes.push(`Before the first decision there are ${Math.floor(learnt)} days to learn from.`);
  }
  return notes;
}

/** Whether a table has anything of an asset from one time to another. */
function hasData(table: Table | undefined, name: string, from: number, to: number): boolean {
  const series = table?.columns.get(name);
  if (table === undefined || series === undefined) return false;
  const first = Math.max(0, rowAt(table.grid, from));
  return series.subarray(first, Math.max(first, rowAt(table.grid, to) + 1)).some((value) => !Number.isNaN(value));
}
