import type { Command } from "commander";
import { headAgeOf } from "../doctor/node-checks.js";
import { KeeperError } from "../errors.js";
import { createKeeper, type Keeper } from "../keeper.js";
import type { Lane, LaneResult } from "../lane/lane.js";
import { createRescuer } from "../rescuer.js";
import type { Journal } from "../store/journal.js";
import { checkIdentity, openLane } from "./acting.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { EXIT } from "./exit-codes.js";
import { formatPass, formatPlan, formatRescue } from "./format.js";
import { formatTick } from "./format-tick.js";
import { oneVault } from "./one-vault.js";
import { type CommonOptions, signing, withParams } from "./options.js";
import { processName } from "./owner.js";

interface TickOptions extends CommonOptions {
  readonly all?: boolean;
}

/** Adds what looks at a vault and acts for it once: `plan`, `tick` and `rescue`. */
export function addKeeperCommands(program: Command, cli: Cli): void {
  withParams(
    program
      .command("plan")
      .description("Show what would be planned now, and why; sends nothing, writes nothing, needs no key"),
  ).action((options: CommonOptions) => plan(cli, options));
  signing(
    program
      .command("tick")
      .description("One tick: observe, decide, write down, simulate, send at most one transaction, check"),
  )
    .option("--all", "tick until nothing more is to be done")
    .action((options: TickOptions) => tick(cli, options));
  signing(
    program
      .command("rescue")
      .description(
        "What anybody may do while a vault's keeper is away: raise the alarm, hedge, deleverage; needs no role",
      ),
  ).action((options: CommonOptions) => rescue(cli, options));
}

async function plan(cli: Cli, options: CommonOptions): Promise<void> {
  const loaded = cli.load(options);
  const { target, vault } = oneVault(loaded);
  const provider = await connectTarget(target);
  const keeper = await createKeeper({
    ...{ vault: { vault: vault.address }, multicall: target.multicall, provider, config: vault.keeper },
    ...{ logger: cli.logger(loaded), journal: unwritten },
  });
  cli.say(formatPlan(await keeper.plan()));
}

/** The journal of whoever has nothing to write down. */
const unwritten = new Proxy({} as Journal, {
  get: (_, method) => {
    throw new KeeperError(`The plan asked the journal for ${String(method)}.`, "Please report it.");
  },
});

async function tick(cli: Cli, options: TickOptions): Promise<void> {
  await withKeeper(cli, options, async ({ keeper, signal }) => {
    if (options.all === true) {
      const pass = await keeper.pass(signal);
      cli.say(formatPass(pass));
      cli.exitCode = codeOf(pass.ticks.at(-1)?.sent ?? null);
    } else {
      const result = await keeper.tick({ signal });
      cli.say(formatTick(result));
      cli.exitCode = codeOf(result.sent);
    }
  });
}

/** 75 where it is another keeper, or the way to the chain, that a transaction was not sent for. */
function codeOf(sent: LaneResult | null): number {
  const code = sent?.reason?.code;
  return code !== undefined && ["laneBusy", "laneHeld", "laneLost", "unreachable"].includes(code)
    ? EXIT.again
    : EXIT.done;
}

async function rescue(cli: Cli, options: CommonOptions): Promise<void> {
  const loaded = cli.load(options);
  const { target, vault } = oneVault(loaded);
  const signer = await cli.signer(target.signer);
  const provider = await connectTarget(target);
  const logger = cli.logger(loaded);
  await cli.withStore(loaded, async (store) => {
    await checkIdentity(store, provider, [vault]);
    const lane = await openLane(target, provider, signer, { journal: store.journal, owner: processName(), logger });
    await cli.untilStopped(async (signal) => {
      try {
        const rescuer = await createRescuer({
          ...{ vault: { vault: vault.address }, multicall: target.multicall, provider, config: vault.keeper },
          ...{ logger, lane },
        });
        cli.say(formatRescue(await rescuer.pass(signal)));
      } finally {
        await lane.release();
      }
    });
  });
}

/** Work with a vault's keeper, its journal and lane; the lane is given back, also at Ctrl-C. */
async function withKeeper(
  cli: Cli,
  options: CommonOptions,
  work: (parts: { readonly keeper: Keeper; readonly lane: Lane; readonly signal: AbortSignal }) => Promise<void>,
): Promise<void> {
  const loaded = cli.load(options);
  const { target, vault } = oneVault(loaded);
  const signer = await cli.signer(target.signer);
  const provider = await connectTarget(target);
  const logger = cli.logger(loaded);
  await cli.withStore(loaded, async (store) => {
    await checkIdentity(store, provider, [vault]);
    const lane = await openLane(target, provider, signer, { journal: store.journal, owner: processName(), logger });
    await cli.untilStopped(async (signal) => {
      try {
        const keeper = await createKeeper({
          ...{ vault: { vault: vault.address }, multicall: target.multicall, provider, config: vault.keeper },
          ...{ logger, journal: store.journal, lane, maxHeadAge: headAgeOf(target, provider.chainId) },
        });
        await work({ keeper, lane, signal });
      } finally {
        await lane.release();
      }
    });
  });
}
