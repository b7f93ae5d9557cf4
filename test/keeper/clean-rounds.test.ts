import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../keeper/src/errors.js";
import { RoundCleaner } from "../../keeper/src/model/clean-rounds.js";
import { RoundStream } from "../../keeper/src/model/round-stream.js";
import type { OracleRound } from "../../keeper/src/model/rounds.js";
import { missingData } from "../integration/support/shared-data.js";
import { seededNormals } from "../support/random.js";
import { CHAINLINK_FILES, readChainlink } from "./support/market.js";

const HOUR = 3600;
const round = (id: number, answer: number, updatedAt: number, phase = 1): OracleRound => ({
  roundId: (BigInt(phase) << 64n) + BigInt(id),
  answer: BigInt(answer),
  updatedAt,
});
const times = (rounds: readonly OracleRound[]) => rounds.map(({ updatedAt }) => updatedAt);

/** A feed by the hour with moves of about 0.4%, so that 40% is beyond what explains a move and 3% is not. */
function history(answers: readonly number[] = []): OracleRound[] {
  const draw = seededNormals(5);
  let log = Math.log(1e6);
  const calm = Array.from({ length: 50 }, () => {
    log += 0.004 * draw();
    return Math.round(Math.exp(log));
  });
  const last = calm.at(-1)!;
  return [...calm, ...answers.map((share) => Math.round(share * last))].map((answer, k) =>
    round(k + 1, answer, (k + 1) * HOUR),
  );
}

describe("clean rounds", () => {
  it("drops repeated, empty, carried-over and late rounds, and says how many", () => {
    const cleaner = new RoundCleaner();
    const rounds = [
      round(2, 5, 20),
      round(1, 5, 10),
      round(2, 5, 20),
      round(3, 0, 30),
      round(4, 5, 0),
      round(5, 5, 15),
      { ...round(6, 7, 35), answeredInRound: round(2, 5, 20).roundId },
      round(7, 7, 40),
    ];
    expect(times(cleaner.add(rounds))).to.deep.equal([10, 20, 40]);
    const counts = { empty: 3, repeated: 1, outOfOrder: 1, phaseOverlap: 0, badPrint: 0, unconfirmed: 0 };
    expect(cleaner.dropped).to.deep.equal(counts);
    expect(times(cleaner.add([round(7, 7, 40), round(8, 7, 50), round(6, 7, 45)]))).to.deep.equal([50]);
    expect(cleaner.dropped).to.deep.equal({ ...counts, repeated: 2, outOfOrder: 2 });
  });

  it("ends a phase where the next begins, however long it goes on", () => {
    const cleaner = new RoundCleaner();
    const rounds = [round(1, 5, 100), round(2, 5, 200), round(3, 5, 300), round(1, 6, 150, 2), round(2, 6, 250, 2)];
    expect(times(cleaner.add(rounds))).to.deep.equal([100, 150, 250]);
    expect(cleaner.dropped.phaseOverlap).to.equal(2);
  });

  it("ends a phase where any later one begins", () => {
    const rounds = [round(1, 5, 100), round(2, 5, 300), round(1, 6, 400, 2), round(1, 7, 200, 3), round(2, 7, 500, 3)];
    expect(times(new RoundCleaner().add(rounds))).to.deep.equal([100, 200, 500]);
  });

  it("follows a phase that it did not know of, from where that reports later times", () => {
    const cleaner = new RoundCleaner();
    cleaner.add([round(9, 5, 100)]);
    expect(times(cleaner.add([round(1, 5, 90, 2), round(2, 6, 110, 2)]))).to.deep.equal([110]);
    expect(cleaner.dropped.phaseOverlap).to.equal(1);
  });

  it("drops a spike that the next round takes back, whichever way it goes", () => {
    for (const spike of [1.4, 0.7, 0.001]) {
      const cleaner = new RoundCleaner();
      expect(times(cleaner.add(history([spike, 1.003, 1])))).to.deep.equal(
        times(history([spike, 1, 1]).toSpliced(50, 1)),
      );
      expect(cleaner.dropped.badPrint, String(spike)).to.equal(1);
      expect(cleaner.dropped.unconfirmed).to.equal(0);
    }
  });

  it("believes a jump that the next round confirms: its return covers both", () => {
    for (const answers of [
      [0.7, 0.69, 0.7],
      [0.7, 0.5, 0.5],
      [1.4, 1.2, 1.2],
    ]) {
      const cleaner = new RoundCleaner();
      const clean = cleaner.add(history(answers));
      expect(clean.at(-1)!.answer).to.equal(history(answers).at(-1)!.answer);
      expect(cleaner.dropped.badPrint, String(answers)).to.equal(0);
      expect(cleaner.dropped.unconfirmed, String(answers)).to.be.within(1, 2);
    }
  });

  it("keeps moves that threshold and volatility explain, also those that are taken back", () => {
    const cleaner = new RoundCleaner();
    expect(cleaner.add(history([1.03, 1, 0.98, 1.01]))).to.have.length(54);
    expect(new RoundCleaner({ deviation: 0, deviations: 2 }).add(history([1.03, 1]))).to.have.length.below(51);
  });

  it("explains more after a longer silence, and by the volatility of late", () => {
    const calm = history();
    const last = calm.at(-1)!;
    const spike = (share: number, hours: number): number => {
      const at = (k: number, factor: number): OracleRound =>
        round(51 + k, Math.round(factor * Number(last.answer)), last.updatedAt + (hours + k) * HOUR);
      const cleaner = new RoundCleaner();
      cleaner.add([...calm, at(0, share), at(1, 1)]);
      return cleaner.dropped.badPrint;
    };
    expect(spike(1.1, 1)).to.equal(1);
    expect(spike(1.1, 24)).to.equal(0);

    const wild = Array.from({ length: 60 }, (_, k) => round(k + 1, k % 2 === 0 ? 1000 : 1040, (k + 1) * HOUR));
    const quiet = Array.from({ length: 24 * 60 }, (_, k) => round(k + 61, 1000 + (k % 2), (k + 61) * HOUR));
    const spikeAfter = (rounds: readonly OracleRound[]): number => {
      const cleaner = new RoundCleaner();
      const id = rounds.length + 1;
      cleaner.add([...rounds, round(id, 1060, id * HOUR), round(id + 1, 1000, (id + 1) * HOUR)]);
      return cleaner.dropped.badPrint;
    };
    expect(spikeAfter(wild)).to.equal(0);
    expect(spikeAfter([...wild, ...quiet])).to.equal(1);
  });

  it("says the same however the rounds come in", () => {
    const answers = fc.array(fc.constantFrom(0.5, 0.9, 0.99, 1, 1.01, 1.02, 1.3, 2), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 9 }), (drawn, length) => {
        const rounds = history(drawn);
        const whole = new RoundCleaner();
        const parts = new RoundCleaner();
        const clean: OracleRound[] = [];
        for (let k = 0; k < rounds.length; k += length) clean.push(...parts.add(rounds.slice(k, k + length).reverse()));
        expect(clean).to.deep.equal(whole.add(rounds));
        expect(parts.dropped).to.deep.equal(whole.dropped);
      }),
    );
  });

  it("decides by the next round and by none after it", () => {
    const answers = fc.array(fc.constantFrom(0.5, 0.9, 1, 1.02, 1.3, 2), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(answers, answers, (drawn, other) => {
        const known = 50 + drawn.length;
        const upTo = (rounds: readonly OracleRound[]) =>
          new RoundCleaner().add(rounds).filter(({ updatedAt }) => updatedAt <= known * HOUR);
        expect(upTo(history([...drawn, ...other]))).to.deep.equal(upTo(history(drawn)));
      }),
    );
  });

  it("refuses options that make no sense", () => {
    expect(() => new RoundCleaner({ deviations: 0 })).to.throw(KeeperError);
  });

  it("makes one stream of several feeds, in order of time, without what was there before", () => {
    const stream = new RoundStream(2);
    const first = [round(1, 5, 10), round(2, 6, 30)];
    const second = [round(1, 7, 20), round(2, 8, 30)];
    const brief = (histories: readonly OracleRound[][]) =>
      stream.add(histories).map(({ asset, time }) => [asset, time]);
    expect(brief([first, second])).to.deep.equal([
      [0, 10],
      [1, 20],
      [0, 30],
      [1, 30],
    ]);
    expect(brief([[...first, round(3, 6, 60)], second])).to.deep.equal([[0, 60]]);
    expect(brief([[], [...second, round(3, 8, 50), round(4, 8, 60)]])).to.deep.equal([[1, 60]]);
    expect(stream.dropped.map(({ late, repeated }) => [late, repeated])).to.deep.equal([
      [0, 0],
      [1, 0],
    ]);
  });

  it("leaves real feeds as they are, but for rounds of the same second and jumps that go on", function () {
    const absent = missingData(...CHAINLINK_FILES);
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    for (const rounds of readChainlink()) {
      const cleaner = new RoundCleaner();
      expect(cleaner.add(rounds).length).to.be.above(0.998 * rounds.length);
      expect(cleaner.dropped.badPrint).to.equal(0);
    }
  });
});
