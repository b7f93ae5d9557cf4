import {
  effectivenessOf,
  effectivenessTable,
  type PnlSample,
  readBlocksAt,
  readHedgeEffectiveness,
  toCsv,
} from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { type Eventful, eventful } from "./eventful.js";
import { expectClose, expectCode, expectRejection } from "./support.js";

const ONE = 10n ** 18n;

const sample = (hedged: bigint, unhedged: bigint, k: number): PnlSample => {
  const at = (number: number) => ({ number, hash: null, timestamp: number * 3_600 });
  return { from: at(k), to: at(k + 1), hedged, unhedged };
};

/** In floating point, by the textbook. */
function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

describe("sdk: realised hedge effectiveness", () => {
  describe("of samples", () => {
    const usd = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
    const pairs = fc.array(fc.tuple(usd, usd), { minLength: 24, maxLength: 60 });

    it("is one less the ratio of the variances, with the jackknife's error", () => {
      fc.assert(
        fc.property(pairs, (drawn) => {
          const figures = effectivenessOf(drawn.map(([hedged, unhedged], k) => sample(hedged, unhedged, k)));
          const numbers = drawn.map(([hedged, unhedged]) => [Number(hedged) / 1e18, Number(unhedged) / 1e18] as const);
          const ratio = (left: typeof numbers) =>
            1 - variance(left.map(([hedged]) => hedged)) / variance(left.map(([, unhedged]) => unhedged));
          const n = numbers.length;
          const without = numbers.map((_, k) => ratio(numbers.filter((_pair, other) => other !== k)));
          const error = Math.sqrt((variance(without) * (n - 1) ** 2) / n);
          expectClose(Number(figures.effectiveness) / 1e18, ratio(numbers), 1e-6 * (1 + Math.abs(ratio(numbers))));
          expectClose(Number(figures.standardError) / 1e18, error, 1e-6 * (1 + error));
          const deviation = Math.sqrt(variance(numbers.map(([hedged]) => hedged)));
          expectClose(Number(figures.hedgedDeviation) / 1e18, deviation, 1e-6 * (1 + deviation));
        }),
        { numRuns: 40 },
      );
    });

    it("is exact where the hedge leaves the same part of each move", () => {
      const moves = Array.from({ length: 30 }, (_, k) => BigInt((k * 37) % 11) * ONE);
      const figures = effectivenessOf(moves.map((move, k) => sample(move / 2n, move, k)));
      expect([figures.effectiveness, figures.standardError]).to.deep.equal([(3n * ONE) / 4n, 0n]);
      const [head, row] = toCsv(effectivenessTable(figures)).split("\r\n");
      expect(head).to.match(/^from_UTC,to_UTC,effectiveness_ratio,standard_error_ratio,samples,hedged_deviation_USD/);
      expect(row).to.match(/^1970-01-01T00:00:00.000Z,1970-01-02T06:00:00.000Z,0.75,0,30,/);
      const shifted = effectivenessOf(moves.map((move, k) => sample(move / 2n + 7n * ONE, move, k)));
      expect(shifted.effectiveness).to.equal(figures.effectiveness);
    });

    it("is refused for too few samples, and where nothing moved", () => {
      const flat = Array.from({ length: 24 }, (_, k) => sample(BigInt(k), 5n, k));
      expectCode(() => effectivenessOf(flat), "NOT_ENOUGH_DATA", /never varied/);
      const few = flat.slice(1);
      const error = expectCode(() => effectivenessOf(few), "NOT_ENOUGH_DATA", /There are 23 samples .* than the 24/);
      expect(error.nextStep).to.match(/longer period/);
      expectCode(() => effectivenessOf([], 0), "NOT_ENOUGH_DATA", /fewer than the 3/);
    });
  });

  describe("of a vault", () => {
    let e: Eventful;
    before(async () => {
      e = await eventful();
    });

    it("is that of the NAV with and without the hedge leg, from hour to hour", async () => {
      const { quiet: from, busy: to } = e.blocks;
      const figures = await readHedgeEffectiveness(e.vault, { from, to, minSamples: 10 });
      const blocks = await readBlocksAt(e.vault, { from, to, every: 3_600 });
      const worths = await Promise.all(
        blocks.map(async ({ number: blockTag }) => {
          const [{ nav, equity }, prices] = await e.f.vault.portfolio({ blockTag });
          expect(prices.ok).to.equal(true);
          return { nav: Number(nav) / 1e18, without: Number(nav - (equity[1] as bigint)) / 1e18 };
        }),
      );
      const changes = (pick: (worth: (typeof worths)[number]) => number) =>
        worths.slice(1).map((worth, k) => pick(worth) - pick(worths[k]!));
      const expected = 1 - variance(changes(({ nav }) => nav)) / variance(changes(({ without }) => without));
      expect(figures.samples).to.equal(blocks.length - 1);
      expectClose(Number(figures.effectiveness) / 1e18, expected, 1e-9);
      expect(expected > 0.1 && expected < 0.999, `${expected}`).to.equal(true);
    });

    it("is refused over too short a time, before anything but blocks is read", async () => {
      const { quiet: from, busy: to } = e.blocks;
      const seen: string[] = [];
      const reading = readHedgeEffectiveness(e.vault, { from, to, onProgress: ({ stage }) => seen.push(stage) });
      await expectRejection(reading, "NOT_ENOUGH_DATA", /There are 1\d samples/);
      expect(seen).to.deep.equal([]);
      await expectRejection(readHedgeEffectiveness(e.vault, { from, to, every: 0 }), "BAD_ARGUMENT");
    });

    it("finds the last block of each hour, and of times at which there is a block", async () => {
      const { start: from, end: to } = e.blocks;
      const { provider } = e.f.world.ethers;
      const all = await Promise.all(
        Array.from({ length: to - from + 1 }, async (_, k) => (await provider.getBlock(from + k))!),
      );
      const first = all[0]!.timestamp;
      const exactly = [Math.floor(all.length / 2), all.length - 1].map((k) => all[k]!.timestamp - first);
      for (const every of [3_600, ...exactly]) {
        const blocks = await readBlocksAt(e.vault, { from, to, every });
        const count = Math.floor((all.at(-1)!.timestamp - first) / every);
        const expected = new Set<number>();
        for (let k = 0; k <= count; k++) {
          expected.add(all.filter(({ timestamp }) => timestamp <= first + k * every).at(-1)!.number);
        }
        expect(blocks.map(({ number }) => number)).to.deep.equal([...expected]);
      }
    });
  });
});
