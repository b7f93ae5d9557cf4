import { CrosshedgeError } from "@crosshedge/sdk";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { KeeperError } from "../errors.js";
import { createKeeper, type KeeperOptions } from "../keeper.js";
import { fileRecorder } from "../record/recorder.js";
import { createRescuer } from "../rescuer.js";
import { formatStress } from "../stress/format-report.js";
import { parseColumns, parseHours, parseReplay, type StressCommandOptions } from "../stress/options.js";
import { runStress } from "../stress/run-stress.js";
import { type CalibrateOptions, runCalibrate, withCalibrateOptions } from "./calibrate.js";
import { connectProvider, connectSigner } from "./connect.js";
import { formatPlan, formatRescue, formatTick } from "./format.js";
import { createLogger, withoutSecrets } from "./log.js";
import { type CommonOptions, configOf, findTarget, KEY_VARIABLE, readKey } from "./options.js";
import { addOptionsCommand } from "./options-command.js";
import { runLoop } from "./run-loop.js";

/** Exit code for "start me again": the node did not answer. */
const RETRY = 75;

/** What the program touches, so that tests can stand in. */
export interface CliContext {
  readonly environment?: NodeJS.ProcessEnv;
  readonly print?: (text: string) => void;
  readonly printError?: (text: string) => void;
}

interface RunCommandOptions extends CommonOptions {
  readonly interval: number;
}

/** Run the command line; the exit code comes back. */
export async function runCli(argv: readonly string[], context: CliContext = {}): Promise<number> {
  const {
    environment = process.env,
    print = (text) => process.stdout.write(text),
    printError = (text) => process.stderr.write(text),
  } = context;
  let key: string | undefined;

  const open = async (options: CommonOptions, acting: boolean): Promise<KeeperOptions> => {
    const target = findTarget(options);
    const config = configOf(options);
    key = acting ? readKey(options.keyFile, environment) : undefined;
    const logger = createLogger(environment["LOG_LEVEL"] ?? "warn", key);
    const provider = await connectProvider([options.rpc]);
    return {
      ...target,
      provider,
      config,
      logger,
      ...(key === undefined ? {} : { signer: connectSigner(key, provider) }),
      ...(options.record === undefined ? {} : { recorder: fileRecorder(options.record) }),
    };
  };
  const say = (text: string): void => print(`${withoutSecrets(text, key)}\n`);

  const program = new Command("crosshedge")
    .description("The bot that hedges a Crosshedge vault, and what shows and sets the risk around it")
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: printError });
  common(
    program.command("plan").description("Show what a pass would do, and why; sends nothing and needs no key"),
  ).action(async (options: CommonOptions) =>
    say(formatPlan(await (await createKeeper(await open(options, false))).plan())),
  );
  acting(program.command("tick").description("One pass: observe, plan, simulate, send, check")).action(
    async (options: CommonOptions) => say(formatTick(await (await createKeeper(await open(options, true))).tick())),
  );
  acting(
    program
      .command("rescue")
      .description(
        "What anybody may do while a vault's keeper is away: raise the alarm, hedge, deleverage; needs no role",
      ),
  ).action(async (options: CommonOptions) =>
    say(formatRescue(await (await createRescuer(await open(options, true))).tick())),
  );
  acting(program.command("run").description("A pass every interval, until Ctrl-C; the pass under way is finished"))
    .option("--interval <seconds>", "time between passes", positive, 3600)
    .action(async (options: RunCommandOptions) => {
      const keeper = await createKeeper(await open(options, true));
      const stop = new AbortController();
      const abort = (): void => stop.abort();
      process.once("SIGINT", abort).once("SIGTERM", abort);
      await runLoop(keeper, {
        intervalMs: options.interval * 1000,
        signal: stop.signal,
        onResult: (result) => say(formatTick(result)),
        onError: (error) => printError(`${withoutSecrets(messageOf(error), key)}\n`),
      });
      process.off("SIGINT", abort).off("SIGTERM", abort);
      say("stopped");
    });
  configured(
    program
      .command("stress")
      .description("What may happen to the vault as it stands: scenarios, and replays of the past; needs no key"),
  )
    .option("--prices <file...>", "hourly prices of the past, CSV (time, then a column an asset), plain or gzipped")
    .option(
      "--columns <symbol=column,...>",
      "which column is whose; by default the symbol's, or without its leading W",
      parseColumns,
    )
    .option("--replay <date:days>", "one more stretch to replay, such as 2021-02-22:3; may be given again", parseReplay)
    .option(
      "--top-up-latency <hours>",
      "in replays, how long the keeper takes to bring margin (default: none is brought)",
      parseHours,
    )
    .option(
      "--failures <file>",
      "how often the parts around the vault fail, JSON (default: what the report says is assumed)",
    )
    .option("--out <folder>", "write stress.json and stress.html there (default: the text alone)")
    .action(async (options: CommonOptions & StressCommandOptions) =>
      say(formatStress(await runStress(await open(options, false), options))),
    );

  withCalibrateOptions(
    chain(
      program
        .command("calibrate")
        .description("Derive a vault's parameters from the history of its assets; sends nothing"),
    ),
  ).action(async (options: CalibrateOptions) => say(await runCalibrate(options)));
  addOptionsCommand(program, say);

  try {
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    printError(`${withoutSecrets(messageOf(error), key)}\n`);
    return CrosshedgeError.is(error, "NETWORK") ? RETRY : 1;
  }
}

/** Options that say which vault on which chain. */
function chain(command: Command): Command {
  return command
    .option("--rpc <url>", "the node's address", "http://127.0.0.1:8545")
    .option("--deployment <file>", "a deployments/<chainId>.json, for the vault's name and Multicall3")
    .option("--vault <name|address>", "the vault; may be left out where the deployment has one")
    .option("--multicall <address>", "Multicall3, where no deployment names it")
    .option("--config <file>", "the keeper's configuration, JSON");
}

function configured(command: Command): Command {
  return chain(command).option(
    "--params <file>",
    "parameters of `crosshedge calibrate`: the keeper's part counts where --config says nothing",
  );
}

function common(command: Command): Command {
  return configured(command).option("--record <file>", "append every decision to this file, one JSON line each");
}

function acting(command: Command): Command {
  return common(command).option("--key-file <file>", `file with the signing key; otherwise ${KEY_VARIABLE} is read`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It must be a number above zero.");
  return value;
}

function messageOf(error: unknown): string {
  if (error instanceof KeeperError || CrosshedgeError.is(error)) return error.message;
  return error instanceof Error ? `Something unexpected was caught: ${error.message}` : String(error);
}
