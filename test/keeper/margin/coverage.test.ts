import { expect } from "chai";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import type { Table } from "../../../keeper/src/backtest/data/table.js";
import { Inputs } from "../../../keeper/src/backtest/options.js";
import { coverageOf } from "../../bench/margin/coverage.js";
import { ASSETS, EXCEEDANCES, PERIODS } from "../../bench/margin/sample.js";
import { judgedWindows } from "../../bench/margin/windows.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";

const FILE = "prices_1h.csv.gz";

describe("margin on real prices", function () {
  this.timeout(60_000);
  let prices: Table;

  before(async function () {
    const reason = missingData(FILE);
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    prices = (await loadMarket(Inputs.parse({ prices: sharedFile(FILE) }))).prices;
  });

  for (const asset of ASSETS) {
    it(`is exceeded as often as it says, by ${asset} at every hour of the day, before 2021-04, since and in all`, () => {
      const windows = judgedWindows(prices.grid, prices.columns.get(asset)!, EXCEEDANCES);
      for (const [which, exceedance] of EXCEEDANCES.entries()) {
        for (const period of PERIODS) {
          const { offsets } = coverageOf(windows, which, exceedance, period);
          expect(offsets).to.have.lengthOf(24);
          const where = `${asset} ${exceedance} ${period.join(" to ")}`;
          for (const { offset, kupiec, windows: count } of offsets) {
            expect(count, where).to.be.above(650);
            expect(kupiec, `${where}, from ${offset} h`).to.be.above(0.05);
          }
        }
      }
    });
  }
});
