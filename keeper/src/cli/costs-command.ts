import { CrosshedgeVault } from "@crosshedge/sdk";
import type { Command } from "commander";
import { costReport, formatCosts } from "../monitor/costs.js";
import { type ChainTarget, targetsOf } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { knownAccounts } from "../store/known-accounts.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { type CommonOptions, journaled } from "./options.js";

/** Adds `costs`. */
export function addCostsCommand(program: Command, cli: Cli): void {
  journaled(
    program
      .command("costs")
      .description("What each vault cost in 30 days against its management fee, and how long gas lasts; needs no key"),
  ).action((options: CommonOptions) => costs(cli, options));
}

async function costs(cli: Cli, options: CommonOptions): Promise<void> {
  const loaded = cli.load(options);
  const targets = targetsOf(loaded);
  await cli.withStore(loaded, async ({ journal, session }) => {
    const chains = new Map<number, { readonly provider: ChainProvider; readonly target: ChainTarget }>();
    for (const target of targets) {
      const provider = await connectTarget(target);
      chains.set(provider.chainId, { provider, target });
    }
    const vaults = [...chains].flatMap(([chainId, { target }]) =>
      target.vaults.map(({ name, address }) => ({ chainId, name, address })),
    );
    const report = await costReport({
      ...{ journal, vaults, now: Date.now },
      accounts: (await knownAccounts(session)).filter(({ chainId }) => chains.has(chainId)),
      account: async ({ chainId, signer }) => {
        const { provider } = chains.get(chainId)!;
        const [balanceWei, { gasPrice }] = await Promise.all([provider.getBalance(signer), provider.getFeeData()]);
        return { balanceWei, gasPriceWei: gasPrice ?? 0n };
      },
      feeAYear: async ({ chainId, address }) => {
        const { provider, target } = chains.get(chainId)!;
        const vault = await CrosshedgeVault.connect({ address, provider, multicall: target.multicall });
        const { prices, portfolio, settings } = await vault.readState();
        return prices.ok ? (Number(portfolio.nav) / 1e18) * (Number(settings.managementFee) / 1e18) : null;
      },
    });
    cli.say(formatCosts(report));
  });
}
