import { expect } from "chai";

/** `closeTo` for numbers with fractions: chai's own takes only integers once Hardhat's matchers are loaded. */
export function expectClose(actual: number | undefined, expected: number, tolerance: number): void {
  const distance = Math.abs((actual ?? Number.NaN) - expected);
  expect(distance <= tolerance, `${actual} is not within ${tolerance} of ${expected}`).to.equal(true);
}
