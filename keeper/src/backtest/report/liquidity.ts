import { percent, plain, table } from "../../report/index.js";
import type { Outcome } from "../run/run-backtest.js";
import type { LiquidityCost } from "../score/liquidity-cost.js";

/** What each LP position loses whatever its hedge does, and the fees that pay for it; undefined where assets themselves are held. */
export function liquidityTable({ scores: { summary }, settings: { feeApr } }: Outcome): string | undefined {
  if (summary.liquidity === undefined) return undefined;
  const { assets, mean } = summary.liquidity;
  const header = [
    ...["Asset", "Volatility", "Loss vs rebalancing", "Re-centring", "Break-even fee APR", "Formula, at the centre"],
    ...(feeApr > 0 ? ["Given fee APR", "Beyond break-even, points"] : []),
  ];
  const row = (name: string, cost: LiquidityCost): string[] => [
    ...[name, percent(cost.volatility), percent(cost.lvr), percent(cost.recentring, 2)],
    ...[percent(cost.breakEvenFeeApr), percent(cost.centredFeeApr)],
    ...(feeApr > 0 ? [percent(feeApr), plain((feeApr - cost.breakEvenFeeApr) * 100, 1)] : []),
  ];
  return table(
    header,
    [...Object.entries(assets).map(([asset, cost]) => row(asset, cost)), row("mean", mean)],
    "Shares of the position's value a year. The loss is ½r²P²|V''| over the hours of its path; no hedge of its delta saves it. The formula is (σ²/8)/(1 − 1/√factor).",
  );
}
