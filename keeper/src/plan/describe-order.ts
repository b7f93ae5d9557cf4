import type { VaultState } from "@crosshedge/sdk";
import { formatToken } from "@crosshedge/sdk";
import type { PlannedOrder } from "./orders.js";
import { settlementIndex } from "./situation.js";

/** Digits behind the point that a person wants to see. */
const DIGITS = 4;

function amountOf(state: VaultState, asset: number, amount: bigint, decimals = state.assets[asset]!.decimals): string {
  const value = Number(formatToken(amount < 0n ? -amount : amount, decimals).replaceAll(",", ""));
  return `${value.toLocaleString("en-US", { maximumFractionDigits: DIGITS })} ${state.assets[asset]!.symbol}`;
}

/** One order in words, with amounts in whole tokens. */
export function describeOrder(order: PlannedOrder, state: VaultState): string {
  const leg = state.legs.find(({ address }) => address === order.leg);
  switch (order.action) {
    case "mint":
      return `provide liquidity on ticks ${order.tickLower} to ${order.tickUpper}`;
    case "burn": {
      const held = leg?.kind === "liquidity" ? leg.liquidity : 0n;
      const share = held > 0n ? Math.round(Number((order.liquidity * 1_000n) / held)) / 10 : 100;
      return share >= 100 ? "remove the liquidity" : `remove ${share}% of the liquidity`;
    }
    case "swap": {
      const [first, second] = leg?.kind === "liquidity" ? leg.indices : [0, 0];
      const [from, to] = order.zeroForOne ? [first, second] : [second, first];
      return `swap ${amountOf(state, from, order.amountIn)} for ${state.assets[to]!.symbol}`;
    }
    case "size": {
      const positions = leg?.kind === "hedge" ? leg.positions : [];
      const asset = positions.find(({ market }) => market === order.market)?.assetIndex ?? 0;
      return `${order.size < 0n ? "short" : "buy back"} ${amountOf(state, asset, order.size, 18)}`;
    }
    case "margin": {
      const settlement = amountOf(state, settlementIndex(state), order.amount);
      return order.amount > 0n ? `add ${settlement} of margin` : `take back ${settlement} of margin`;
    }
  }
}
