import type { VaultEvent, VaultEventName } from "../../history/events.js";
import type { VaultState } from "../../state/types.js";
import type { LegSwap, LiquidityFlow, MarketTrade, Pair, VaultActs } from "./types.js";

/** A trade of a hedge leg, and where in the chain. */
export type HedgeAct = { blockNumber: number } & ({ trade: MarketTrade } | { swap: LegSwap });

/** Names of the events that change what a vault holds: a sample is taken right before and right after each of their blocks. */
export const ACTING_EVENTS: readonly VaultEventName[] = [
  "BasketDeposit",
  "ExitInKind",
  "Settled",
  "FeesAccrued",
  "BountyPaid",
  "WrittenDown",
  "LegAdded",
  "LegRemoved",
  "Rebalanced",
  "LiquidityMinted",
  "LiquidityBurned",
  "LiquidityCollected",
  "PoolSwapped",
];

/** Blocks in which a vault did something or something was done to it, ascending, each once. */
export function actingBlocks(events: readonly VaultEvent[], hedges: readonly HedgeAct[]): number[] {
  const acting = [...events.filter(({ name }) => ACTING_EVENTS.includes(name)), ...hedges];
  return [...new Set(acting.map(({ blockNumber }) => blockNumber))].sort((a, b) => a - b);
}

/**
 * What happened to a vault after one block, up to another.
 *
 * @param state Of any block: the order of its assets counts
 * @param feeTiers Of the pools of liquidity legs, millionths, by the pool's address
 */
export function actsBetween(
  events: readonly VaultEvent[],
  hedges: readonly HedgeAct[],
  { assets, legs, settlementToken }: VaultState,
  feeTiers: ReadonlyMap<string, bigint>,
  after: number,
  upTo: number,
): VaultActs {
  const within = ({ blockNumber }: { blockNumber: number }) => blockNumber > after && blockNumber <= upTo;
  const vector = () => assets.map(() => 0n);
  const [deposited, exited, settled, bounties, writtenDown] = [vector(), vector(), vector(), vector(), vector()];
  const [managed, performed] = [[0n], [0n]];
  const indexOf = (token: string) => assets.findIndex(({ address }) => address === token);
  const add = (to: bigint[], index: number, amount: bigint) => {
    if (index >= 0) to[index] = (to[index] ?? 0n) + amount;
  };
  const flows = new Map<string, LiquidityFlow>();
  const swaps: LegSwap[] = [];
  const indicesOf = (leg: string) => {
    const found = legs.find(({ address }) => address === leg);
    return found?.kind === "liquidity" ? found.indices : null;
  };
  const flow = (leg: string, side: "minted" | "burned" | "collected", pair: Pair) => {
    const indices = indicesOf(leg);
    if (indices === null) return;
    const known = flows.get(leg) ?? { leg, indices, minted: NONE, burned: NONE, collected: NONE };
    flows.set(leg, { ...known, [side]: [known[side][0] + pair[0], known[side][1] + pair[1]] });
  };
  for (const event of events.filter(within)) {
    switch (event.name) {
      case "BasketDeposit":
        for (const [k, token] of event.args.tokens.entries()) {
          add(deposited, indexOf(token), event.args.amounts[k] ?? 0n);
        }
        break;
      case "ExitInKind":
        for (const [index, amount] of event.args.amounts.entries()) add(exited, index, amount);
        break;
      case "Settled":
        add(settled, indexOf(settlementToken), event.args.assets);
        break;
      case "BountyPaid":
        add(bounties, indexOf(settlementToken), event.args.amount);
        break;
      case "WrittenDown":
        add(writtenDown, indexOf(event.args.token), event.args.from - event.args.to);
        break;
      case "FeesAccrued":
        add(managed, 0, event.args.managementShares);
        add(performed, 0, event.args.performanceShares);
        break;
      case "LiquidityMinted":
        flow(event.args.owner, "minted", [event.args.amount0, event.args.amount1]);
        break;
      case "LiquidityBurned":
        flow(event.args.owner, "burned", [event.args.amount0, event.args.amount1]);
        break;
      case "LiquidityCollected":
        flow(event.args.owner, "collected", [event.args.amount0, event.args.amount1]);
        break;
      case "PoolSwapped": {
        const { sender: leg, amount0, amount1 } = event.args;
        const indices = indicesOf(leg);
        if (indices === null) break;
        swaps.push({ leg, indices, amounts: [amount0, amount1], feeTier: feeTiers.get(event.contract) ?? 0n });
        break;
      }
    }
  }
  const own = hedges.filter(within);
  return {
    ...{ deposited, exited, settled, bounties, writtenDown },
    liquidity: [...flows.values()],
    swaps: [...swaps, ...own.flatMap((act) => ("swap" in act ? [act.swap] : []))],
    trades: own.flatMap((act) => ("trade" in act ? [act.trade] : [])),
    managementShares: managed[0] ?? 0n,
    performanceShares: performed[0] ?? 0n,
  };
}

const NONE: Pair = [0n, 0n];
