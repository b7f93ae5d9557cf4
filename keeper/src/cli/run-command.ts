import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { createFleet } from "../fleet/create-fleet.js";
import { runFleet } from "../fleet/run-fleet.js";
import { Monitor } from "../monitor/monitor.js";
import { startMonitoring } from "../monitor/start-monitor.js";
import type { LoadedConfig } from "../operator-config/load.js";
import { targetsOf } from "../operator-config/targets.js";
import { modelHash } from "../record/model-hash.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import type { Store } from "../store/open-store.js";
import { openQueue } from "../store/queue.js";
import type { Cli } from "./cli.js";
import { fleetChain } from "./fleet-chain.js";
import { type CommonOptions, positive, signing } from "./options.js";
import { processName } from "./owner.js";

const { version: VERSION } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Adds `run`. */
export function addRunCommand(program: Command, cli: Cli): void {
  signing(
    program
      .command("run")
      .description("Keep every vault of the configuration until Ctrl-C or SIGTERM; what is under way is finished"),
  )
    .option("--interval <seconds>", "longest time between two ticks of a vault (default: 3600)", positive)
    .action((options: CommonOptions) => {
      const loaded = cli.load(options);
      return cli.withStore(loaded, (store) => run(cli, loaded, store));
    });
}

async function run(cli: Cli, loaded: LoadedConfig, store: Store): Promise<void> {
  const { config } = loaded;
  const targets = targetsOf(loaded);
  const logger = cli.logger(loaded, "info");
  const replica = processName();
  const now = Date.now;
  const monitor = new Monitor({ now, bounds: config.health, version: VERSION, modelHash: modelHash() });
  const signers = await Promise.all(targets.map(({ signer }) => cli.signer(signer)));
  const providers = new Map<number, ChainProvider>();
  const accounts: { chainId: number; signer: string }[] = [];
  const vaults: { chainId: number; name: string; address: string }[] = [];
  const chains = targets.map((target, i) =>
    fleetChain(target, signers[i]!, { store, monitor, logger }, (provider, signer) => {
      const { chainId } = provider;
      providers.set(chainId, provider);
      accounts.push({ chainId, signer });
      vaults.push(...target.vaults.map(({ name, address }) => ({ chainId, name, address })));
    }),
  );
  const account = async ({ chainId, signer }: { chainId: number; signer: string }) => {
    const provider = providers.get(chainId)!;
    const [balanceWei, { gasPrice }] = await Promise.all([provider.getBalance(signer), provider.getFeeData()]);
    return { balanceWei, gasPriceWei: gasPrice ?? 0n };
  };
  const boss = await openQueue(store, logger);
  const monitoring = await startMonitoring({
    ...{ monitor, http: config.http, webhooks: config.webhooks, clean: (text: string) => cli.redactor.clean(text) },
    ...{ write: () => store.journal.beat(replica), costs: { journal: store.journal, accounts, vaults, account } },
    ...{ logger, now },
  });
  try {
    const { intervals } = config;
    const fleet = createFleet(chains, { journal: store.journal, boss, replica, monitor, intervals, now, logger });
    cli.exitCode = await runFleet(fleet, logger);
    cli.say("stopped");
  } finally {
    await monitoring.stop();
    await boss.stop({ graceful: false });
    for (const provider of providers.values()) provider.destroy();
  }
}
