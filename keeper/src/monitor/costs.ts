import { alignColumns } from "../report/table.js";
import type { Journal } from "../store/journal.js";
import { MOST_DAYS, runwayDays } from "./runway.js";

const DAY = 86_400_000;
/** Days that costs are counted over, and that an account's rate is taken from. */
const COST_DAYS = 30;
const RATE_DAYS = 7;
/** What a keeper needs a day though nothing moves: heartbeats, pokes and one plan. */
const GAS_A_DAY = 4_000_000n;

interface AccountKey {
  readonly chainId: number;
  readonly signer: string;
}

interface NamedVault {
  readonly chainId: number;
  readonly name: string;
  readonly address: string;
}

/** Where a report takes its figures from. */
export interface CostSources {
  readonly journal: Pick<Journal, "gasSpent" | "costs">;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly accounts: readonly AccountKey[];
  readonly vaults: readonly NamedVault[];
  /** What an account has, and a unit of gas costs now. */
  readonly account: (account: AccountKey) => Promise<{ readonly balanceWei: bigint; readonly gasPriceWei: bigint }>;
  /** What the management fee brings a year at today's NAV, USD; null where the NAV is not known. */
  readonly feeAYear: (vault: NamedVault) => Promise<number | null>;
}

/** What a vault cost and brought. USD. */
export interface VaultMonth extends NamedVault {
  /** That this is counted over: 30, or since the first transaction, at least one. */
  readonly days: number;
  readonly transactions: number;
  readonly gas: number;
  readonly trading: number;
  readonly fee: number | null;
}

/** How long an account's gas lasts. */
export interface AccountRunway extends AccountKey {
  readonly balanceWei: bigint;
  readonly transactions: number;
  readonly days: number;
}

export interface CostReport {
  readonly vaults: readonly VaultMonth[];
  readonly accounts: readonly AccountRunway[];
}

/** What the keeper spends, against what its vaults' management fees bring, and how long its gas lasts. */
export async function costReport(sources: CostSources): Promise<CostReport> {
  return {
    vaults: await Promise.all(sources.vaults.map((vault) => costsOf(sources, vault))),
    accounts: await Promise.all(sources.accounts.map((account) => runwayOf(sources, account))),
  };
}

async function costsOf({ journal, now, feeAYear }: CostSources, vault: NamedVault): Promise<VaultMonth> {
  const key = { chainId: vault.chainId, vault: vault.address };
  const { gasUsd, tradingUsd, intents, firstAt } = await journal.costs(key, now() - COST_DAYS * DAY);
  const days = daysSince(now(), firstAt, COST_DAYS);
  const yearly = await feeAYear(vault);
  const fee = yearly === null ? null : (yearly * days) / 365;
  return { ...vault, days, transactions: intents, gas: gasUsd, trading: tradingUsd, fee };
}

async function runwayOf({ journal, now, account }: CostSources, key: AccountKey): Promise<AccountRunway> {
  const { balanceWei, gasPriceWei } = await account(key);
  const spent = await journal.gasSpent(key.chainId, key.signer, now() - RATE_DAYS * DAY);
  const days = daysSince(now(), spent.firstAt, RATE_DAYS);
  const use = { balanceWei, spentWei: spent.wei, days, floorWeiPerDay: GAS_A_DAY * gasPriceWei };
  return { ...key, balanceWei, transactions: spent.transactions, days: runwayDays(use) };
}

function daysSince(now: number, first: number | null, most: number): number {
  return first === null ? most : Math.min(most, Math.max(1, (now - first) / DAY));
}

const usd = (value: number): string => `$${value.toFixed(2)}`;

/** The report in words. */
export function formatCosts({ vaults, accounts }: CostReport): string {
  const costs = vaults.map(({ chainId, name, days, transactions, gas, trading, fee }) => [
    ...[name, String(chainId), days.toFixed(1), String(transactions), usd(gas), usd(trading), usd(gas + trading)],
    ...(fee === null
      ? ["not known", ""]
      : [usd(fee), fee > 0 ? `${(((gas + trading) / fee) * 100).toFixed(0)}%` : "no fee"]),
  ]);
  const runways = accounts.map(({ signer, chainId, balanceWei, days }) => [
    ...[
      signer,
      String(chainId),
      (Number(balanceWei) / 1e18).toFixed(6),
      days >= MOST_DAYS ? "10 years" : `${days.toFixed(1)} days`,
    ],
  ]);
  const heading = ["vault", "chain", "days", "transactions", "gas", "trading", "both", "management fee", "cost / fee"];
  const runwayHeading = ["account", "chain", "balance, coins", "gas lasts"];
  const title = `What the keeper cost, against the fee of the same days (${COST_DAYS} at most)`;
  return `${title}\n${alignColumns([heading, ...costs])}\n\n${alignColumns([runwayHeading, ...runways])}`;
}
