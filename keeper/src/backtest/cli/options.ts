import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import { KeeperError } from "../../errors.js";
import { Inputs, Settings, type SettingsInput } from "../options.js";
import type { HourlyExtent } from "../output/tables.js";
import type { Shard } from "../sweep/grid.js";

/** What the command line says. */
export interface BacktestCommand {
  readonly inputs: Inputs;
  /** Only what was said: a sweep's points fill in the rest. */
  readonly settings: SettingsInput;
  /** Folder of the results. */
  readonly out: string;
  readonly grid: string | undefined;
  readonly shard: Shard;
  readonly threads: number | undefined;
  readonly hourly: HourlyExtent;
}

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
};

const list = (text: string): string[] => {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("It must be names such as LINK,UNI.");
  return names;
};

const shard = (text: string): Shard => {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && index <= count))
    throw new InvalidArgumentError("It must be such as 1/4: the first of four parts.");
  return { index, count };
};

const rounds = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [, asset, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (asset === undefined || file === undefined)
    throw new InvalidArgumentError("It must be such as ETH=rounds.csv.gz.");
  return { ...before, [asset]: file };
};

/** The command without its action. */
export function backtestCommand(): Command {
  return new Command("crosshedge-backtest")
    .usage("[options]   (npm run backtest -- [options])")
    .description(
      "Walks forward through hourly prices, hedges every asset as each method would have, and says how well that went. Without --prices it runs on prices that it generates.",
    )
    .allowExcessArguments(false)
    .optionsGroup("Data (CSV, plain or gzipped; a column time of UTC bar closes, then one column an asset):")
    .option("--prices <file>", "spot prices, hourly")
    .option("--perps <file>", "perp prices, hourly; hedges without one are spot")
    .option("--funding <file>", "funding rates by settlement, longs pay where positive")
    .option(
      "--rounds <asset=file>",
      "learn from these Chainlink rounds only (columns roundId, answer, updatedAt); once for each asset and hedge",
      rounds,
    )
    .option("--assets <names>", "what is hedged, such as LINK,UNI (default: all columns but the hedges)", list)
    .option("--hedges <names>", "what is shorted (default: ETH,BTC)", list)
    .optionsGroup("Walk:")
    .option("--from <day>", "first decision, UTC: a day, a month, or an hour (default: after 30 days of data)")
    .option("--to <day>", "last day or month, or an hour (default: the end of the data)")
    .option("--every <hours>", "hours from decision to decision (default: 24, at midnight)", number)
    .option("--latency <seconds>", "a decision sees what is stamped this long before it (default: 60)", number)
    .option("--warm-up <days>", "what methods learn from before the first decision (default: 180)", number)
    .option("--min-history <days>", "data that an asset needs before it is hedged (default: 30)", number)
    .option("--methods <names>", "methods to compare (default: all)", list)
    .option("--default <name>", "the method that is meant by the summary's default")
    .optionsGroup("Trading:")
    .option("--cost <bp>", "cost of what is traded (default: 5)", number)
    .option(
      "--band <width>",
      "how far a hedge may be from its target (default: 0; with --lp 0.034, times √(hourly volatility / 1%))",
      number,
    )
    .addOption(new Option("--band-to <place>", "where a trade goes (default: edge)").choices(["edge", "target"]))
    .addOption(
      new Option("--lp <pool>", "hedge a Uniswap v3 position in USDC, in ETH, or in USDC with its own perp").choices([
        "usdc",
        "eth",
        "own",
      ]),
    )
    .option("--range-factor <factor>", "its range is from P/factor to P·factor (default: 1.25)", number)
    .option(
      "--fee-apr <share>",
      "fees that it earns a year in its range, 0.2 for 20% of its value (default: 0)",
      number,
    )
    .option(
      "--position-lag <hours>",
      "how late the tokens in it are known (default: 0, read as the hedge is traded)",
      number,
    )
    .optionsGroup("Margin (an account behind the hedge, on a venue with the terms of Perp v2):")
    .addOption(
      new Option(
        "--margin-target <ratio>",
        "margin of each account, a share of its shorts such as 0.33; or data: by how they moved so far (default: no accounts)",
      ).argParser((text) => (text === "data" ? text : number(text))),
    )
    .option("--margin-low <share>", "a top-up is ordered below this share of the target (default: 0.8)", number)
    .option("--margin-high <multiple>", "margin is taken back above this multiple of the target (default: 2)", number)
    .option(
      "--margin-exceedance <probability>",
      "with data: how often a short may move further than what orders a top-up is for (default: 0.001)",
      number,
    )
    .option("--margin-floor <ratio>", "with data: a top-up is ordered below this in any case (default: 0.15)", number)
    .option("--margin-cap <ratio>", "with data: and at the most below this (default: 1)", number)
    .option(
      "--margin-reserve <share>",
      "what can be added from decision to decision, a share of what is hedged (default: no limit)",
      number,
    )
    .option("--top-up-latency <hours>", "from the order of a top-up to its arrival (default: 24)", number)
    .option("--maintenance <ratio>", "below it an account is liquidated (default: 0.0625)", number)
    .option("--initial-margin <ratio>", "what a trade that adds to the shorts must leave (default: 0.1)", number)
    .option("--liquidation-fee <share>", "penalty of a liquidation, share of the shorts (default: 0.025)", number)
    .option("--liquidation-slippage <share>", "what it loses beside that (default: 0.01)", number)
    .optionsGroup("Run:")
    .option("--out <folder>", "where the results go", "report/backtest")
    .addOption(
      new Option(
        "--hourly <methods>",
        "what hourly.parquet has: the default method and the naive one, or all methods, the static one and the oracle",
      )
        .choices(["default", "all"])
        .default("default"),
    )
    .option("--grid <file>", 'sweep: JSON such as {"every": [12, 24], "band": [0, 0.05]}; finished points are kept')
    .option("--shard <i/n>", "the part of a sweep that is run here, such as 1/2", shard)
    .option("--threads <n>", "workers (default: one a core)", number)
    .option("--seed <n>", "of the bootstrap, and of generated prices (default: 1)", number);
}

/**
 * What the command's options mean.
 *
 * @param base What relative paths are relative to
 * @throws KeeperError that names the option
 */
export function readOptions(values: Record<string, unknown>, base: string): BacktestCommand {
  const { out, grid, shard: part, threads, prices, perps, funding, rounds: feeds = {}, hourly, ...rest } = values;
  const { assets, hedges, seed, ...settings } = rest;
  const file = (name: unknown): string | undefined =>
    name === undefined ? undefined : path.resolve(base, String(name));
  const inputs = check(Inputs, {
    prices: file(prices),
    perps: file(perps),
    funding: file(funding),
    rounds: Object.fromEntries(Object.entries(feeds as object).map(([asset, name]) => [asset, file(name)])),
    assets,
    hedges,
    seed,
  });
  check(Settings, settings);
  if (inputs.prices === undefined && (inputs.perps ?? inputs.funding ?? Object.keys(inputs.rounds)[0]) !== undefined) {
    throw new KeeperError("There is data but no prices to score on.", "Name a file with --prices.");
  }
  if (threads !== undefined && !(Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= 256)) {
    throw new KeeperError("--threads is not a number from 1 to 256.", "Correct it, or leave it out.");
  }
  if (grid === undefined && settings["marginTarget"] === undefined) {
    const idle = MARGIN_TERMS.find((name) => settings[name] !== undefined);
    if (idle !== undefined) {
      throw new KeeperError(`--${kebab(idle)} is of a margin account, and there is none.`, "Give --margin-target too.");
    }
  }
  if (part !== undefined && grid === undefined) {
    throw new KeeperError("--shard is a part of a sweep.", "Name the sweep's points with --grid.");
  }
  return {
    inputs,
    settings,
    out: file(out)!,
    grid: file(grid),
    shard: (part as Shard | undefined) ?? { index: 1, count: 1 },
    threads: threads as number | undefined,
    hourly: hourly as HourlyExtent,
  };
}

/** Settings that say nothing where no account is kept. */
const MARGIN_TERMS = [
  "marginLow",
  "marginHigh",
  "marginExceedance",
  "marginFloor",
  "marginCap",
  "marginReserve",
  "topUpLatency",
  "maintenance",
  "initialMargin",
  "liquidationFee",
  "liquidationSlippage",
] as const;

/** Parsed, or an error that names the option as it is written. */
function check<T extends z.ZodType>(schema: T, values: Record<string, unknown>): z.output<T> {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new KeeperError(`--${kebab(String(issue!.path[0] ?? ""))}: ${issue!.message}.`, "See --help.");
}

/** "marginLow" as it is written on the command line: "margin-low". */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
