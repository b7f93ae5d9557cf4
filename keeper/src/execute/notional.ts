import type { VaultState } from "@crosshedge/sdk";
import type { PlanDecision } from "../plan/build-plan.js";

const usd = (value: bigint): number => Math.abs(Number(value)) / 1e18;

/** USD that a plan moves: by how much it changes exposures, or the margin that it moves where that is more. */
export function notionalOf(
  { orders, predicted }: PlanDecision,
  { portfolio, assets, settlementToken }: VaultState,
): number {
  const traded = (predicted?.exposure ?? []).reduce((sum, after, i) => sum + usd(after - portfolio.exposure[i]!), 0);
  const settlement = assets.find(({ address }) => address === settlementToken);
  const unit = settlement === undefined ? 0 : usd(settlement.price.mid) / 10 ** settlement.decimals;
  const margin = orders.reduce((sum, order) => {
    return order.action === "margin" ? sum + Math.abs(Number(order.amount)) * unit : sum;
  }, 0);
  return Math.max(traded, margin);
}
