import { MaxUint256 } from "ethers";
import { ILeg__factory, IPerpV2Leg__factory, IUniswapV3Leg__factory } from "../generated/index.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import type { LegLayout } from "./layout.js";
import type { LegState } from "./legTypes.js";
import { plainGammas } from "./plain.js";
import type { VaultState } from "./types.js";

type UniswapLayout = Extract<LegLayout, { venue: "uniswap-v3" }>;
type PerpLayout = Extract<LegLayout, { venue: "perp-v2" }>;

function addCommon(batch: Batch, { address, isHedge }: LegLayout, prices: VaultState["prices"]) {
  const leg = ILeg__factory.connect(address);
  const isEmpty = batch.add(contractCall(leg, "isEmpty"));
  const value = batch.add(contractCall(leg, "measure", prices));
  const marginRatio = batch.add(contractCall(leg, "marginRatio", prices));
  return () => {
    const measured = prices.ok ? value.value() : null;
    const ratio = marginRatio.orNull();
    return {
      address,
      isHedge,
      isEmpty: isEmpty.value(),
      value: measured && {
        equity: measured.equity,
        closeOutCost: measured.closeOutCost,
        venueGap: measured.venueGap,
        exposure: [...measured.exposure],
        gammas: plainGammas(measured.gammas),
      },
      marginRatio: ratio === MaxUint256 ? null : ratio,
    };
  };
}

function addUniswap(batch: Batch, { address, pool, indices }: UniswapLayout, prices: VaultState["prices"]) {
  const leg = IUniswapV3Leg__factory.connect(address);
  const position = batch.add(contractCall(leg, "position"));
  const [mid0, mid1] = indices.map((index) => prices.mid[index] ?? 0n) as [bigint, bigint];
  const amounts = batch.add(contractCall(leg, "amounts", mid0, mid1));
  return () => {
    const { tickLower, tickUpper, liquidity } = position.value();
    const held = prices.ok ? amounts.value() : null;
    return {
      venue: "uniswap-v3" as const,
      pool,
      indices,
      tickLower: Number(tickLower),
      tickUpper: Number(tickUpper),
      liquidity,
      amounts: held && ([held.amount0, held.amount1] as [bigint, bigint]),
      fees: held && ([held.fees0, held.fees1] as [bigint, bigint]),
    };
  };
}

function addPerp(batch: Batch, { address, clearingHouse, markets }: PerpLayout) {
  const leg = IPerpV2Leg__factory.connect(address);
  const cash = batch.add(contractCall(leg, "cash"));
  const positions = markets.map((market) => ({
    market,
    position: batch.add(contractCall(leg, "position", market.market)),
  }));
  return () => ({
    venue: "perp-v2" as const,
    clearingHouse,
    cash: cash.value(),
    positions: positions.map(({ market, position }) => {
      const { size, openNotional } = position.value();
      return { ...market, size, openNotional };
    }),
  });
}

/** Adds the reads of one leg at a price snapshot; call the result once the batch is sent. */
export function addLeg(batch: Batch, leg: LegLayout, prices: VaultState["prices"]): () => LegState {
  const common = addCommon(batch, leg, prices);
  switch (leg.venue) {
    case "uniswap-v3": {
      const venue = addUniswap(batch, leg, prices);
      return () => ({ ...common(), ...venue() });
    }
    case "perp-v2": {
      const venue = addPerp(batch, leg);
      return () => ({ ...common(), ...venue() });
    }
    case "other":
      return () => ({ ...common(), venue: "other" });
  }
}
