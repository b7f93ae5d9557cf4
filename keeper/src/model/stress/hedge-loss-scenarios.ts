import { betaMove, type Scenario, type ScenarioGroup, type StressMarket, signed } from "./scenario.js";

const LOW = -0.2;
const SHARES = [0.5, 1];
const THEN = [-0.1, 0.1];
/** Under the oracle's price, when everybody wants the same shorts. */
const SPREAD = 0.01;

/** Shorts that a venue takes away at the low, as auto-deleveraging does with profitable ones, and that come back later at a spread. */
export function hedgeLossScenarios(market: StressMarket): ScenarioGroup {
  const scenarios = SHARES.flatMap((share) =>
    THEN.flatMap((next) =>
      THEN.map(
        (last): Scenario => ({
          name: `${signed(LOW)}, ${share * 100}% of the hedge gone, ${signed(next)}, back at a spread of ${signed(SPREAD).slice(1)}, ${signed(last)}`,
          steps: [
            betaMove(market, 1 + LOW),
            { kind: "removeHedge", share },
            betaMove(market, 1 + next),
            { kind: "reenter", spread: SPREAD },
            betaMove(market, 1 + last),
          ],
        }),
      ),
    ),
  );
  return {
    key: "hedgeLoss",
    title: "The hedge removed at the low",
    note: "A venue that runs out of losers closes the shorts that win (auto-deleveraging): their profit is paid, and the vault stands without them until they are sold again.",
    scenarios: market.hedges.length === 0 ? [] : scenarios,
  };
}
