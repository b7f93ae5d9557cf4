import type { Command } from "commander";
import { formatStress } from "../stress/format-report.js";
import { parseColumns, parseHours, parseReplay, type StressCommandOptions } from "../stress/options.js";
import { runStress } from "../stress/run-stress.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { oneVault } from "./one-vault.js";
import { type CommonOptions, withParams } from "./options.js";

/** Adds `stress`. */
export function addStressCommand(program: Command, cli: Cli): void {
  withParams(
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
    .action(async (options: CommonOptions & StressCommandOptions) => {
      const { target, vault } = oneVault(cli.load(options));
      const provider = await connectTarget(target);
      const subject = {
        vault: { vault: vault.address },
        ...{ multicall: target.multicall, provider, config: vault.keeper },
      };
      cli.say(formatStress(await runStress(subject, options)));
    });
}
