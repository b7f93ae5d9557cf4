import type { HedgeTarget } from "./hedge.js";
import type { Situation } from "./situation.js";

const usd = (value: number): string => `$${Math.abs(value).toFixed(0)}`;
const verb = (cost: number): string => (cost > 0 ? "costs" : "brings");

/** What the shorts are expected to cost or to bring a year, by market, and how that is known; nothing where there are none. */
export function describeCarry(
  targets: readonly HedgeTarget[],
  funding: Situation["funding"],
  symbols: readonly string[],
): string[] {
  const held = targets.filter(({ target }) => Math.round(target) !== 0);
  if (held.length === 0) return [];
  const lines = held.map(({ leg, market, asset, target }) => {
    const expected = funding[leg]?.[market];
    const rate = expected?.rate ?? null;
    if (rate === null) {
      const why = expected === undefined ? "" : ` (${expected.basis})`;
      return { cost: 0, words: `the carry of ${symbols[asset]} is not known${why} and counts as zero` };
    }
    const cost = rate * target;
    const words = `${symbols[asset]} ${verb(cost)} ${usd(cost)}, funding ${(rate * 100).toFixed(1)}% (${expected!.basis})`;
    return { cost, words };
  });
  const total = lines.reduce((sum, { cost }) => sum + cost, 0);
  return [`the hedge's carry ${verb(total)} ${usd(total)} a year: ${lines.map(({ words }) => words).join("; ")}`];
}
