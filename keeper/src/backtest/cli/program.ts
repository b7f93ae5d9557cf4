import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { CommanderError } from "commander";
import { KeeperError } from "../../errors.js";
import { createProgress, percent, plain } from "../../report/index.js";
import { loadMarket } from "../data/load-market.js";
import { Settings } from "../options.js";
import { makeFolder } from "../output/make-folder.js";
import { OUTPUTS, writeOutputs } from "../output/write-outputs.js";
import { fingerprint } from "../run/fingerprint.js";
import { type Host, Interrupted } from "../run/host.js";
import { type PartStore, partStore, writeWhole } from "../run/part-store.js";
import { type Outcome, runBacktest } from "../run/run-backtest.js";
import type { LiquidityCost } from "../score/liquidity-cost.js";
import type { Summary } from "../score/summary.js";
import { type Point, parseGrid } from "../sweep/grid.js";
import { type PointResult, runSweep } from "../sweep/run-sweep.js";
import { sweepTable } from "../sweep/sweep-table.js";
import { type BacktestCommand, backtestCommand, readOptions } from "./options.js";

/** Exit code after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

/** What the program touches, so that tests can stand in. */
export interface BacktestContext {
  readonly base?: string;
  readonly print?: (text: string) => void;
  readonly printError?: (text: string) => void;
  /** Workers where --threads is not given; 0 does everything in this thread. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Run the backtest's command line; the exit code comes back. */
export async function runBacktestCli(args: readonly string[], context: BacktestContext = {}): Promise<number> {
  const {
    base = process.env["INIT_CWD"] ?? process.cwd(),
    print = (text) => process.stdout.write(text),
    printError = (text) => process.stderr.write(text),
    threads = availableParallelism(),
    signal,
  } = context;
  const program = backtestCommand()
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: printError })
    .action(async (values: Record<string, unknown>) => {
      const command = readOptions(values, base);
      const stream = { isTTY: process.stderr.isTTY, columns: process.stderr.columns, write: printError };
      const host: Host = {
        threads: command.threads ?? threads,
        progress: (label, total) => createProgress(label, total, { stream }),
        ...(signal === undefined ? {} : { signal }),
      };
      if (command.grid === undefined) await single(command, host, print);
      else await sweep(command, command.grid, host, print);
    });
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof Interrupted) {
      printError(`\n${error.message}\n`);
      return INTERRUPTED;
    }
    const known = error instanceof KeeperError;
    printError(`${known ? error.message : `Something unexpected was caught: ${(error as Error)?.stack ?? error}`}\n`);
    return 1;
  }
}

async function single(
  { inputs, settings: given, out, hourly }: BacktestCommand,
  host: Host,
  print: (text: string) => void,
) {
  const settings = Settings.parse(given);
  const started = Date.now();
  if (inputs.prices === undefined) {
    print("These prices are generated from the seed, not real. For real ones: --prices FILE (see --help).\n");
  }
  makeFolder(out);
  const market = await loadMarket(inputs);
  const store: PartStore<never> = partStore(path.join(out, ".unfinished", fingerprint(inputs, settings)));
  const outcome = await runBacktest(market, inputs, settings, host, store);
  await writeOutputs(outcome, out, hourly);
  store.clear();
  partStore(path.join(out, ".unfinished")).clear();
  print(`${inWords(outcome)}\n`);
  const seconds = (Date.now() - started) / 1000;
  print(`${OUTPUTS.map((name) => path.join(out, name)).join("\n")}\n${plain(seconds, 0)} seconds\n`);
}

function inWords({ scores: { summary }, notes, cases }: Outcome): string {
  const chosen = summary.pooled[summary.default]!;
  const { mean, lower, upper } = chosen.beyondNaive;
  const points = (value: number): string => plain(value * 100, 2);
  return [
    ...notes,
    `${summary.default}, ${cases.length} assets: hedge effectiveness ${percent(chosen.he, 2)}, net ${percent(chosen.heNet, 2)}`,
    `naive ${percent(summary.naive.he, 2)}, hindsight-static ${percent(summary.static.he, 2)}, daily oracle ${percent(summary.oracle.he, 2)}`,
    `${points(mean)} points beyond naive (95%: ${points(lower)} to ${points(upper)}), ${percent(chosen.he / summary.static.he)} of hindsight-static`,
    `turnover ${plain(chosen.turnoverPerDay, 3)} a day`,
    ...(summary.margin === undefined ? [] : [inMargin(summary.margin)]),
    ...(summary.liquidity === undefined ? [] : [inFees(summary.liquidity.mean)]),
  ].join("\n");
}

function inFees({ lvr, breakEvenFeeApr }: LiquidityCost): string {
  return `loss versus rebalancing ${percent(lvr)} of the position's value a year; fees of ${percent(breakEvenFeeApr)} pay for it and for re-centring`;
}

function inMargin({ assets, mean }: NonNullable<Summary["margin"]>): string {
  const sum = Object.values(assets).reduce((count, { liquidations }) => count + liquidations, 0);
  return `${sum} liquidations, ${plain(mean.topUps, 1)} top-ups an asset; margin ${percent(mean.meanMargin)} of the shorts, mean of the assets`;
}

async function sweep(command: BacktestCommand, grid: string, host: Host, print: (text: string) => void) {
  const { inputs, settings: base, out, shard } = command;
  const points = parseGrid(readText(grid), grid);
  makeFolder(out);
  const market = await loadMarket({ ...inputs, ...assetsOf(inputs.assets, inputs.hedges, points) });
  const folder = path.join(out, "points", fingerprint(inputs, base));
  const store: PartStore<PointResult> = partStore(folder);
  const results = await runSweep({ market, inputs, base, points, shard, store }, host);
  const text = sweepTable(results);
  writeWhole(path.join(out, "sweep.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeWhole(path.join(out, "sweep.txt"), `${text}\n`);
  print(`${text}\n${results.length} of ${points.length} points are finished\n${path.join(out, "sweep.json")}\n`);
}

/** The columns that some point needs; all where a point does not say. */
function assetsOf(assets: readonly string[] | undefined, hedges: readonly string[], points: readonly Point[]) {
  const wanted = points.map((point) => (point["assets"] as string[] | undefined) ?? assets);
  const known = wanted.every((names) => names !== undefined);
  const all = points.flatMap((point) => (point["hedges"] as string[] | undefined) ?? hedges);
  return {
    assets: known ? [...new Set([...wanted.flat(), ...all] as string[])] : undefined,
    hedges: [...new Set(all)],
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new KeeperError(`Cannot read ${file}.`, "Name a readable file with --grid.", cause);
  }
}
