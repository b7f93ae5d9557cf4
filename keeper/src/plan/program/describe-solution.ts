import type { HedgeProgram } from "./hedge-program.js";
import type { HedgeSolution } from "./hedge-solution.js";
import type { LimitName } from "./limit-uses.js";

const DAYS = 365;
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const figure = (value: number): string => (Math.abs(value) >= 100 ? whole : short).format(value);
const usd = (value: number): string => `${value < 0 ? "-" : ""}$${figure(Math.abs(value))}`;

/** The facts of a solution in sentences, most important first. */
export function describeSolution(program: HedgeProgram, solution: Omit<HedgeSolution, "reasons">): string[] {
  const { variance, cost, binding, resting } = solution;
  const yearly = [variance.before, variance.after, variance.unhedged].map((value) =>
    usd(Math.sqrt(Math.max(0, value))),
  );
  const over = `over ${figure(program.horizon * DAYS)} days`;
  const reasons = [`volatility goes from ${yearly[0]} to ${yearly[1]} a year; without a hedge it is ${yearly[2]}`];
  if (cost.trading > 0) reasons.push(`the trades cost ${usd(cost.trading)}`);
  if (cost.impact > 0) reasons.push(`their impact costs ${usd(cost.impact)}`);
  if (cost.funding !== 0) {
    reasons.push(`funding ${cost.funding > 0 ? "costs" : "brings"} ${usd(Math.abs(cost.funding))} ${over}`);
  }
  for (const limit of binding) {
    const unit = limit.kind === "gamma" || limit.kind === "vega" ? "one unit" : "$1";
    const gain = `${unit} more would be worth ${usd(limit.price)} ${over}`;
    reasons.push(`${describeLimit(program, limit, limit.allowed)} binds: ${gain}`);
  }
  if (resting.length > 0) reasons.push(`${resting.join(", ")} stays: a trade gains less than it costs`);
  return reasons;
}

/** A limit in words, at a figure. */
export function describeLimit(
  { instruments, limits }: HedgeProgram,
  { kind, bound, instrument, venue }: LimitName,
  at: number,
): string {
  const side = bound === "upper" ? "at most" : "at least";
  const name = instrument === undefined ? "" : instruments[instrument]!.name;
  switch (kind) {
    case "margin":
      return `${usd(at)} of margin`;
    case "venues":
      return `${usd(at)} of margin at ${venue}`;
    case "gross":
      return `a sum of positions of ${usd(at)}`;
    case "turnover":
      return `a turnover of ${usd(at)}`;
    case "netExposure":
      return `a net exposure of ${side} ${usd(at)}`;
    case "gamma":
    case "vega": {
      const exact = limits[kind]?.lower !== undefined && limits[kind].lower === limits[kind].upper;
      return `a ${kind} of ${exact ? "exactly" : side} ${figure(at)}`;
    }
    case "cap":
      return `a position in ${name} of ${side} ${usd(at)}`;
    case "side":
      if (at !== 0) return `a position in ${name} of ${side} ${usd(at)}`;
      return bound === "upper" ? `no long position in ${name}` : `no short position in ${name}`;
  }
}
