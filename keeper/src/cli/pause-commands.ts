import type { Command } from "commander";
import { knownTarget } from "../store/known-targets.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, stored } from "./options.js";

/** Adds `pause` and `resume`: nothing is sent for a paused vault, while what was sent is still followed. */
export function addPauseCommands(program: Command, cli: Cli): void {
  stored(
    program
      .command("pause")
      .description("Send nothing more for a vault, until `resume`; what is under way is followed"),
  )
    .argument("<vault>", "its name or address")
    .requiredOption("--reason <text>", "why, for whoever finds it so")
    .action((vault: string, options: CommonOptions & { reason: string }) =>
      cli.withStore(cli.load(options), async ({ session, journal }) => {
        const target = await knownTarget(session, vault);
        await journal.pause(target, cli.redactor.clean(options.reason));
        cli.say(`${target.name} is paused. Without a heartbeat for the vault's maxSilence anybody may make it safer.`);
      }),
    );
  stored(program.command("resume").description("Go on with a paused vault"))
    .argument("<vault>", "its name or address")
    .action((vault: string, options: CommonOptions) =>
      cli.withStore(cli.load(options), async ({ session, journal }) => {
        const target = await knownTarget(session, vault);
        const reason = await journal.paused(target);
        if (reason === null) return cli.say(`${target.name} was not paused.`);
        await journal.resume(target);
        cli.say(`${target.name} goes on. It was paused for: ${reason}`);
      }),
    );
}
