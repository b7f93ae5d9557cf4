import type { Command } from "commander";
import { knownTarget, knownTargets } from "../store/known-targets.js";
import type { Cli } from "./cli.js";
import { entriesAsJson, formatEntries, journalEntries } from "./journal-list.js";
import { type CommonOptions, count, stored } from "./options.js";

interface ListOptions extends CommonOptions {
  readonly of?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** Adds `journal ls`, `journal verify` and `journal repair`. */
export function addJournalCommands(program: Command, cli: Cli): void {
  const journal = program.command("journal").description("What the keeper decided, meant and signed; needs no node");
  stored(journal.command("ls").description("The latest ticks and what came of them, latest first"))
    .option("--of <vault>", "of one vault, by name or address (default: of all)")
    .option("--limit <count>", "how many ticks", count, 20)
    .option("--json", "one JSON object a tick")
    .action((options: ListOptions) =>
      cli.withStore(cli.load(options), async (store) => {
        const targets = await knownTargets(store.session);
        const where = options.of === undefined ? {} : await knownTarget(store.session, options.of);
        const entries = await journalEntries(store.journal, targets, where, options.limit);
        if (options.json !== true) cli.say(formatEntries(entries));
        else if (entries.length > 0) cli.say(entriesAsJson(entries));
      }),
    );
}
