import { expect } from "chai";
import fc from "fast-check";
import { START } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";
import { compare } from "./preview/compare.js";
import { apply, move } from "./preview/moves.js";
import { caseOf, operations } from "./preview/operations.js";
import { stage } from "./preview/stage.js";

/** A failure prints its seed. RUNS and SEED ask for more walks and others, MINUTES for as many as fit, SHRINK for the smallest walk that fails. */
const { RUNS = "5", SEED = "8", MINUTES, SHRINK } = process.env;

const fixture = reusable(stage);

/** Some moves, and then each operation at the state that they lead to; the last one stays. */
const leg = fc.record({
  moves: fc.array(move, { minLength: 1, maxLength: 4 }),
  operations,
  given: fc.boolean(),
  sign: fc.boolean(),
});

describe("sdk: a preview equals execution at the same block", () => {
  it("for every operation over random states of the vault, its venues and its queue", async function () {
    this.timeout(24 * 3_600_000);
    const counts: Record<string, number> = {};
    const count = (key: string) => {
      counts[key] = (counts[key] ?? 0) + 1;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(leg, { minLength: 3, maxLength: 5 }), async (walk) => {
        const s = { ...(await fixture()), marketPrices: { ...START } };
        for (const { moves, operations: wanted, given, sign } of walk) {
          for (const next of moves) count(`${next.kind}: ${(await apply(s, next)) ? "made" : "refused"}`);
          for (const [index, operation] of wanted.entries()) {
            const snapshot = await s.world.networkHelpers.takeSnapshot();
            const verdict = await compare(s, await caseOf(s, operation), given, sign);
            count(`${operation.kind}: ${verdict}`);
            if (index < wanted.length - 1) await snapshot.restore();
          }
        }
      }),
      {
        numRuns: MINUTES === undefined ? Number(RUNS) : 1_000_000,
        seed: Number(SEED),
        endOnFailure: SHRINK === undefined,
        ...(MINUTES === undefined ? {} : { interruptAfterTimeLimit: Number(MINUTES) * 60_000 }),
      },
    );
    if (MINUTES !== undefined) console.log(Object.entries(counts).sort());
    const kinds = ["deposit", "depositBasket", "requestRedeem", "cancelRequest", "claim", "exitInKind", "settle"];
    const never = kinds.filter((kind) => !counts[`${kind}: equal`]);
    expect(never, JSON.stringify(counts)).to.deep.equal([]);
  });
});
