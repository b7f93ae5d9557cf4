import { betaMove, riskyMove, type Scenario, type ScenarioGroup, type StressMarket, signed } from "./scenario.js";

/** How much harder the other assets move than their betas say. */
const RATIO_JUMP = 1.5;
const MOVE = 0.2;

/** Ratio of an asset's move to its hedge's in the hedge's worst and best hours. */
export interface SemiBetas {
  readonly down: number;
  readonly up: number;
}

/**
 * Assets that do as the hedges do not: betas that jump, hedges that rise while the rest falls, betas that are larger in a fall than in a rise.
 *
 * @param semi By asset, on all hedges together
 */
export function betaScenarios(market: StressMarket, semi: readonly SemiBetas[]): ScenarioGroup {
  const { hedges, symbols, stable } = market;
  const hedgeNames = hedges.map((asset) => symbols[asset]).join(", ");
  const others = symbols.filter((_, asset) => !stable[asset] && !hedges.includes(asset)).join(", ") || "nothing else";
  const apart = (up: number): Scenario => ({
    name: `${hedgeNames} ${signed(up)}, ${others} ${signed(-up)}`,
    steps: [riskyMove(market, (asset) => 1 + (hedges.includes(asset) ? up : -up))],
    covariance: { kind: "correlation", towards: "zero", weight: 1 },
  });
  const jump = (move: number): Scenario => ({
    name: `${hedgeNames} ${signed(move)}, ${others} by ${RATIO_JUMP} times the beta`,
    steps: [betaMove(market, 1 + move, RATIO_JUMP)],
    covariance: { kind: "betas", factor: RATIO_JUMP },
  });
  const oneSided = (move: number): Scenario => ({
    name: `${hedgeNames} ${signed(move)}, ${others} by the beta of a ${move < 0 ? "fall" : "rise"}`,
    steps: [
      riskyMove(market, (asset) => {
        if (hedges.includes(asset)) return 1 + move;
        return (1 + move) ** (move < 0 ? semi[asset]!.down : semi[asset]!.up);
      }),
    ],
  });
  return {
    key: "betas",
    title: "Betas",
    note: "The hedge is as large as the betas say. Here the market does otherwise: betas half as large again, hedges and the rest apart, betas larger in a fall than in a rise.",
    scenarios:
      hedges.length === 0 ? [] : [apart(MOVE), apart(-MOVE), jump(-MOVE), jump(MOVE), oneSided(-MOVE), oneSided(MOVE)],
  };
}
