import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { DepegWatch } from "../../../keeper/src/model/collateral/depeg-watch.js";
import { missingData, readRows } from "../../integration/support/shared-data.js";
import { expectClose } from "../expect-close.js";

const DAY = 86_400;
const FLOOR = 0.02;

describe("depeg add-on", () => {
  it("is the floor at par and above it", () => {
    const watch = new DepegWatch();
    expect(watch.addOn(0, FLOOR)).to.equal(FLOOR);
    watch.add(0, 1.01);
    expect(watch.addOn(30 * DAY, FLOOR)).to.equal(FLOOR);
    expect(() => watch.add(1, 0)).to.throw(KeeperError, "price");
    expect(() => watch.add(1, Number.NaN)).to.throw(KeeperError, "price");
  });

  it("is twice the worst distance seen, which is forgotten by halves in a month", () => {
    const watch = new DepegWatch();
    watch.add(0, 0.9);
    watch.add(60, 1);
    expectClose(watch.addOn(60, FLOOR), 0.2, 1e-3);
    expectClose(watch.addOn(60 + 30 * DAY, FLOOR), 0.1, 1e-3);
  });

  it("grows from hour to hour while the distance lasts, also without new rounds, up to all", () => {
    const watch = new DepegWatch();
    watch.add(0, 0.9);
    const lasting = [0.5, 1, 2, 10].map((days) => watch.addOn(days * DAY, FLOOR));
    expectClose(lasting[1]!, 0.2, 1e-9);
    expectClose(lasting[2]!, 0.3, 1e-9);
    expectClose(lasting[3]!, 0.4, 1e-3);
    watch.add(11 * DAY, 0.2);
    expect(watch.addOn(11 * DAY, FLOOR)).to.equal(1);
  });

  const missing = missingData("depeg.csv.gz");
  (missing === undefined ? it : it.skip)(
    `covers the next day of most stables once they have left par${missing ? `: ${missing}` : ""}`,
    () => {
      const rows = readRows("depeg.csv.gz");
      const covered = (column: string) => {
        const points = rows.flatMap((row) =>
          row[column] ? [{ time: Date.parse(row["time"]!) / 1000, price: Number(row[column]) }] : [],
        );
        const watch = new DepegWatch();
        let [hours, exceeded] = [0, 0];
        points.forEach(({ time, price }, i) => {
          watch.add(time, price);
          const later = points.slice(i + 1, i + 25).filter((next) => next.time <= time + DAY);
          if (later.length === 0) return;
          const loss = 1 - Math.min(...later.map((next) => next.price)) / price;
          hours += 1;
          exceeded += loss > watch.addOn(time, FLOOR) ? 1 : 0;
        });
        return exceeded / hours;
      };
      // The hours of a day before a depeg, which no history foretells.
      for (const column of ["USDC_USD_chainlink", "USDC_USDT_univ3", "USDT_USD_chainlink"])
        expect(covered(column), column).to.be.below(0.002);
      expect(covered("BUSD_USDT_binance")).to.be.below(0.001);
      expect(covered("UST_USDT_binance")).to.be.within(0.01, 0.02);
    },
  );
});
