import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../../errors.js";
import { type HedgeProgram, smoothObjective } from "./hedge-program.js";

/** A hedge program that means nothing: a figure is missing, not finite or of the wrong sign. */
export class HedgeProgramError extends KeeperError {}

/** @throws {@link HedgeProgramError} where the program cannot be solved whatever its limits are */
export function checkProgram(program: HedgeProgram): void {
  const { exposure, covariance, aversion, horizon, instruments, impact, limits } = program;
  square("The covariance", covariance, exposure.length);
  finite("exposure", exposure);
  positive("The risk aversion", aversion);
  positive("The horizon", horizon);
  for (const { name, loading, current, side, cap, cost, costHorizon, funding, margin, gamma, vega } of instruments) {
    if (loading.length !== exposure.length) {
      refuse(`${name} has ${loading.length} loadings for ${exposure.length} factors.`, "Give one for each factor.");
    }
    finite(`loading of ${name}`, loading);
    finite(`figure of ${name}`, [current, funding ?? 0, gamma ?? 0, vega ?? 0]);
    for (const [what, value] of Object.entries({ cap, cost, margin })) {
      if (value !== undefined) notNegative(`The ${what} of ${name}`, value);
    }
    if (costHorizon !== undefined) positive(`The cost horizon of ${name}`, costHorizon);
    if (!["short", "long", "both"].includes(side)) refuse(`${name} has no side.`, "Give short, long or both.");
  }
  if (impact !== undefined) square("The impact", impact, instruments.length);
  const { margin, venues = {}, gross, turnover, netExposure, gamma, vega } = limits;
  for (const [what, value] of Object.entries({ margin, gross, turnover, netExposure })) {
    if (value !== undefined) notNegative(`The limit on ${what}`, value);
  }
  for (const [venue, most] of Object.entries(venues)) notNegative(`The limit on margin at ${venue}`, most);
  for (const [what, limit] of Object.entries({ gamma, vega })) {
    if (limit === undefined) continue;
    finite(what, [limit.own]);
    if (Number.isNaN(limit.lower) || Number.isNaN(limit.upper)) refuse(`A limit on ${what} is no number.`, "Give one.");
  }
  definite("covariance", covariance, "Repair it first: repairCovariance.");
  if (impact !== undefined) definite("impact", impact, "More trade must cost more.");
}

/** The curvature must be known: a figure that overflows is no program. */
export function checkScale(program: HedgeProgram): void {
  const { P, q } = smoothObjective(program);
  if (!P.flat().every(Number.isFinite) || !q.every(Number.isFinite)) {
    refuse("The objective is too large to compute.", "Use smaller units.");
  }
}

function definite(what: string, matrix: readonly (readonly number[])[], nextStep: string): void {
  if (matrix.length === 0) return;
  const largest = Math.max(...matrix.flat().map(Math.abs));
  matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      if (Math.abs(value - matrix[j]![i]!) > 1e-9 * largest) refuse(`The ${what} is not symmetric.`, nextStep);
    });
  });
  const lifted = Matrix.zeros(matrix.length, matrix.length);
  matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      lifted.set(i, j, (value + matrix[j]![i]!) / 2 + (i === j ? 1e-9 * largest : 0));
    });
  });
  if (largest === 0 || new CholeskyDecomposition(lifted).isPositiveDefinite()) return;
  refuse(`The ${what} is not positive semidefinite.`, nextStep);
}

function square(what: string, matrix: readonly (readonly number[])[], size: number): void {
  if (matrix.length !== size || matrix.some((row) => row.length !== size)) {
    refuse(`${what} is not ${size} by ${size}.`, "Give a row and a column for each.");
  }
  finite(what.toLowerCase(), matrix.flat());
}

function finite(what: string, values: readonly number[]): void {
  if (!values.every(Number.isFinite)) refuse(`A ${what} is not finite.`, "Give numbers only.");
}

function positive(what: string, value: number): void {
  if (!(value > 0)) refuse(`${what} is ${value}.`, "It must be above zero.");
}

function notNegative(what: string, value: number): void {
  if (!(value >= 0)) refuse(`${what} is ${value}.`, "It must not be negative.");
}

function refuse(message: string, nextStep: string): never {
  throw new HedgeProgramError(message, nextStep);
}
