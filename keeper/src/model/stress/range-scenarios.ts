import { type Scenario, type ScenarioGroup, type StressMarket, type StressRange, signed } from "./scenario.js";

/** How far beyond the edge a gap ends. */
const BEYOND = 0.1;

/** Prices that gap to each edge of each range and beyond it, while nothing else moves; and the same with all other risky assets. */
export function rangeScenarios(market: StressMarket): ScenarioGroup {
  return {
    key: "range",
    title: "Gaps through the range",
    note: "The price jumps to an edge of the range, and 10% beyond it, before anybody can trade. Alone, where no hedge helps, or with everything else.",
    scenarios: market.ranges.flatMap((range) => {
      const side = movingSide(market, range);
      // The edges as the token that moves has them.
      const [lower, upper] = side === 0 ? [range.toLower, range.toUpper] : [1 / range.toUpper, 1 / range.toLower];
      return [
        ...(lower < 1 ? edgeScenarios(market, range, side, { factor: lower, name: "lower", beyond: 1 - BEYOND }) : []),
        ...(upper > 1 ? edgeScenarios(market, range, side, { factor: upper, name: "upper", beyond: 1 + BEYOND }) : []),
      ];
    }),
  };
}

function edgeScenarios(
  { stable, symbols }: StressMarket,
  { indices }: StressRange,
  side: 0 | 1,
  edge: { readonly factor: number; readonly name: string; readonly beyond: number },
): Scenario[] {
  const asset = indices[side];
  const quote = indices[side === 0 ? 1 : 0];
  return [1, edge.beyond].flatMap((further): Scenario[] => {
    const factor = edge.factor * further;
    const where = `${further === 1 ? "to" : "10% beyond"} the ${edge.name} edge in ${symbols[quote]}`;
    const alone = stable.map((_, index) => (index === asset ? factor : 1));
    // What the pool counts in stays, or the price of the pool would.
    const together = stable.map((one, index) => (one || index === quote ? 1 : factor));
    const move = `${symbols[asset]} alone ${signed(factor - 1)}`;
    const moveAll = `${symbols[asset]} and the rest ${signed(factor - 1)}`;
    return [
      { name: `${move}, ${where}`, steps: [{ kind: "move", factors: alone }] },
      { name: `${moveAll}, ${where}`, steps: [{ kind: "move", factors: together }] },
    ];
  });
}

/** The token that moves: the one that is neither stable nor hedged by itself, token0 where both are alike. */
function movingSide({ stable, hedges }: StressMarket, { indices }: StressRange): 0 | 1 {
  const rank = (asset: number): number => (stable[asset] ? 2 : hedges.includes(asset) ? 1 : 0);
  return rank(indices[0]) <= rank(indices[1]) ? 0 : 1;
}
