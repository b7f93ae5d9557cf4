/**
 * `npm run bench:gas [-- case...]`: what the vault's operations cost, next to the floor: the same venue calls made directly by a plain
 * contract. All cases together rewrite `test/reports/gas.json`.
 */
import { globSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Argument, Command } from "commander";
import { writeReport } from "../../../scripts/build/report.js";
import { type Bound, type Figure, type GasCase, keeps, ratioOf } from "./case.js";

const folder = path.join(import.meta.dirname, "cases");
const known = globSync("*.ts", { cwd: folder })
  .map((file) => path.basename(file, ".ts"))
  .sort();

const shown = (bound: Bound): string => ("gas" in bound ? `${bound.gas}` : `x${bound.ratio}`);

function line(figure: Figure): string {
  const floor = figure.floor === undefined ? "" : `${figure.floor.toLocaleString("en")}  x${ratioOf(figure)}`;
  const bound = figure.most === undefined ? "" : shown(figure.most);
  const missed = figure.goal === undefined ? "" : `  (goal ${shown(figure.goal)})`;
  const verdict = `${missed}${keeps(figure) ? "" : "  TOO DEAR"}`;
  return `${figure.name.padEnd(64)} ${figure.gas.toLocaleString("en").padStart(10)}  ${floor.padEnd(20)} ${bound}${verdict}`;
}

const asked = new Command("bench:gas")
  .description(
    "Gas of the vault's operations, next to the same venue calls made directly. GAS_CALLS=5 prints each call.",
  )
  .addArgument(new Argument("[cases...]", "all without any").choices(known))
  .parse().args;

const figures: Figure[] = [];
for (const name of asked.length > 0 ? asked : known) {
  const { default: measure } = (await import(pathToFileURL(path.join(folder, `${name}.ts`)).href)) as {
    default: GasCase;
  };
  for (const figure of await measure()) {
    console.log(line(figure));
    figures.push(figure);
  }
}
if (asked.length === 0) {
  const rows = figures.map((figure) => ({ ...figure, ratio: ratioOf(figure) }));
  console.log(`\n${writeReport("gas", { figures: rows })}`);
}
process.exitCode = figures.every(keeps) ? 0 : 1;
