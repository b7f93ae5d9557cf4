import { sum } from "../../math.js";
import type { VaultState } from "../../state/types.js";
import type { Usd18 } from "../../units.js";
import { hedgeActs } from "./hedgeActs.js";
import { noProfit, type ProfitParts, totalOf } from "./parts.js";
import type { HoldersProfit, LegWorth, Pair, ProfitFlows, ProfitSample, VaultActs } from "./types.js";
import { amountUsd, find, navAt, settlementIndexOf } from "./worth.js";

/** The tokens that each liquidity leg's position is compared with, by leg: what it held when its range or size last changed. */
export type Benchmarks = Map<string, Pair>;

/** The profit between two samples that follow one another. */
export interface Segment {
  parts: ProfitParts;
  flows: ProfitFlows;
  holders: HoldersProfit;
  roundings: number;
  because: string[];
}

/** Every amount that is valued by itself is rounded by less than a unit: so many of them a leg and an asset at the most. */
const ROUNDINGS_EACH = 16;

/**
 * What happened between two samples, in two steps: everything that was done, at the prices of the first; then the move to the prices of the second.
 *
 * @param acts Between the two blocks, the second included
 * @param benchmarks Brought up to date
 */
export function segmentBetween(
  before: ProfitSample,
  after: ProfitSample,
  acts: VaultActs,
  benchmarks: Benchmarks,
): Segment {
  const parts = noProfit();
  const because: string[] = [];
  const flows = flowsOf(before, acts);
  const navs = [navAt(before.state, before.own), navAt(after.state, after.earlier), navAt(after.state, after.own)];
  const [first, done, last] = navs as [Usd18, Usd18, Usd18];
  addActs(parts, before, after, acts, because);
  renew(benchmarks, before, after);
  addMove(parts, after, benchmarks);
  const net = flows.deposits - flows.exits - flows.settlements;
  const profit = last - first - net;
  parts.unattributed = profit - totalOf(parts);
  const shares = { before: before.state.totalSupply, after: after.state.totalSupply };
  const roundings = ROUNDINGS_EACH * (after.state.assets.length + after.state.legs.length + acts.trades.length);
  return { parts, flows, holders: holdersOf(acts, shares, done, net, profit), roundings, because };
}

function flowsOf(before: ProfitSample, acts: VaultActs): ProfitFlows {
  const worth = (amounts: readonly bigint[]) => sum(amounts.map((amount, i) => amountUsd(before, i, amount)));
  return { deposits: worth(acts.deposited), exits: worth(acts.exited), settlements: worth(acts.settled) };
}

const NONE: Pair = [0n, 0n];
const SIDES = [0, 1] as const;

/** What was done, at the prices of before it. */
function addActs(parts: ProfitParts, before: ProfitSample, after: ProfitSample, acts: VaultActs, because: string[]) {
  for (const leg of liquidityLegs(before.state, after.state)) {
    const [start, end] = [find(before.own.legs, leg.address), find(after.earlier.legs, leg.address)];
    const flow = acts.liquidity.find((one) => one.leg === leg.address);
    for (const side of SIDES) {
      const index = leg.indices[side];
      const [minted, burned] = [flow?.minted[side] ?? 0n, flow?.burned[side] ?? 0n];
      const fees = (end?.fees?.[side] ?? 0n) - (start?.fees?.[side] ?? 0n) + (flow?.collected[side] ?? 0n) - burned;
      const held = (end?.amounts?.[side] ?? 0n) - (start?.amounts?.[side] ?? 0n);
      parts.lpFees += amountUsd(before, index, fees);
      parts.liquidityChanges += amountUsd(before, index, held - minted + burned);
    }
  }
  parts.bounties -= sum(acts.bounties.map((amount, i) => amountUsd(before, i, amount)));
  parts.writtenDown -= sum(acts.writtenDown.map((amount, i) => amountUsd(before, i, amount)));
  hedgeActs(parts, before, after, acts, because);
}

/** The move from the prices of before to those of now, of what is held now. */
function addMove(parts: ProfitParts, { state, own, earlier }: ProfitSample, benchmarks: Benchmarks) {
  if (own === earlier) return;
  const moved = (index: number, amount: bigint) =>
    (amount * ((own.mids[index] ?? 0n) - (earlier.mids[index] ?? 0n))) /
    10n ** BigInt(state.assets[index]?.decimals ?? 0);
  for (const [index, { idle }] of state.assets.entries()) parts.idleTokens += moved(index, idle);
  for (const leg of state.legs) {
    const [now, then] = [find(own.legs, leg.address), find(earlier.legs, leg.address)];
    const change = (now?.equity ?? 0n) - (then?.equity ?? 0n);
    if (leg.kind === "liquidity") {
      const held = benchmarks.get(leg.address) ?? NONE;
      const asHeld = sum(SIDES.map((side) => moved(leg.indices[side], held[side] + (now?.fees?.[side] ?? 0n))));
      parts.heldLiquidity += asHeld;
      parts.impermanentLoss += change - asHeld;
    } else if (leg.kind === "hedge") {
      const margin = marginMove(state, then, earlier.mids, own.mids);
      parts.margin += margin;
      parts.hedgePrice += change - margin;
    }
  }
}

function marginMove(
  state: VaultState,
  leg: LegWorth | undefined,
  then: readonly Usd18[],
  now: readonly Usd18[],
): Usd18 {
  const index = settlementIndexOf(state);
  const [p0, p1] = [then[index] ?? 0n, now[index] ?? 0n];
  return leg === undefined || p0 === 0n ? 0n : (leg.settlementExposure * (p1 - p0)) / p0;
}

/** A position that changed begins anew with what it holds now. */
function renew(benchmarks: Benchmarks, before: ProfitSample, after: ProfitSample): void {
  for (const leg of after.state.legs) {
    if (leg.kind !== "liquidity") continue;
    const old = before.state.legs.find(({ address }) => address === leg.address);
    const same =
      old?.kind === "liquidity" &&
      old.liquidity === leg.liquidity &&
      old.tickLower === leg.tickLower &&
      old.tickUpper === leg.tickUpper;
    if (same && benchmarks.has(leg.address)) continue;
    const from = same ? before.own.legs : after.earlier.legs;
    benchmarks.set(leg.address, find(from, leg.address)?.amounts ?? NONE);
  }
}

function holdersOf(
  acts: VaultActs,
  shares: { before: bigint; after: bigint },
  nav: Usd18,
  net: Usd18,
  profit: Usd18,
): HoldersProfit {
  const { managementShares, performanceShares } = acts;
  const worth = (amount: bigint) => (shares.after === 0n ? 0n : (amount * nav) / shares.after);
  const traded = shares.after - shares.before - managementShares - performanceShares;
  const spreadGained = shares.before === 0n || shares.after === 0n ? 0n : net - worth(traded);
  const [managementFees, performanceFees] = [worth(managementShares), worth(performanceShares)];
  return {
    spreadGained,
    managementFees,
    performanceFees,
    profit: profit + spreadGained - managementFees - performanceFees,
  };
}

function liquidityLegs(a: VaultState, b: VaultState) {
  const all = [...b.legs, ...a.legs.filter((leg) => !b.legs.some(({ address }) => address === leg.address))];
  return all.filter((leg) => leg.kind === "liquidity");
}
