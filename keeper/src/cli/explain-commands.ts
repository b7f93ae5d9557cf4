import type { Command } from "commander";
import { EXIT } from "../exit-codes.js";
import { explainTick } from "../explain/explain.js";
import { type ReplayReport, replayTick } from "../explain/replay.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, count, stored } from "./options.js";

/** Adds `explain` and `replay`, which need the journal alone. */
export function addExplainCommands(program: Command, cli: Cli): void {
  stored(program.command("explain").description("What a tick saw, decided and sent, and why; from the journal alone"))
    .argument("<tick>", "its number, as `journal ls` shows it", count)
    .action((tick: number, options: CommonOptions) =>
      cli.withStore(cli.load(options), async ({ journal }) => cli.say(await explainTick(journal, tick))),
    );
  stored(
    program
      .command("replay")
      .description(
        "Decide a tick again from its stored inputs, byte for byte; exit code 1 where it comes out differently",
      ),
  )
    .argument("<tick>", "its number, as `journal ls` shows it", count)
    .action((tick: number, options: CommonOptions) =>
      cli.withStore(cli.load(options), async ({ journal }) => {
        const report = await replayTick(journal, tick);
        cli.say(formatReplay(report));
        if (!report.identical) cli.exitCode = EXIT.wrong;
      }),
    );
}

function formatReplay({ id, identical, differences, modelChanged, storedHash, hash }: ReplayReport): string {
  if (identical) return `tick ${id}: the same decision, byte for byte: ${hash}`;
  const cause = modelChanged
    ? "The code that decides is another one than then: replay with the version of then, or read the differences as the change."
    : "The code is the same: the journal may have been changed. `crosshedge journal verify` looks closer.";
  return [
    `tick ${id}: another decision: ${hash}, then ${storedHash}`,
    ...differences.map((difference) => `  - ${difference}`),
    cause,
  ].join("\n");
}
