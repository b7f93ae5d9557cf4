import { expect } from "chai";
import { ExpectedMoves } from "../../../keeper/src/model/margin/expected-moves.js";
import { createRandom } from "../../../keeper/src/model/random.js";

const HOUR = 3_600;

describe("expected moves", () => {
  it("follow the assets that are shorted, whatever else reports in between", () => {
    const { normal } = createRandom(21);
    const question = { horizonHours: 24, exceedance: 0.005 };
    const [alone, among] = [new ExpectedMoves([0], question), new ExpectedMoves([0], question)];
    let log = 0;
    for (let hour = 0; hour < 2_400; hour++) {
      log += 0.006 * normal();
      alone.observe(0, hour * HOUR + 7, log);
      among.observe(0, hour * HOUR + 7, log);
      among.observe(1, hour * HOUR + 90, -5 * log);
    }
    alone.observe(0, 2_400 * HOUR + 7, log);
    among.observe(1, 2_400 * HOUR + 8, 0);
    const { move, windows } = alone.of(0)!;
    expect(among.of(0)).to.deep.equal({ move, windows });
    expect(windows).to.be.above(2_000);
    // Of a Brownian motion over 24 h at 99.5%: 2.81 deviations, less what hourly closes miss.
    expect(move! / (0.006 * Math.sqrt(24))).to.be.within(2, 3.4);
    expect(among.of(1)).to.equal(null);
    // Half a volatility makes the latest moves small, and what margin must bear no smaller than what has been.
    for (let hour = 2_401; hour < 2_900; hour++) {
      log += 0.003 * normal();
      alone.observe(0, hour * HOUR + 7, log);
    }
    expect(alone.of(0)!.move! / move!).to.be.within(0.85, 1.15);
    expect(new ExpectedMoves([1], question).of(1)).to.deep.equal({ move: null, windows: 0 });
  });
});
