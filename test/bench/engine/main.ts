/**
 * `npm run bench [-- case...]`: how fast the hedge engine is, beside other ways to do the same, timed in turn in one run. All cases
 * together rewrite `test/reports/engine.json`.
 */
import { globSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Argument, Command } from "commander";
import type { CountedCase, EngineCases } from "./case.js";
import { type Timing, time } from "./measure.js";

const folder = path.join(import.meta.dirname, "cases");
const report = path.resolve(import.meta.dirname, "../../reports/engine.json");
const known = globSync("*.ts", { cwd: folder })
  .map((file) => path.basename(file, ".ts"))
  .sort();

const isFew = ({ count, most }: CountedCase): boolean => count <= most;
const isFast = ({ most, milliseconds }: Timing): boolean => most === undefined || milliseconds <= most;
const isSmall = ({ process: spent }: Timing): boolean => spent === undefined || spent.peakGiB <= spent.mostGiB;

function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return milliseconds >= 1 ? `${milliseconds.toFixed(2)} ms` : `${(milliseconds * 1000).toFixed(2)} µs`;
}

function line(timing: Timing): string {
  const { name, unit, milliseconds, perSecond, others, most, figures = {}, process: spent } = timing;
  const rate = `${perSecond.toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}s/s`;
  const bound = most === undefined ? "" : `  at most ${duration(most)}${isFast(timing) ? "" : "  TOO SLOW"}`;
  const memory =
    spent === undefined
      ? ""
      : `  ${spent.cpuSeconds.toFixed(1)} s of all cores, ${spent.peakGiB.toFixed(2)} GiB, at most ${spent.mostGiB}${isSmall(timing) ? "" : "  TOO LARGE"}`;
  const beside = others.map(
    (other) =>
      `\n    ${other.name.padEnd(56)} ${duration(other.milliseconds).padStart(11)}  x${other.ratio.toPrecision(3)}`,
  );
  const rest = figureLines(figures);
  return `${name.padEnd(60)} ${duration(milliseconds).padStart(11)}  ${rate}${bound}${memory}${beside.join("")}${rest}`;
}

function figureLines(figures: Record<string, number>): string {
  return Object.entries(figures)
    .map(
      ([what, figure]) =>
        `\n    ${what.padEnd(56)} ${figure.toLocaleString("en", { maximumSignificantDigits: 3 }).padStart(11)}`,
    )
    .join("");
}

function countLine(counted: CountedCase): string {
  const { name, unit, count, most, figures = {} } = counted;
  const bound = `at most ${most.toLocaleString("en")}${isFew(counted) ? "" : "  TOO MANY"}`;
  return `${name.padEnd(60)} ${count.toLocaleString("en").padStart(11)}  ${unit}  ${bound}${figureLines(figures)}`;
}

const asked = new Command("bench")
  .description(
    "How fast the hedge engine, the keeper and the SDK are, beside other ways to do the same, timed in one run.",
  )
  .addArgument(new Argument("[cases...]", "all without any").choices(known))
  .parse().args;

const timings: Timing[] = [];
const counts: CountedCase[] = [];
for (const name of asked.length > 0 ? asked : known) {
  const { default: prepare } = (await import(pathToFileURL(path.join(folder, `${name}.ts`)).href)) as {
    default: EngineCases;
  };
  for (const one of await prepare()) {
    if ("count" in one) {
      console.log(countLine(one));
      counts.push(one);
      continue;
    }
    const timing = await time(one);
    console.log(line(timing));
    timings.push(timing);
  }
}
if (asked.length === 0) {
  const machine = {
    ...{ node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: availableParallelism() },
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    peakGiB: process.resourceUsage().maxRSS / 2 ** 20,
  };
  mkdirSync(path.dirname(report), { recursive: true });
  writeFileSync(report, `${JSON.stringify({ machine, timings, counts }, null, 2)}\n`);
  console.log(`\n${report}`);
}
process.exitCode = timings.every((timing) => isFast(timing) && isSmall(timing)) && counts.every(isFew) ? 0 : 1;
