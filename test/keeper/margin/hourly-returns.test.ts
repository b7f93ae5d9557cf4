import { expect } from "chai";
import { HourlyReturns } from "../../../keeper/src/model/margin/hourly-returns.js";

const HOUR = 3_600;

function returnsOf(ticks: readonly (readonly [number, number])[], until: number): number[] {
  const returns: number[] = [];
  const hours = new HourlyReturns((value) => returns.push(value));
  for (const [time, logPrice] of ticks) hours.observe(time, logPrice);
  hours.advance(until);
  return returns;
}

describe("hourly returns of a feed", () => {
  it("are between the prices in force at the full hours", () => {
    const ticks = [
      [100, 1],
      [HOUR, 2],
      [HOUR + 1, 9],
      [2 * HOUR - 1, 4],
      [4 * HOUR + 5, 10],
    ] as const;
    // At 1 h the price is 2, at 2 h, 3 h and 4 h it is 4, at 5 h it is 10; before 1 h nothing was known.
    expect(returnsOf(ticks, 5 * HOUR + 1)).to.deep.equal([Number.NaN, 2, 0, 0, 6]);
  });

  it("do not know an hour before it has ended", () => {
    const ticks = [
      [0, 1],
      [HOUR - 1, 3],
    ] as const;
    expect(returnsOf(ticks, HOUR)).to.deep.equal([Number.NaN]);
    expect(returnsOf(ticks, HOUR + 1)).to.deep.equal([Number.NaN, 2]);
    expect(returnsOf([...ticks, [HOUR, 5]], HOUR + 1)).to.deep.equal([Number.NaN, 4]);
  });

  it("are missing where the feed was silent for more than a day, the one that ends the silence too", () => {
    const returns = returnsOf(
      [
        [0, 1],
        [30 * HOUR, 5],
        [31 * HOUR, 6],
      ],
      31 * HOUR + 1,
    );
    expect(returns.slice(1, 26)).to.deep.equal(Array<number>(25).fill(0));
    expect(returns.slice(26, 31)).to.deep.equal(Array<number>(5).fill(Number.NaN));
    expect(returns.slice(31)).to.deep.equal([1]);
  });
});
