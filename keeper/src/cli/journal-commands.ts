import type { Command } from "commander";
import { KeeperError } from "../errors.js";
import { EXIT } from "../exit-codes.js";
import type { LoadedConfig } from "../operator-config/load.js";
import { targetsOf } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { knownTarget, knownTargets } from "../store/known-targets.js";
import type { Finding, ReceiptOf } from "../store/verify/finding.js";
import { repairJournal } from "../store/verify/repair.js";
import { verifyJournal } from "../store/verify/verify.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { entriesAsJson, formatEntries, journalEntries } from "./journal-list.js";
import { type CommonOptions, count, journaled, stored } from "./options.js";

interface ListOptions extends CommonOptions {
  readonly of?: string;
  readonly limit: number;
  readonly json?: boolean;
}

interface CheckOptions extends CommonOptions {
  readonly chain?: boolean;
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
  checking(
    journal.command("verify").description("Look for what cannot be so; changes nothing, exit code 1 if there is any"),
  ).action((options: CheckOptions) => {
    const loaded = cli.load(options);
    return cli.withStore(loaded, async ({ session }) => {
      const findings = await verifyJournal(session, receipts(loaded, options));
      cli.say(findings.length === 0 ? "Everything in the journal fits together." : findings.map(describe).join("\n"));
      if (findings.length > 0) cli.exitCode = EXIT.wrong;
    });
  });
  checking(
    journal
      .command("repair")
      .description("Write again what can be derived from signed bytes and the chain; what was signed is never changed"),
  ).action((options: CheckOptions) => {
    const loaded = cli.load(options);
    return cli.withStore(loaded, async (store) => {
      const { done, left } = await repairJournal(store, receipts(loaded, options));
      if (done.length > 0) cli.say(["Mended:", ...done.map(describe)].join("\n"));
      if (left.length > 0) cli.say(["Left to be looked at:", ...left.map(describe)].join("\n"));
      if (done.length + left.length === 0) cli.say("There was nothing to mend.");
      if (left.length > 0) cli.exitCode = EXIT.wrong;
    });
  });
}

const checking = (command: Command): Command =>
  journaled(command).option("--chain", "compare with the chain too, by the nodes of the configuration");

const describe = ({ where, problem, repair }: Finding): string => `${where}: ${problem} (${repair})`;

/** The chain's word on transactions, by the nodes of the configuration; undefined where they are not to be asked. */
function receipts(loaded: LoadedConfig, { chain }: CheckOptions): ReceiptOf | undefined {
  if (chain !== true) return undefined;
  const providers = new Map<number, Promise<ChainProvider>>();
  const targets = targetsOf(loaded);
  const connect = async (chainId: number): Promise<ChainProvider> => {
    const target = targets.find((each) => each.chainId === chainId) ?? targets.find((each) => each.chainId === null);
    const provider = target && (await connectTarget(target));
    if (provider?.chainId === chainId) return provider;
    throw new KeeperError(`The configuration has no nodes of chain ${chainId}.`, "Name one, or look without --chain.");
  };
  return async (chainId, hash) => {
    const provider = providers.get(chainId) ?? connect(chainId);
    providers.set(chainId, provider);
    const receipt = await (await provider).getTransactionReceipt(hash);
    if (receipt === null) return null;
    const { blockNumber: block, blockHash, gasUsed, gasPrice } = receipt;
    return { block, blockHash, succeeded: receipt.status === 1, gasUsed, gasPrice };
  };
}
