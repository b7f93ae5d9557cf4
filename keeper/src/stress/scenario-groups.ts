import { betaScenarios, type SemiBetas } from "../model/stress/beta-scenarios.js";
import { correlationScenarios } from "../model/stress/correlation-scenarios.js";
import { depegScenarios } from "../model/stress/depeg-scenarios.js";
import { gridScenarios } from "../model/stress/grid-scenarios.js";
import { hedgeLossScenarios } from "../model/stress/hedge-loss-scenarios.js";
import { rangeScenarios } from "../model/stress/range-scenarios.js";
import type { ScenarioGroup, StressMarket } from "../model/stress/scenario.js";
import { type PriceHistory, semiBetasOf } from "./price-history.js";

/** How an alt's move over ETH's in ETH's worst and best 1% of hours differs from one, in the median of 23 alts (2021-04 to 2023-12). */
const USUAL: SemiBetas = { down: 1.06, up: 0.87 };

/** Every kind of scenario that says something about a market, in the order of a report, and how it was made, in words. */
export function scenarioGroups(
  market: StressMarket,
  prices: PriceHistory | undefined,
): { groups: ScenarioGroup[]; notes: string[] } {
  const { semi, notes } = semiBetasFor(market, prices);
  const groups = [
    betaScenarios(market, semi),
    rangeScenarios(market),
    hedgeLossScenarios(market),
    depegScenarios(market),
    gridScenarios(market),
    correlationScenarios(),
  ];
  return { groups: groups.filter(({ scenarios }) => scenarios.length > 0), notes };
}

/** Measured where prices tell, else the usual asymmetry on the betas of all hedges. */
function semiBetasFor({ betas, stable, hedges, symbols }: StressMarket, prices: PriceHistory | undefined) {
  const measured = prices === undefined ? [] : semiBetasOf(prices, { symbols, hedges });
  const semi = betas.map((row, asset): SemiBetas => {
    const beta = row.reduce((sum, value) => sum + value, 0);
    return measured[asset] ?? { down: USUAL.down * beta, up: USUAL.up * beta };
  });
  const notes = semi.flatMap(({ down, up }, asset) => {
    if (stable[asset] || hedges.includes(asset) || hedges.length === 0) return [];
    const from = measured[asset] ? "measured on the prices given" : `${USUAL.down} and ${USUAL.up} times its beta`;
    return [`${symbols[asset]}: a beta of ${down.toFixed(2)} in a fall and of ${up.toFixed(2)} in a rise, ${from}.`];
  });
  return { semi, notes };
}
