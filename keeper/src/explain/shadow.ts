import { CrosshedgeVault, readLogs } from "@crosshedge/sdk";
import { type IRebalancer, IRebalancer__factory } from "@crosshedge/sdk/contracts";
import type { Provider } from "ethers";
import { outcomeUsd } from "../execute/compare.js";
import type { PlanDecision } from "../plan/build-plan.js";
import { hedgeRatios } from "../plan/hedge-ratios.js";
import { encodeOrder } from "../plan/orders.js";
import { recordIn } from "../record/tick-row.js";
import type { Journal, Tick } from "../store/journal.js";

/** One epoch step of the live keeper beside what the shadow wanted in that epoch. */
export interface ShadowStep {
  readonly epoch: bigint;
  readonly transaction: string;
  /** Of the shadow's last plan in that epoch; null where it had none. */
  readonly tick: number | null;
  /** True where the orders are the same to the last digit. */
  readonly sameOrders: boolean;
  /** Volatility that the shadow predicted less that which the chain measured after the live plan; null where either was not measured. */
  readonly volatilityGap: number | null;
  /** Largest difference of a hedge ratio; null where the node does not keep the state of that block. */
  readonly hedgeRatioGap: number | null;
}

/** How a shadow's decisions compare with the live keeper's. */
export interface ShadowReport {
  /** Shadow ticks, and the blocks from which to which they are compared. */
  readonly ticks: number;
  readonly from: number | null;
  readonly steps: readonly ShadowStep[];
  /** Epochs in which the shadow wanted a plan and the live keeper made none. */
  readonly shadowOnly: readonly bigint[];
}

/** What a comparison works with. */
export interface ShadowOptions {
  readonly journal: Journal;
  readonly provider: Provider;
  /** Address. */
  readonly vault: string;
  readonly multicall?: string | undefined;
}

/** Compare the last ticks of a shadow with what the live keeper did on-chain meanwhile. */
export async function shadowReport(
  { journal, provider, vault: address, multicall }: ShadowOptions,
  limit = 1_000,
): Promise<ShadowReport> {
  const vault = await CrosshedgeVault.connect({ address, provider, multicall });
  const chainId = Number((await provider.getNetwork()).chainId);
  const latestFirst = (await journal.ticks({ chainId, vault: address.toLowerCase() }, limit)).filter(
    ({ shadow }) => shadow,
  );
  const from = latestFirst.at(-1)?.block ?? null;
  if (from === null) return { ticks: 0, from, steps: [], shadowOnly: [] };
  const wanted = plansByEpoch(latestFirst);
  const events = await plansSince(vault, from + 1);
  const steps = await Promise.all(events.map((event) => stepOf(vault, event, wanted.get(event.epoch))));
  const lived = new Set(steps.map(({ epoch }) => epoch));
  return {
    ticks: latestFirst.length,
    from,
    steps,
    shadowOnly: [...wanted.keys()].filter((epoch) => !lived.has(epoch)),
  };
}

interface WantedPlan {
  readonly tick: number;
  readonly plan: PlanDecision;
}

/** The last plan that the shadow wanted in each epoch, oldest first. */
function plansByEpoch(latestFirst: readonly Tick[]): Map<bigint, WantedPlan> {
  const plans = new Map<bigint, WantedPlan>();
  for (const tick of latestFirst.toReversed()) {
    const { decision, epoch } = recordIn(tick);
    if (decision.kind === "rebalance" && decision.plan !== null)
      plans.set(epoch, { tick: tick.id, plan: decision.plan });
  }
  return plans;
}

interface LivePlan {
  readonly epoch: bigint;
  readonly outcome: IRebalancer.OutcomeStructOutput;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

const REBALANCER = IRebalancer__factory.createInterface();

/** By logs alone, as a node need not keep the states of a shadow's whole life. */
async function plansSince({ connection, layout }: CrosshedgeVault, from: number): Promise<LivePlan[]> {
  const { provider } = connection;
  const to = await provider.getBlockNumber();
  if (from > to) return [];
  const query = { addresses: [layout.rebalancer], topics: [[REBALANCER.getEvent("Rebalanced").topicHash]] };
  const logs = await readLogs(provider, query, { from, to });
  return logs.map(({ topics, data, blockNumber, transactionHash }) => {
    const { epoch, outcome } = REBALANCER.decodeEventLog("Rebalanced", data, topics);
    return { epoch, outcome, blockNumber, transactionHash };
  });
}

async function stepOf(vault: CrosshedgeVault, event: LivePlan, wanted: WantedPlan | undefined): Promise<ShadowStep> {
  const { epoch, outcome } = event;
  const base = { epoch, transaction: event.transactionHash };
  if (wanted === undefined) {
    return { ...base, tick: null, sameOrders: false, volatilityGap: null, hedgeRatioGap: null };
  }
  const { plan, tick } = wanted;
  const { navAfter, varianceAfter } = outcomeUsd(outcome);
  const predicted = plan.predicted?.gate?.volatilityAfter;
  const measured = navAfter > 0 ? Math.sqrt(varianceAfter) / navAfter : null;
  return {
    ...base,
    tick,
    sameOrders: await hasOrders(vault, event, plan),
    volatilityGap: predicted === undefined || measured === null ? null : predicted - measured,
    hedgeRatioGap: await ratioGap(vault, event.blockNumber, plan),
  };
}

async function hasOrders(
  { connection: { provider } }: CrosshedgeVault,
  { transactionHash }: LivePlan,
  { orders }: PlanDecision,
): Promise<boolean> {
  const data = (await provider.getTransaction(transactionHash))?.data ?? "0x";
  const sent = REBALANCER.parseTransaction({ data })?.args[0]?.orders as {
    leg: string;
    action: bigint;
    params: string;
  }[];
  const text = (list: readonly { leg: string; action: bigint; params: string }[]): string =>
    list.map(({ leg, action, params }) => `${leg.toLowerCase()} ${action} ${params}`).join();
  return sent !== undefined && text(sent) === text(orders.map(encodeOrder));
}

async function ratioGap(vault: CrosshedgeVault, blockTag: number, { predicted }: PlanDecision): Promise<number | null> {
  if (predicted === null) return null;
  try {
    const { assets, portfolio } = await vault.readState({ blockTag });
    const live = hedgeRatios(assets, portfolio.exposure, portfolio.hedgeExposure);
    const symbols = new Set([...Object.keys(live), ...Object.keys(predicted.hedgeRatios)]);
    return Math.max(0, ...[...symbols].map((name) => Math.abs((live[name] ?? 0) - (predicted.hedgeRatios[name] ?? 0))));
  } catch {
    return null;
  }
}

/** The comparison in words. */
export function formatShadow({ ticks, from, steps, shadowOnly }: ShadowReport): string {
  if (from === null) return "The journal has no tick of a shadow: run one first.";
  const both = steps.filter(({ tick }) => tick !== null);
  const lines = [
    `ticks of the shadow: ${ticks}, the first at block ${from}`,
    `live plans after it: ${steps.length}; the shadow wanted one too in ${both.length} of these epochs, with the same orders in ${both.filter(({ sameOrders }) => sameOrders).length}`,
    `epochs in which the shadow alone wanted a plan: ${shadowOnly.length}`,
    ...gapLine(
      "volatility after a plan",
      both.map(({ volatilityGap }) => volatilityGap),
    ),
    ...gapLine(
      "hedge ratio",
      both.map(({ hedgeRatioGap }) => hedgeRatioGap),
    ),
  ];
  const of = ({ epoch, tick, sameOrders, transaction }: ShadowStep): string =>
    `  - epoch ${epoch}: ${tick === null ? "live only" : `tick ${tick}, ${sameOrders ? "same orders" : "other orders"}`}, ${transaction}`;
  return [...lines, ...steps.map(of)].join("\n");
}

function gapLine(what: string, gaps: readonly (number | null)[]): string[] {
  const told = gaps.filter((gap) => gap !== null).map(Math.abs);
  if (told.length === 0) return [];
  const mean = told.reduce((sum, gap) => sum + gap, 0) / told.length;
  return [
    `difference of the ${what}: ${(100 * mean).toFixed(2)}% on average, at most ${(100 * Math.max(...told)).toFixed(2)}%`,
  ];
}
