import path from "node:path";
import { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import { makeFolder } from "../backtest/output/make-folder.js";
import { writeWhole } from "../backtest/run/part-store.js";
import type { KeeperConfigInput } from "../config.js";
import { EVENTS } from "../model/stress/event-windows.js";
import { Observer } from "../observe/observe.js";
import { parseConfig } from "../parse-config.js";
import { renderStress } from "./format-report.js";
import { readFailures, readPrices, type StressCommandOptions } from "./options.js";
import type { StressReport } from "./stress-report.js";
import { stressVault } from "./stress-vault.js";

/** The vault to read; needs no key. */
export interface StressTarget {
  readonly provider: Provider;
  readonly vault: { readonly vault: string };
  readonly multicall?: string | undefined;
  readonly config?: KeeperConfigInput;
}

/** Read a vault and stress it; the known events are replayed, and those that are named. Files are written where a folder is. */
export async function runStress(target: StressTarget, options: StressCommandOptions): Promise<StressReport> {
  const { provider, multicall } = target;
  const config = parseConfig(target.config);
  const vault = await CrosshedgeVault.connect({ address: target.vault.vault, provider, multicall });
  const situation = await new Observer(vault, provider, multicall, config).observe();
  const prices = await readPrices(
    options,
    situation.state.assets.map(({ symbol }) => symbol),
  );
  const report = stressVault(situation, {
    config,
    failures: readFailures(options.failures),
    windows: [...EVENTS, ...(options.replay ?? [])],
    ...(prices === undefined ? {} : { prices }),
    ...(options.topUpLatency === undefined ? {} : { topUpLatency: options.topUpLatency }),
  });
  if (options.out !== undefined) {
    makeFolder(options.out);
    writeWhole(path.join(options.out, "stress.json"), `${JSON.stringify(report, null, 2)}\n`);
    writeWhole(path.join(options.out, "stress.html"), renderStress(report));
  }
  return report;
}
