import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { formatShadow, shadowReport } from "../explain/shadow.js";
import { createKeeper } from "../keeper.js";
import { checkIdentity } from "./acting.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { formatTick } from "./format-tick.js";
import { oneVault } from "./one-vault.js";
import { type CommonOptions, journaled, positive } from "./options.js";

interface ShadowWords extends CommonOptions {
  readonly every?: number;
}

/** Adds `shadow`. */
export function addShadowCommand(program: Command, cli: Cli): void {
  journaled(
    program
      .command("shadow")
      .description(
        "Decide and write down as `tick` does, send nothing, and compare with what the live keeper did; needs no key",
      ),
  )
    .option("--every <seconds>", "again and again, until Ctrl-C", positive)
    .action((options: ShadowWords) => shadow(cli, options));
}

async function shadow(cli: Cli, { every, ...options }: ShadowWords): Promise<void> {
  const loaded = cli.load(options);
  const { target, vault } = oneVault(loaded);
  const provider = await connectTarget(target);
  const { multicall } = target;
  await cli.withStore(loaded, async (store) => {
    const { journal } = store;
    await checkIdentity(store, provider, [vault]);
    await cli.untilStopped(async (signal) => {
      const keeper = await createKeeper({
        ...{ vault: { vault: vault.address }, multicall, provider, config: vault.keeper },
        ...{ logger: cli.logger(loaded), journal },
      });
      do {
        cli.say(formatTick(await keeper.tick({ signal })));
        if (every !== undefined) await sleep(every * 1000, undefined, { signal }).catch(() => undefined);
      } while (every !== undefined && !signal.aborted);
      cli.say(formatShadow(await shadowReport({ journal, provider, vault: vault.address, multicall })));
    });
  });
}
