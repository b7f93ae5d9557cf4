import { Matrix, solve } from "ml-matrix";
import { type HedgeProgram, smoothObjective } from "../../../../keeper/src/plan/program/hedge-program.js";
import { solveHedgeProgram } from "../../../../keeper/src/plan/program/solve-hedge-program.js";
import { seededNormals } from "../../../support/random.js";
import type { EngineCase } from "../case.js";

/** A book of twenty assets with one factor in common, hedged with the first of them, under limits that bind. */
function programOf(hedges: number, seed: number): HedgeProgram {
  const normal = seededNormals(seed);
  const assets = 20;
  const loadings = Array.from({ length: assets }, () => 0.6 + 0.1 * normal());
  const covariance = loadings.map((a, i) => loadings.map((b, j) => a * b + (i === j ? 0.2 + 0.01 * i : 0)));
  const exposure = loadings.map(() => 10_000 * (1 + 0.2 * normal()));
  return {
    ...{ exposure, covariance, aversion: 1e-4, horizon: 7 / 365 },
    instruments: Array.from({ length: hedges }, (_, j) => ({
      ...{ name: `H${j}`, side: "short" as const, current: -8_000 * (1 + 0.3 * normal()), cap: 60_000 },
      loading: exposure.map((_, k) => Number(k === j)),
      ...{ cost: 5e-4, costHorizon: 30 / 365, funding: 0.1 * normal(), margin: 0.3 },
    })),
    limits: { margin: 15_000 * hedges, gross: 40_000 * hedges, turnover: 12_000 * hedges, netExposure: 190_000 },
  };
}

/** The same without costs and limits, as one system of equations: what no program can be faster than. */
function unlimited(program: HedgeProgram): Matrix {
  const { P, q } = smoothObjective(program);
  return solve(new Matrix(P as number[][]), Matrix.columnVector(q as number[]).mul(-1));
}

export default function measure(): EngineCase[] {
  return [4, 8, 20].map((hedges) => {
    const programs = Array.from({ length: 16 }, (_, seed) => programOf(hedges, seed + 1));
    let [own, other] = [0, 0];
    return {
      ...{ name: `plan: ${hedges} hedges of 20 assets, five kinds of limit`, unit: "plan", most: 50 },
      own: { name: "hedge program", run: () => solveHedgeProgram(programs[own++ % programs.length]!) },
      others: [
        { name: "the same without costs and limits", run: () => unlimited(programs[other++ % programs.length]!) },
      ],
    };
  });
}
