import type { Scenario, ScenarioGroup } from "./scenario.js";

const WEIGHTS = [0.25, 0.5, 1];

/** Correlations that go to one and to zero; prices stay. Source of R(λ): convexity of the set of correlation matrices. */
export function correlationScenarios(): ScenarioGroup {
  const scenarios = (["one", "zero"] as const).flatMap((towards) =>
    WEIGHTS.map((weight): Scenario => {
      const far = weight === 1 ? `all the way to ${towards}` : `${weight * 100}% of the way to ${towards}`;
      return { name: `correlations ${far}`, steps: [], covariance: { kind: "correlation", towards, weight } };
    }),
  );
  return {
    key: "correlation",
    title: "Correlations",
    note: "Prices stay; what changes is the volatility, and what the hedge takes out of it. Towards zero the shorts add risk instead of removing it.",
    scenarios,
  };
}
