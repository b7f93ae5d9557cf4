import type { Table } from "../../../keeper/src/backtest/data/table.js";
import { returnsOf } from "../../../keeper/src/backtest/data/table.js";
import { FilteredMoves } from "../../../keeper/src/model/margin/filtered-moves.js";
import { firstPassageProbability } from "../../../keeper/src/model/margin/first-passage.js";
import { largestLeverage, optimumLeverage } from "../../../keeper/src/model/margin/leverage.js";
import { squareRootImpact } from "../../../keeper/src/model/margin/liquidity-adjusted.js";
import { requiredMargin } from "../../../keeper/src/model/margin/required-margin.js";
import { PERIODS } from "./sample.js";
import type { JudgedWindow } from "./windows.js";

const MAINTENANCE = 0.0625;
const [HOURS, A_YEAR] = [24, 8_760];
/** Costs that the optimum is shown for: idle money at 5% a year; a liquidation of a million dollars in a market of a hundred million a day at 2.5%. */
const [IDLE, FEE, NOTIONAL, VOLUME] = [0.05, 0.025, 1e6, 1e8];

/** Leverage by asset: how often a short of it was liquidated within a day without a top-up, beside what normal returns say, and the cheapest. */
export function describeLeverage(
  { grid, columns }: Table,
  judged: ReadonlyMap<string, readonly JudgedWindow[]>,
): string {
  const [from, to] = PERIODS.at(-1)!.map((day) => Date.parse(day) / 1000) as [number, number];
  const lines = [
    `\nShorts without a top-up for ${HOURS} h, maintenance ${MAINTENANCE * 100}%, ${PERIODS.at(-1)!.join(" to ")}: share liquidated by hourly closes (by first passage at the whole sample's volatility)`,
  ];
  for (const [asset, windows] of judged) {
    const own = windows.filter(({ time }) => time >= from && time <= to);
    const returns = returnsOf(columns.get(asset)!).filter(
      (value, row) => !Number.isNaN(value) && grid.start + row * 3_600 >= from,
    );
    const volatility = Math.sqrt((returns.reduce((sum, value) => sum + value ** 2, 0) / returns.length) * A_YEAR);
    const risk = { maintenance: MAINTENANCE, volatility, years: HOURS / A_YEAR, step: 1 / A_YEAR };
    const cells = [2, 3, 5, 10].map((leverage) => {
      const margin = 1 / leverage;
      const barrier = Math.log((1 + margin) / (1 + MAINTENANCE));
      const share = own.filter(({ move }) => move > barrier).length / own.length;
      const normal = firstPassageProbability({ margin, ...risk });
      return `${leverage}x ${(share * 100).toFixed(3)}% (${(normal * 100).toPrecision(1)}%)`;
    });
    const moves = new FilteredMoves();
    for (const value of returnsOf(columns.get(asset)!)) moves.add(value);
    const day = volatility * Math.sqrt(HOURS / A_YEAR);
    const impact = squareRootImpact(NOTIONAL, day, VOLUME);
    const move = moves.unconditionalQuantile(0.001)!;
    const short = { move, addOn: impact };
    const optimum = optimumLeverage({
      ...{ idleRate: IDLE, liquidation: FEE + impact + day ** 2 / 2, latencyYears: HOURS / A_YEAR },
      probability: (margin) => {
        const barrier = Math.log1p(margin) - Math.log1p(MAINTENANCE);
        return own.filter((one) => one.move > barrier).length / own.length;
      },
    });
    lines.push(
      `  ${asset.padEnd(4)} ${cells.join("  ")}`,
      `       99.9% of all windows: a move of ${(100 * Math.expm1(move)).toFixed(1)}%, margin ${(100 * requiredMargin(short, MAINTENANCE)).toFixed(0)}%, leverage ${largestLeverage(short, MAINTENANCE).toFixed(1)}x at most; the worst was ${(100 * Math.expm1(moves.worst)).toFixed(1)}%; cheapest ${optimum.leverage.toFixed(1)}x at ${(100 * optimum.cost).toFixed(1)}% a year`,
    );
  }
  return lines.join("\n");
}
