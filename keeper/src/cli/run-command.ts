import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { createFleet } from "../fleet/create-fleet.js";
import { runFleet } from "../fleet/run-fleet.js";
import { costReport } from "../monitor/costs.js";
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

/** An account on a chain that answers. */
interface Reached {
  readonly chainId: number;
  readonly signer: string;
  readonly provider: ChainProvider;
  readonly vaults: readonly { readonly chainId: number; readonly name: string; readonly address: string }[];
}

async function run(cli: Cli, loaded: LoadedConfig, store: Store): Promise<void> {
  const { config } = loaded;
  const targets = targetsOf(loaded);
  const logger = cli.logger(loaded, "info");
  const replica = processName();
  const now = Date.now;
  const monitor = new Monitor({ now, bounds: config.health, version: VERSION, modelHash: modelHash() });
  const signers = await Promise.all(targets.map(({ signer }) => cli.signer(signer)));
  const reached = new Map<string, Reached>();
  const accounts: Reached[] = [];
  const vaults: Reached["vaults"][number][] = [];
  const account = async ({ chainId, signer }: Pick<Reached, "chainId" | "signer">) => {
    const { provider } = reached.get(`${chainId} ${signer}`)!;
    const [balanceWei, { gasPrice }] = await Promise.all([provider.getBalance(signer), provider.getFeeData()]);
    return { balanceWei, gasPriceWei: gasPrice ?? 0n };
  };
  const costs = { journal: store.journal, accounts, vaults, account };
  // An account's runway is known as soon as its chain is reached, and counted again from time to time.
  const arrived = (found: Reached): void => {
    const name = `${found.chainId} ${found.signer}`;
    if (!reached.has(name)) {
      accounts.push(found);
      vaults.push(...found.vaults);
    }
    reached.set(name, found);
    const feeAYear = async (vault: { chainId: number; name: string }) => monitor.feeAYear(vault);
    costReport({ ...costs, accounts: [found], vaults: [], now, feeAYear }).then(
      (report) => monitor.costs(report),
      (error: Error) => logger.warn({ error: error.message }, "the gas runway could not be counted"),
    );
  };
  const chains = targets.map((target, i) =>
    fleetChain(target, signers[i]!, { store, monitor, logger }, (provider, signer) => {
      const { chainId } = provider;
      arrived({
        chainId,
        signer,
        provider,
        vaults: target.vaults.map(({ name, address }) => ({ chainId, name, address })),
      });
    }),
  );
  const names = targets.flatMap((target) => target.vaults.map(({ name }) => name));
  logger.info({ vaults: names, replica }, "starting; a vault's first tick reads its history, which may take minutes");
  const boss = await openQueue(store, logger);
  const monitoring = await startMonitoring({
    ...{ monitor, http: config.http, webhooks: config.webhooks, clean: (text: string) => cli.redactor.clean(text) },
    ...{ write: () => store.journal.beat(replica), costs, logger, now },
  });
  try {
    const { intervals } = config;
    const fleet = createFleet(chains, { journal: store.journal, boss, replica, monitor, intervals, now, logger });
    cli.exitCode = await runFleet(fleet, logger);
    cli.say("stopped");
  } finally {
    await monitoring.stop();
    await boss.stop({ graceful: false });
    for (const { provider } of reached.values()) provider.destroy();
  }
}
