/** What decides how far a position may drift from its target. All per year and per unit of NAV, or all in one other unit. */
export interface BandInputs {
  /** Cost of one unit of trade. */
  readonly kappa: number;
  /** Volatility of the distance between the target and an untouched position. */
  readonly nu: number;
  /** Risk aversion. */
  readonly gamma: number;
  /** Volatility of the instrument. */
  readonly sigma: number;
}

/** Half-width of the no-trade band under proportional cost: (3κν²/2γσ²)^⅓. Trade to its edge. */
export function bandHalfWidth({ kappa, nu, gamma, sigma }: BandInputs): number {
  return Math.cbrt((3 * kappa * nu * nu) / (2 * gamma * sigma * sigma));
}

/**
 * Time over which a cost must be spread in a one-period program for its no-trade region to be as wide as the band: κ/(γσ²Δ), years.
 * Endless where the band has no width: a cost spread over it counts for nothing.
 */
export function bandHorizon(inputs: BandInputs): number {
  const { kappa, gamma, sigma } = inputs;
  const width = bandHalfWidth(inputs);
  return width > 0 ? kappa / (gamma * sigma * sigma * width) : Number.POSITIVE_INFINITY;
}

/**
 * Distance at which a trade pays where each trade has a fixed cost too: the root of (γσ²/6)Δ⁴ = 2gν² + κν²Δ. Trade to the centre.
 * For whoever pays gas from the position itself; the keeper's own plans do not, as its gas is not the vault's.
 *
 * @param fixed Cost of one trade of any size
 */
export function bandTrigger(inputs: BandInputs, fixed: number): number {
  const { kappa, nu, gamma, sigma } = inputs;
  const quartic = (gamma * sigma * sigma) / 6;
  const linear = kappa * nu * nu;
  const constant = 2 * fixed * nu * nu;
  if (linear === 0 && constant === 0) return 0;
  let delta = Math.cbrt(linear / quartic) + Math.sqrt(Math.sqrt(constant / quartic));
  for (let i = 0; i < 100; i++) {
    const value = quartic * delta ** 4 - linear * delta - constant;
    const next = delta - value / (4 * quartic * delta ** 3 - linear);
    if (Math.abs(next - delta) <= 1e-16 * delta) return next;
    delta = next;
  }
  return delta;
}

/** Where to go from `current`: nowhere inside the band, else to its nearer edge or to the target. */
export function insideBand(current: number, target: number, halfWidth: number, goTo: "edge" | "centre"): number {
  const gap = current - target;
  if (Math.abs(gap) <= halfWidth) return current;
  return goTo === "centre" ? target : target + Math.sign(gap) * halfWidth;
}
