import { id, ZeroAddress } from "ethers";
import { erc20 } from "../abi/erc20.js";
import type { VaultEvent, VaultEventName } from "./events.js";
import { type Followed, isIn, readFollowed } from "./followed.js";
import type { HistoryNode } from "./node.js";

/**
 * Counters that the chain keeps and that a history without gaps adds up to. Decimal strings.
 */
export interface Counts {
  /** Shares minted less burned, by transfers. */
  readonly supply: string;
  /** The same by what deposits, fees, exits and settlements say. */
  readonly flows: string;
  /** Shares that the vault holds, which wait in its queue. */
  readonly escrow: string;
  /** Plans by Rebalancer. */
  readonly epochs: Readonly<Record<string, number>>;
  /** Whether the history begins with the vault: what is not in `epochs` has none then. */
  readonly whole: boolean;
  /** Last block at which the chain's own counters were the same. */
  readonly checkedTo: number;
}

/** What the chain says at a block. */
export interface ChainCounts {
  readonly supply: bigint;
  readonly escrow: bigint;
  readonly epochs: ReadonlyMap<string, number>;
  readonly rebalancer: string;
  readonly legs: readonly string[];
}

const EPOCH = id("epoch()").slice(0, 10);
const FLOWS: readonly VaultEventName[] = ["BasketDeposit", "FeesAccrued", "ExitInKind", "Settled"];

/** Counts of before a vault's first block. */
export const noCounts = (checkedTo: number): Counts => ({
  ...{ supply: "0", flows: "0", escrow: "0", epochs: {}, whole: true, checkedTo },
});

/** The chain's counters at a block; null where the node does not keep its state. */
export async function readCounts(
  node: HistoryNode,
  vault: string,
  rebalancers: readonly string[],
  block: number,
): Promise<ChainCounts | null> {
  const [supply, escrow, own, ...epochs] = await Promise.all([
    node.call(vault, erc20.totalSupply(vault).data, block),
    node.call(vault, erc20.balanceOf(vault, vault).data, block),
    readFollowed(node, vault, block),
    ...rebalancers.map((rebalancer) => node.call(rebalancer, EPOCH, block)),
  ]);
  if (!supply || !escrow || !own || epochs.includes(null)) return null;
  const counted = rebalancers.map((address, k) => [address, Number(epochs[k])] as const);
  return { supply: BigInt(supply), escrow: BigInt(escrow), epochs: new Map(counted), ...own };
}

/** Counts at a block from what the chain says. */
export function countsFrom({ supply, escrow, epochs }: ChainCounts, block: number): Counts {
  return {
    ...{ supply: String(supply), flows: String(supply), escrow: String(escrow) },
    ...{ epochs: Object.fromEntries(epochs), whole: false, checkedTo: block },
  };
}

/** Counts after events; before them where `sign` is −1. */
export function countOn(counts: Counts, vault: string, events: readonly VaultEvent[], sign: 1 | -1 = 1): Counts {
  let [supply, flows, escrow] = [BigInt(counts.supply), BigInt(counts.flows), BigInt(counts.escrow)];
  const epochs = { ...counts.epochs };
  const by = BigInt(sign);
  for (const { name, args, contract } of events) {
    if (name === "Transfer") {
      if (args.from === ZeroAddress) supply += by * args.value;
      if (args.to === ZeroAddress) supply -= by * args.value;
      if (args.to === vault) escrow += by * args.value;
      if (args.from === vault) escrow -= by * args.value;
    } else if (name === "BasketDeposit") flows += by * args.shares;
    else if (name === "FeesAccrued") flows += by * (args.managementShares + args.performanceShares);
    else if (name === "ExitInKind" || name === "Settled") flows -= by * args.shares;
    else if (name === "Rebalanced" && (epochs[contract] !== undefined || counts.whole)) {
      epochs[contract] = (epochs[contract] ?? 0) + sign;
    }
  }
  return { ...counts, supply: String(supply), flows: String(flows), escrow: String(escrow), epochs };
}

/** Whether a history's counts are the chain's; only of events that are read. */
export function agree(
  counts: Counts,
  chain: ChainCounts,
  names: ReadonlySet<VaultEventName>,
  followed: readonly Followed[],
  block: number,
): boolean {
  const transfers = names.has("Transfer");
  if (transfers && (BigInt(counts.supply) !== chain.supply || BigInt(counts.escrow) !== chain.escrow)) return false;
  if (FLOWS.every((name) => names.has(name)) && BigInt(counts.flows) !== chain.supply) return false;
  const open = followed.filter(({ to, from }) => from <= block && (to === null || to > block));
  const legs = open.filter(({ kind }) => kind === "leg").map(({ address }) => address);
  if (open.find(({ kind }) => kind === "rebalancer")?.address !== chain.rebalancer) return false;
  if ([...legs].sort().join() !== [...chain.legs].sort().join()) return false;
  if (!names.has("Rebalanced")) return true;
  return [...chain.epochs].every(([address, epoch]) => {
    const counted = counts.epochs[address] ?? (counts.whole ? 0 : epoch);
    return counted === epoch;
  });
}

/** Counts that are the chain's, with those that it told for the first time. */
export function confirmed(counts: Counts, chain: ChainCounts, block: number): Counts {
  return { ...counts, epochs: { ...counts.epochs, ...Object.fromEntries(chain.epochs) }, checkedTo: block };
}

/** Rebalancers that were the vault's own in a block. */
export const rebalancersAt = (followed: readonly Followed[], block: number): string[] => [
  ...new Set(followed.filter((one) => one.kind === "rebalancer" && isIn(one, block)).map(({ address }) => address)),
];
