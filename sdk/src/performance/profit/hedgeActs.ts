import { sum } from "../../math.js";
import type { HedgeLegState, HedgePosition } from "../../state/legTypes.js";
import { ONE, type Usd18 } from "../../units.js";
import type { ProfitParts } from "./parts.js";
import type { LegSwap, ProfitSample, VaultActs } from "./types.js";
import { amountUsd, find, settlementIndexOf, settlementUsd } from "./worth.js";

const MILLION = 1_000_000n;
/** Perp v2 takes a smaller size for nothing. */
const DUST = 10n;

/**
 * Trades of all legs, and what is left of the hedge legs' change once margin and trades are taken out: funding, or interest.
 *
 * Margin is what is left of the idle settlement tokens' change once everything else is taken out that moves them.
 */
export function hedgeActs(
  parts: ProfitParts,
  before: ProfitSample,
  after: ProfitSample,
  acts: VaultActs,
  because: string[],
): void {
  for (const swap of acts.swaps) {
    const hedges = after.state.legs.some(({ address, isHedge }) => isHedge && address === swap.leg);
    const { fee, slippage } = swapCost(before, swap);
    parts[hedges ? "hedgeFees" : "swapFees"] -= fee;
    parts[hedges ? "hedgeSlippage" : "swapSlippage"] -= slippage;
  }
  let traded = -sum(swapsOfHedges(after, acts).map((swap) => total(swapCost(before, swap))));
  for (const { assetIndex, size, notional, fee, penalty } of acts.trades) {
    const worth = (size * (before.own.mids[assetIndex] ?? 0n)) / ONE;
    const [cost, gain] = [settlementUsd(before, fee), settlementUsd(before, worth + notional)];
    const fine = settlementUsd(before, penalty);
    parts.hedgeFees -= cost;
    parts.hedgeSlippage += gain;
    parts.penalties -= fine;
    traded += gain - cost - fine;
  }
  const rest = restOfIdle(before, after, acts);
  const settlement = settlementIndexOf(after.state);
  for (const [index, amount] of rest.entries()) {
    if (index === settlement || amount === 0n) continue;
    because.push(`${after.state.assets[index]?.symbol} moved for a reason that no event tells`);
  }
  if (after.state.legs.some(({ kind }) => kind === "other")) because.push("a leg is of an unknown kind");
  because.push(...endedByVenue(before, after, acts));
  if (because.length > 0) return;
  parts.funding += equityChange(before, after) + amountUsd(before, settlement, rest[settlement] ?? 0n) - traded;
}

interface SwapCost {
  fee: Usd18;
  slippage: Usd18;
}

function total({ fee, slippage }: SwapCost): Usd18 {
  return fee + slippage;
}

function swapCost(before: ProfitSample, { indices, amounts, feeTier }: LegSwap): SwapCost {
  const into = amounts[0] > 0n ? 0 : 1;
  const fee = amountUsd(before, indices[into], (amounts[into] * feeTier) / MILLION);
  const all = amountUsd(before, indices[0], amounts[0]) + amountUsd(before, indices[1], amounts[1]);
  return { fee, slippage: all - fee };
}

function swapsOfHedges({ state }: ProfitSample, { swaps }: VaultActs): LegSwap[] {
  return swaps.filter(({ leg }) => state.legs.some(({ address, isHedge }) => isHedge && address === leg));
}

/** What idle tokens changed by, less everything that an event tells: margin, where nothing is amiss. */
function restOfIdle(before: ProfitSample, after: ProfitSample, acts: VaultActs): bigint[] {
  return after.state.assets.map(({ idle }, index) => {
    let rest = idle - (before.state.assets[index]?.idle ?? 0n) - (acts.deposited[index] ?? 0n);
    for (const out of [acts.exited, acts.settled, acts.bounties, acts.writtenDown]) rest += out[index] ?? 0n;
    for (const { indices, minted, collected } of acts.liquidity) {
      const side = indices.indexOf(index);
      if (side >= 0) rest += (minted[side] ?? 0n) - (collected[side] ?? 0n);
    }
    for (const { leg, indices, amounts } of acts.swaps) {
      const side = indices.indexOf(index);
      const own = after.state.legs.some(({ address, isHedge }) => !isHedge && address === leg);
      if (own && side >= 0) rest += amounts[side] ?? 0n;
    }
    return rest;
  });
}

function equityChange(before: ProfitSample, after: ProfitSample): Usd18 {
  const equities = ({ legs }: ProfitSample["own"], state: ProfitSample["state"]) =>
    sum(state.legs.map(({ address, kind }) => (kind === "hedge" ? (find(legs, address)?.equity ?? 0n) : 0n)));
  return equities(after.earlier, after.state) - equities(before.own, before.state);
}

/** Markets that the venue closed, at a price that is not the oracle's, and those whose size changed by something else than a trade: it settled them. */
function endedByVenue(before: ProfitSample, after: ProfitSample, { trades }: VaultActs): string[] {
  return after.state.legs.flatMap((leg) => {
    const old = before.state.legs.find(({ address }) => address === leg.address);
    if (leg.kind !== "hedge" || leg.fundingSource === null || old?.kind !== "hedge") return [];
    return leg.positions.flatMap((position) => {
      const { market, size } = position;
      const then = old.positions.find((one) => one.market === market);
      const own = trades.filter((trade) => trade.leg === leg.address && trade.market === market);
      const off = size - (then?.size ?? 0n) - sum(own.map((trade) => trade.size));
      if (isMore(off)) return [`the position in ${market} changed without a trade`];
      const closed = isClosed(leg, position) && !(then && isClosed(old, then));
      return closed ? [`the market ${market} was closed`] : [];
    });
  });
}

const isMore = (size: bigint): boolean => size >= DUST || size <= -DUST;

/** A position in a closed market waits for its settlement, without an exposure. */
function isClosed({ value }: HedgeLegState, { size, assetIndex }: HedgePosition): boolean {
  return isMore(size) && value?.exposure[assetIndex] === 0n;
}
