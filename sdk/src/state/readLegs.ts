import { MaxUint256 } from "ethers";
import { IHedgeLeg__views, ILeg__views, IUniswapV3Leg__views } from "../generated/abi.js";
import type { Batch, Pending } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { LegLayout } from "./layout.js";
import type { LegState, MarketQuote } from "./legTypes.js";
import { plainGammas } from "./plain.js";
import { addMarketFunding, type FundingTerms, fundingSourceOf } from "./readFunding.js";
import { addMaintenance } from "./readMaintenance.js";
import type { VaultState } from "./types.js";

/** By its number in contracts/types/Plan.sol. */
const MINT = 0n;

type LiquidityLayout = Extract<LegLayout, { kind: "liquidity" }>;
type HedgeLayout = Extract<LegLayout, { kind: "hedge" }>;

function addCommon(batch: Batch, { address, venue, isHedge }: LegLayout, prices: VaultState["prices"]) {
  const leg = contractAt(ILeg__views, address);
  const isEmpty = batch.add(contractCall(leg, "isEmpty"));
  const value = batch.add(contractCall(leg, "measure", prices));
  const marginRatio = batch.add(contractCall(leg, "marginRatio", prices));
  const disagreement = batch.add(contractCall(leg, "disagreement", prices));
  return () => {
    const measured = prices.ok ? value.value() : null;
    const ratio = marginRatio.orNull();
    return {
      address,
      venue,
      isHedge,
      isEmpty: (prices.ok ? isEmpty.value() : isEmpty.orNull()) ?? false,
      value: measured && {
        equity: measured.equity,
        closeOutCost: measured.closeOutCost,
        venueGap: measured.venueGap,
        exposure: [...measured.exposure],
        gammas: plainGammas(measured.gammas),
      },
      marginRatio: ratio === MaxUint256 ? null : ratio,
      disagreement: prices.ok ? disagreement.orNull() : null,
    };
  };
}

function addLiquidity(batch: Batch, { address, pool, indices }: LiquidityLayout, prices: VaultState["prices"]) {
  const leg = contractAt(IUniswapV3Leg__views, address);
  const position = batch.add(contractCall(leg, "position"));
  const [mid0, mid1] = indices.map((index) => prices.mid[index] ?? 0n) as [bigint, bigint];
  const amounts = batch.add(contractCall(leg, "amounts", mid0, mid1));
  const deviation = batch.add(contractCall(leg, "deviation", { leg: address, action: MINT, params: "0x" }, prices));
  return () => {
    const { tickLower, tickUpper, liquidity } = position.value();
    const held = prices.ok ? amounts.value() : null;
    return {
      kind: "liquidity" as const,
      pool,
      indices,
      tickLower: Number(tickLower),
      tickUpper: Number(tickUpper),
      liquidity,
      deviation: prices.ok ? deviation.orNull() : null,
      amounts: held && ([held.amount0, held.amount1] as [bigint, bigint]),
      fees: held && ([held.fees0, held.fees1] as [bigint, bigint]),
    };
  };
}

function addHedge(
  batch: Batch,
  { address, markets, funding }: HedgeLayout,
  prices: VaultState["prices"],
  terms: FundingTerms,
) {
  const leg = contractAt(IHedgeLeg__views, address);
  const cash = batch.add(contractCall(leg, "cash"));
  const weight = batch.add(contractCall(leg, "collateralWeight"));
  const maintenance = addMaintenance(batch, funding);
  const positions = markets.map((market) => ({
    market,
    position: batch.add(contractCall(leg, "position", market.market)),
    quote: batch.add(contractCall(leg, "quote", market.market)),
    funding: addMarketFunding(batch, funding, terms, market.market),
  }));
  return () => {
    const needed: Pending<unknown>[] = [cash, weight, ...positions.map(({ position }) => position)];
    // A venue that does not answer lets nothing be valued: its leg is known by its address alone.
    if (!prices.ok && needed.some((read) => read.orNull() === null)) return { kind: "other" as const };
    return {
      kind: "hedge" as const,
      cash: cash.value(),
      collateralWeight: weight.value(),
      maintenanceRatio: maintenance(),
      fundingSource: fundingSourceOf(funding, terms),
      positions: positions.map(({ market, position, quote, funding }) => {
        const { size, openNotional } = position.value();
        return { ...market, size, openNotional, quote: plainQuote(quote.orNull()), funding: funding() };
      }),
    };
  };
}

/** A market that cannot be traded answers with zeros, or not at all. */
function plainQuote(answer: MarketQuote | null): MarketQuote | null {
  if (answer === null || answer.price === 0n || answer.depth === 0n) return null;
  const { price, fee, depth } = answer;
  return { price, fee, depth };
}

/** Adds the reads of one leg at a price snapshot; call the result once the batch is sent. */
export function addLeg(
  batch: Batch,
  leg: LegLayout,
  prices: VaultState["prices"],
  terms: FundingTerms,
): () => LegState {
  const common = addCommon(batch, leg, prices);
  switch (leg.kind) {
    case "liquidity": {
      const own = addLiquidity(batch, leg, prices);
      return () => ({ ...common(), ...own() });
    }
    case "hedge": {
      const own = addHedge(batch, leg, prices, terms);
      return () => ({ ...common(), ...own() });
    }
    case "other":
      return () => ({ ...common(), kind: "other" });
  }
}
