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
      const lower = edgeScenarios(market, range, range.toLower, "lower", -BEYOND);
      const upper = edgeScenarios(market, range, range.toUpper, "upper", BEYOND);
      return [...(range.toLower < 1 ? lower : []), ...(range.toUpper > 1 ? upper : [])];
    }),
  };
}

function edgeScenarios(
  market: StressMarket,
  range: StressRange,
  edge: number,
  which: string,
  beyond: number,
): Scenario[] {
  const { stable, symbols } = market;
  const side = movingSide(market, range);
  const asset = range.indices[side];
  const symbol = symbols[asset]!;
  return [0, beyond].flatMap((further): Scenario[] => {
    const ratio = edge * (1 + further);
    const factor = side === 0 ? ratio : 1 / ratio;
    const where = `${further === 0 ? "to" : "10% beyond"} the ${which} edge of ${range.name}`;
    const alone = stable.map((_, index) => (index === asset ? factor : 1));
    const quote = range.indices[side === 0 ? 1 : 0];
    // What the pool counts in stays, or the price of the pool would.
    const together = stable.map((one, index) => (one || index === quote ? 1 : factor));
    return [
      { name: `${symbol} alone ${signed(factor - 1)}, ${where}`, steps: [{ kind: "move", factors: alone }] },
      { name: `${symbol} and the rest ${signed(factor - 1)}, ${where}`, steps: [{ kind: "move", factors: together }] },
    ];
  });
}

/** The token that moves: the one that is neither stable nor hedged by itself, token0 where both are alike. */
function movingSide({ stable, hedges }: StressMarket, { indices }: StressRange): 0 | 1 {
  const rank = (asset: number): number => (stable[asset] ? 2 : hedges.includes(asset) ? 1 : 0);
  return rank(indices[0]) <= rank(indices[1]) ? 0 : 1;
}
