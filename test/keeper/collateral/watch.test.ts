import { expect } from "chai";
import { CollateralWatch } from "../../../keeper/src/model/collateral/collateral-watch.js";
import { unseenMove } from "../../../keeper/src/model/collateral/unseen-move.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import type { OracleRound } from "../../../keeper/src/model/rounds.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3_600;

describe("what assets may fall by", () => {
  const random = createRandom(11);
  const days = 120;
  const round = (index: number, answer: number): OracleRound => {
    return {
      roundId: (1n << 64n) + BigInt(index + 1),
      answer: BigInt(Math.round(answer * 1e8)),
      updatedAt: (index + 1) * HOUR,
    };
  };
  // Falls by jumps of a tenth, and drifts back: far more down than up.
  let log = Math.log(10);
  const alt = Array.from({ length: days * 24 }, (_, hour) => {
    log += 0.004 * random.normal() + 0.0005 - (random.uniform() < 0.005 ? 0.1 : 0);
    return round(hour, Math.exp(log));
  });
  const usd = alt.map((_, hour) => round(hour, hour < 100 || hour > 2000 ? 1 : 0.995));
  const end = days * 24 * HOUR;

  it("is unknown without history, and from rounds the once-in-a-thousand fall of a day and the stable's distance", () => {
    const watch = new CollateralWatch([true, false], [8, 8]);
    expect(watch.risks(0, [0.02, 0])).to.deep.equal([
      { downMove: null, depeg: 0.02 },
      { downMove: null, depeg: null },
    ]);
    watch.add([usd, alt]);
    const [stable, volatile] = watch.risks(end, [0.001, 0]);
    const logs = alt.map(({ answer }) => Math.log(Number(answer)));
    const falls = logs.slice(0, -24).map((start, hour) => start - Math.min(...logs.slice(hour, hour + 25)));
    const worst = Math.max(...falls);
    expect(volatile!.downMove).to.be.within(0.5 * worst, 2 * worst);
    expect(volatile!.downMove).to.be.above(0.15);
    expect(stable!.downMove).to.equal(null);
    // Twice 0.5%, halved once a month since.
    expectClose(stable!.depeg!, 0.01 * 2 ** (-(days * 24 - 2001) / 720), 1e-4);
  });

  it("does not depend on how the rounds come in", () => {
    const whole = new CollateralWatch([true, false], [8, 8]);
    whole.add([usd, alt]);
    const parts = new CollateralWatch([true, false], [8, 8]);
    for (const count of [100, 1000, 1000, 2880]) parts.add([usd.slice(0, count), alt.slice(0, count)]);
    expect(parts.risks(end, [0.02, 0])).to.deep.equal(whole.risks(end, [0.02, 0]));
  });

  it("is more than nine deviations of a day where too little is known", () => {
    expectClose(unseenMove(0.365), 9.5 * Math.sqrt(0.001), 1e-12);
  });
});
