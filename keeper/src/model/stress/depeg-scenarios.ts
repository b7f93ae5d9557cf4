import { type Scenario, type ScenarioGroup, type StressMarket, signed } from "./scenario.js";

/** 0.88 is what USDC traded at in March 2023. */
const PEGS = [0.99, 0.97, 0.95, 0.88];
const MOVES = [0, -0.1, 0.1];

/** A settlement token under its peg, by itself and while the market moves: cash, margin and what the shorts gain are paid in it. */
export function depegScenarios(market: StressMarket): ScenarioGroup {
  const { settlement, stable, symbols } = market;
  const name = symbols[settlement]!;
  const factors = (peg: number, move: number): number[] =>
    stable.map((one, asset) => (asset === settlement ? peg : one ? 1 : 1 + move));
  return {
    key: "depeg",
    title: `${name} below its peg`,
    note: `Cash, margin and the profit of shorts are paid in ${name}. Beyond the price oracle's band for stables the chain measures nothing; these figures go on with its formula.`,
    scenarios: PEGS.flatMap((peg) =>
      MOVES.map((move): Scenario => {
        const rest = move === 0 ? "" : `, the rest ${signed(move)}`;
        return { name: `${name} at ${peg}${rest}`, steps: [{ kind: "move", factors: factors(peg, move) }] };
      }),
    ),
  };
}
