import { expect } from "chai";
import fc from "fast-check";
import { replay } from "../../../keeper/src/plan/arrange.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { precautionsFor } from "../../../keeper/src/plan/precautions.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { canonicalJson, parseCanonical } from "../../../keeper/src/record/canonical-json.js";
import { configs, situations } from "./random-situations.js";

const RUNS = 300;

describe("plans of random situations", () => {
  it("never flip a short, never overdraw, add no liquidity where none may be, pass their own gate, and are the same from what is kept", () => {
    fc.assert(
      fc.property(situations, configs, (situation, config) => {
        const decision = buildPlan(situation, config);
        const book = replay(openBook(situation), decision.orders);
        expect(book).to.not.equal(null);
        for (const { positions } of Object.values(book!.hedges)) {
          for (const { size } of positions) expect(size <= 0n).to.equal(true);
        }
        const { action, predicted, orders } = decision;
        if (action === "rebalance" && predicted!.gate !== null) expect(predicted!.gate.accepted).to.equal(true);
        if (precautionsFor(situation, config).noNewLiquidity) {
          expect(orders.map((order) => order.action)).to.not.include("mint");
        }
        const kept = parseCanonical(canonicalJson(situation)) as Situation;
        expect(canonicalJson(buildPlan(kept, config))).to.equal(canonicalJson(decision));
      }),
      { numRuns: RUNS },
    );
  });
});
