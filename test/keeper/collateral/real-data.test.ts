import { expect } from "chai";
import { unseenMove } from "../../../keeper/src/model/collateral/unseen-move.js";
import { FilteredMoves } from "../../../keeper/src/model/margin/filtered-moves.js";
import { missingData, readRows } from "../../integration/support/shared-data.js";

const HALF_LIFE = 14 * 24;
const EXCEEDANCE = 0.001;
/** Hours from one that is asked to the next: a quantile takes its time. */
const EVERY = 4;

describe("haircut's move, on exchange prices", () => {
  const missing = missingData("prices_1h.csv.gz");
  if (missing !== undefined) {
    it.skip(missing);
    return;
  }

  /** From a date on: how far the price falls within the next day, and what was thought of it before. */
  function hoursOf(rows: Record<string, string>[], asset: string, from: string) {
    const prices = rows.map((row) => (row[asset] ? Number(row[asset]) : Number.NaN));
    const moves = new FilteredMoves();
    const hours: { fall: number; filtered: number | null; unseen: number }[] = [];
    let variance = Number.NaN;
    for (let hour = 1; hour < prices.length - 24; hour++) {
      const logReturn = Math.log(prices[hour]! / prices[hour - 1]!);
      moves.add(-logReturn);
      const kept = 2 ** (-1 / HALF_LIFE);
      const squared = logReturn ** 2;
      if (!Number.isNaN(squared)) variance = Number.isNaN(variance) ? squared : kept * variance + (1 - kept) * squared;
      if (hour % EVERY !== 0 || rows[hour]!["time"]! < from) continue;
      const later = prices.slice(hour + 1, hour + 25);
      const fall = Math.max(0, Math.log(prices[hour]!) - Math.min(...later.map(Math.log)));
      if (!Number.isNaN(fall))
        hours.push({ fall, filtered: moves.quantile(EXCEEDANCE), unseen: unseenMove(variance * 8_760) });
    }
    return hours;
  }

  it("is exceeded in one or two of a thousand hours by what was learned, and in fewer by what is taken without history", () => {
    const rows = readRows("prices_1h.csv.gz").filter(({ time }) => time! >= "2019");
    for (const asset of ["BTC", "ETH", "LINK"]) {
      const hours = hoursOf(rows, asset, "2021-04");
      const exceeded = (of: "filtered" | "unseen") =>
        hours.filter((hour) => hour.fall > hour[of]!).length / hours.length;
      const [by, without] = [exceeded("filtered"), exceeded("unseen")];
      expect(by, asset).to.be.below(0.0025);
      expect(without, asset).to.be.below(0.001);
    }
  }).timeout(60_000);
});
