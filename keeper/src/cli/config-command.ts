import type { Command } from "commander";
import { showConfig } from "../operator-config/show.js";
import { targetsOf } from "../operator-config/targets.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, signing } from "./options.js";

/** Adds `config`, which checks the configuration and shows what counts. */
export function addConfigCommand(program: Command, cli: Cli): void {
  signing(
    program
      .command("config")
      .description("Check the configuration and show what counts, without secrets; needs no node"),
  ).action((options: CommonOptions) => {
    const loaded = cli.load(options);
    cli.say(showConfig(loaded.config, targetsOf(loaded)));
  });
}
