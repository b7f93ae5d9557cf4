import { statSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";

/** What the demo is asked to do. */
export interface DemoOptions {
  /** A CSV file of prices; without it, a path generated from the seed. */
  readonly prices?: string;
  /** A file of `crosshedge calibrate`: the hedged vault's limits, its keeper and the covariance oracle go by it. */
  readonly params?: string;
  /** The pool's risky asset. */
  readonly alt: string;
  /** What it is quoted in. */
  readonly pool: "usdc" | "weth";
  /** The venue of the shorts. */
  readonly hedge: "perp" | "aave";
  /** First day, UTC, YYYY-MM-DD. */
  readonly from: string;
  readonly days: number;
  readonly seed: number;
  /** Where report.json and report.html go. */
  readonly report: string;
}

function existingFile(base: string) {
  return (value: string): string => {
    const file = path.resolve(base, value);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw new InvalidArgumentError(`There is no file ${file}.`);
    if (!stat.isFile()) throw new InvalidArgumentError(`${file} is not a file.`);
    return file;
  };
}

function day(value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(date.getTime());
  if (!real || date.toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError("It must be a day such as 2022-05-01.");
  }
  return value;
}

function wholeNumber(least: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return number;
  };
}

function symbol(value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]{1,10}$/.test(value)) throw new InvalidArgumentError("It must be a symbol such as LINK.");
  return value.toUpperCase();
}

interface ParseContext {
  /** What relative paths are relative to. */
  readonly base?: string;
  /** Where help and errors go, instead of standard output and standard error. */
  readonly write?: (text: string) => void;
  /** For the demo of a silent keeper, which calibrates nothing and writes no report. */
  readonly silence?: boolean;
}

const REPORT = "report";

/**
 * Parses the demo's arguments (without `node` and the script).
 * @throws CommanderError after the message, or the help, has been written
 */
export function parseOptions(
  args: readonly string[],
  { base = process.env.INIT_CWD ?? process.cwd(), write, silence = false }: ParseContext = {},
): DemoOptions {
  const program = new Command("crosshedge-demo")
    .usage(`[options]   (npm ${silence ? "run demo:silence" : "start"} -- [options])`)
    .description(
      silence
        ? "The keeper stops in the middle of a stretch of history on a local chain, and a stranger looks after the vault."
        : "Replays a stretch of history on a local chain, with and without the hedge, and writes a report.",
    )
    .option("--prices <file>", "CSV file of prices (default: a path generated from the seed)", existingFile(base))
    .option("--alt <symbol>", "the pool's risky asset", symbol, "LINK")
    .addOption(new Option("--pool <quote>", "what it is quoted in").choices(["usdc", "weth"]).default("usdc"))
    .addOption(new Option("--hedge <venue>", "where it is hedged").choices(["perp", "aave"]).default("perp"))
    .option("--from <day>", "first day, UTC", day, "2022-05-01")
    .option("--days <n>", "how many days", wholeNumber(1), 14)
    .option("--seed <n>", "seed of everything random", wholeNumber(0), 1)
    .allowExcessArguments(false)
    .configureOutput(write ? { writeOut: write, writeErr: write } : {})
    .exitOverride();
  if (!silence) {
    program
      .option("--params <file>", "parameters of crosshedge calibrate, for the hedged vault", existingFile(base))
      .option("--report <dir>", "where report.json and report.html go", REPORT);
  }
  program.parse(args, { from: "user" });
  const { report = REPORT, ...options } = program.opts<Omit<DemoOptions, "report"> & { report?: string }>();
  return { ...options, report: path.resolve(base, report) };
}

/** Parses, or ends the process: 0 after the help, 2 after a bad argument. */
export function parseOptionsOrExit(args: readonly string[], context: ParseContext = {}): DemoOptions {
  try {
    return parseOptions(args, context);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
}
