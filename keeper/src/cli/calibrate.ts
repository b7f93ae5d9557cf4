import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { readTable } from "../backtest/data/read-table.js";
import { HOUR, iso } from "../backtest/time.js";
import { calibrate, STAGES } from "../calibrate/calibrate.js";
import { historyOf } from "../calibrate/history.js";
import type { VaultShape } from "../calibrate/shape.js";
import { shapeFromConfig } from "../calibrate/shape-from-config.js";
import { keeperNow } from "../calibrate/shape-names.js";
import { formatFindings, paramsOf } from "../calibrate/write-params.js";
import { KeeperError } from "../errors.js";
import type { LoadedConfig } from "../operator-config/load.js";
import { createProgress } from "../report/progress.js";
import { readOnChain } from "./calibrate-chain.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, targeted } from "./options.js";

const { version: VERSION } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** What `crosshedge calibrate` is asked. */
interface CalibrateOptions extends CommonOptions {
  readonly deploy?: string;
  readonly prices?: string;
  readonly alt?: string;
  readonly from?: number;
  readonly until?: number;
  readonly latency: number;
  readonly feeApr?: number;
  readonly poolFee: number;
  readonly hedgeCost: number;
  readonly out: string;
  readonly force?: boolean;
}

/** The options of the command, beside those that name a vault on-chain. */
function withCalibrateOptions(command: Command): Command {
  return command
    .option("--deploy <file>", "a deployment's configuration, for a vault that does not exist yet")
    .option("--prices <file>", "hourly prices, CSV, plain or gzipped (default: the rounds of the vault's feeds)")
    .option("--alt <symbol>", "column of the pool's risky asset (default: its own symbol)")
    .option("--from <day>", "first day of the history, UTC (default: where all prices have begun)", day)
    .option("--until <day>", "first day that is not seen any more, UTC (default: the end of the prices)", day)
    .option("--latency <hours>", "until a margin top-up has landed", wholeHours, 24)
    .option(
      "--fee-apr <share>",
      "fees that the pool pays a year on a position of the keeper's present range, such as 0.4 (default: 1.25 times what it loses)",
      above(0),
    )
    .option("--pool-fee <share>", "with --deploy: fee of the pool", above(0), 0.003)
    .option("--hedge-cost <share>", "what a trade of a hedge costs where no venue tells", above(0), 0.001)
    .requiredOption("--out <file>", "where the parameters go, JSON")
    .option("--force", "overwrite that file");
}

/** Adds `calibrate`. */
export function addCalibrateCommand(program: Command, cli: Cli): void {
  withCalibrateOptions(
    targeted(
      program
        .command("calibrate")
        .description("Derive a vault's parameters from the history of its assets; sends nothing"),
    ),
  ).action(async (options: CalibrateOptions) => cli.say(await runCalibrate(options, cli.load(options))));
}

/** Derive a vault's parameters, write them, and tell the reasons. */
async function runCalibrate(options: CalibrateOptions, loaded: LoadedConfig): Promise<string> {
  const { out, prices, from, until } = options;
  if (existsSync(out) && options.force !== true) {
    throw new KeeperError(`${out} exists already.`, "Name another file with --out, or overwrite it with --force.");
  }
  const folder = path.dirname(path.resolve(out));
  if (!existsSync(folder)) {
    throw new KeeperError(`There is no folder ${folder}.`, "Make it, or name another file with --out.");
  }
  if (from !== undefined && until !== undefined && from >= until) {
    throw new KeeperError("--from is not before --until.", "Correct one of them.");
  }
  const base = loaded.config.keeper;
  const { shape: read, table, standing } = await source(options, loaded);
  const shape = { ...read, now: { ...read.now, ...keeperNow(base) } };
  const history = historyOf(table, shape, from, until);
  const progress = createProgress("Calibrating", STAGES);
  let done = 0;
  const fees = options.feeApr === undefined ? {} : { fees: options.feeApr };
  const held = standing === undefined ? {} : { standing };
  const calibration = calibrate(shape, history, { latencyHours: options.latency, ...fees, ...held }, base, (stage) =>
    progress.update(++done, stage),
  );
  progress.finish();
  const params = paramsOf(calibration, shape, {
    vault: shape.name,
    version: VERSION,
    method: "crosshedge calibrate",
    data: [prices, options.deploy].flatMap((file) => (file === undefined ? [] : [fingerprint(file)])),
    from: iso(history.start),
    until: iso(history.start + (history.rows - 1) * HOUR),
    assumed: {
      topUp: `${options.latency} h until a margin top-up has landed`,
      fees: options.feeApr === undefined ? "none given" : `${options.feeApr} a year`,
      maintenance: String(shape.maintenance),
      hedgeCost: shape.hedges.map(({ asset, cost }) => `${shape.assets[asset]!.symbol} ${cost}`).join(", "),
    },
  });
  write(out, `${JSON.stringify(params, null, 2)}\n`);
  const { day: worstDay, fortnight } = params.worstCase;
  return [
    `${shape.name}: ${params.provenance.from} to ${params.provenance.until}`,
    "",
    formatFindings(calibration.findings, shape),
    "",
    `Published worst case: a day ${worstDay.loss}, a fortnight ${fortnight.loss} of NAV`,
    `  ${worstDay.basis}; ${fortnight.basis}`,
    "",
    `Parameters: ${out}`,
  ].join("\n");
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new KeeperError(`Cannot write ${file}: ${(cause as Error).message}.`, "Name another file with --out.", cause);
  }
}

/** The vault, its prices, and what it holds if it is on-chain and holds anything. */
async function source(options: CalibrateOptions, loaded: LoadedConfig) {
  const { deploy, prices, alt } = options;
  const offChain = { poolFee: options.poolFee, hedgeCost: options.hedgeCost, ...(alt === undefined ? {} : { alt }) };
  if (deploy !== undefined) {
    if (prices === undefined)
      throw new KeeperError("There are no prices.", "A vault that does not exist yet needs --prices.");
    const shape = shapeFromConfig(readJson(deploy), offChain);
    return { shape, table: await pricesOf(prices, shape), standing: undefined };
  }
  if (options.deployment === undefined && options.vault === undefined && !namesVault(loaded)) {
    throw new KeeperError(
      "It is not said which vault is meant.",
      "Name one with --vault or --deployment, or with --deploy the configuration of one that does not exist yet.",
    );
  }
  const { shape, table, standing } = await readOnChain(options, loaded, offChain);
  return {
    shape,
    table: prices === undefined ? await table() : await pricesOf(prices, shape),
    standing: await standing(),
  };
}

/** True where the configuration says of a vault which it is. */
function namesVault({ config }: LoadedConfig): boolean {
  return config.chains.some(({ deployment, vaults }) => deployment !== undefined || vaults.some(({ vault }) => vault));
}

/** The columns of the vault's assets; others, and a stable without one, are left out. */
function pricesOf(file: string, { assets }: VaultShape) {
  return readTable(file, "price", (names) => {
    const wanted = names.filter((name) => assets.some(({ series }) => series === name));
    return wanted.length > 0 ? wanted : names;
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new KeeperError(`${file} cannot be read as JSON.`, "Name a deployment's configuration with --deploy.", cause);
  }
}

function fingerprint(file: string): { file: string; sha256: string } {
  return { file: path.basename(file), sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
}

function day(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / 1000 : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("It must be a day such as 2022-05-01.");
  return time;
}

function wholeHours(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 720) {
    throw new InvalidArgumentError("It must be a whole number of hours, 1 to 720.");
  }
  return value;
}

function above(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value <= least) {
      throw new InvalidArgumentError(`It must be a number above ${least}.`);
    }
    return value;
  };
}
