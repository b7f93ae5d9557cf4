interface Vertex {
  readonly x: readonly number[];
  readonly value: number;
}

/**
 * The least value of a function of a few variables without derivatives (Nelder and Mead 1965). Deterministic.
 *
 * @param steps By variable: the size of the first simplex
 * @param precision Difference of the simplex's values to stop at, the objective's unit
 */
export function nelderMead(
  objective: (x: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  { evaluations, precision }: { readonly evaluations: number; readonly precision: number },
): Vertex {
  let used = 0;
  const at = (x: readonly number[]): Vertex => {
    used++;
    return { x, value: objective(x) };
  };
  const simplex = [at(start), ...steps.map((step, i) => at(start.map((value, j) => (i === j ? value + step : value))))];
  const order = (): void => {
    simplex.sort((p, q) => p.value - q.value);
  };
  order();
  while (used < evaluations) {
    const [best, worst, second] = [simplex[0]!, simplex.at(-1)!, simplex.at(-2)!];
    if (worst.value - best.value <= precision) break;
    const centre = start.map(
      (_, j) => simplex.slice(0, -1).reduce((sum, { x }) => sum + x[j]!, 0) / (simplex.length - 1),
    );
    const along = (share: number): Vertex => at(centre.map((value, j) => value + share * (worst.x[j]! - value)));
    const reflected = along(-1);
    let taken: Vertex | null = reflected;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      taken = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value >= second.value) {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      taken = contracted.value < Math.min(reflected.value, worst.value) ? contracted : null;
    }
    if (taken !== null) simplex[simplex.length - 1] = taken;
    else
      simplex.splice(1, simplex.length, ...simplex.slice(1).map(({ x }) => at(x.map((v, j) => (v + best.x[j]!) / 2))));
    order();
  }
  return simplex[0]!;
}
