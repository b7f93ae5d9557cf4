import { pinBlock } from "@crosshedge/sdk";
import { expect } from "chai";
import { formatShadow, shadowReport } from "../../../keeper/src/explain/shadow.js";
import type { Step } from "../../../keeper/src/lane/lane.js";
import { START } from "../../support/fixture.js";
import { expectClose } from "../expect-close.js";
import { deposited, keeperOf, moveMarket } from "./support.js";

const THERE = { ...START, ALT: 7.7, ETH: 1900, BTC: 29_000 };
const where = (vault: string) => ({ chainId: 31_337, vault });

describe("keeper: a tick on the real vault", () => {
  it("writes down what it saw and decided before anything is signed, and what came of it after", async () => {
    const f = await deposited();
    const seen: [Step, number, number][] = [];
    const { keeper, journal } = await keeperOf(
      f,
      {},
      {
        onStep: async (step) => {
          seen.push([step, (await journal.ticks({}, 9)).length, await f.world.signers.keeper.getNonce()]);
        },
      },
    );
    const before = await f.world.signers.keeper.getNonce();
    const result = await keeper.tick();
    expect([result.kind, result.state, result.more]).to.deep.equal(["rebalance", "landed", true]);
    expect(seen.map(([step]) => step)).to.deep.equal([
      ...["observed", "decided", "tickWritten", "simulated", "reconciled", "tickEnded"],
    ]);
    expect(seen[2]).to.deep.equal(["tickWritten", 1, before]);
    const tick = (await journal.tick(result.id))!;
    expect(JSON.parse(tick.result!)).to.include({ state: "landed", transaction: result.sent!.attempt!.hash });
    const [outcome] = await journal.outcomes(where(f.deployment.vault), 5);
    expectClose(outcome!.realised_cost!, outcome!.predicted_cost!, 0.01);
    expect(outcome!.realised_variance_removed).to.be.above(0.7);
    expect(outcome!.gas_usd).to.be.above(0);
  });

  it("learns from what plans have cost", async () => {
    const f = await deposited();
    const { keeper, journal } = await keeperOf(f);
    const { sent, observation } = await keeper.tick();
    expect(observation.costFactor).to.equal(1);
    const [outcome] = await journal.outcomes(where(f.deployment.vault), 5);
    await journal.recordOutcome({
      ...outcome!,
      intent_id: sent!.intent!.id,
      realised_cost: 4 * outcome!.predicted_cost!,
    });
    expect((await keeper.tick()).observation.costFactor).to.equal(1.26);
  });

  it("sends nothing for a paused vault, no sign of life either, and goes on when it is resumed", async () => {
    const f = await deposited();
    const { keeper, journal } = await keeperOf(f);
    await f.world.networkHelpers.time.increase(6 * 3_600);
    await moveMarket(f, START);
    const nonce = await f.world.signers.keeper.getNonce();
    await journal.pause(where(f.deployment.vault), "the venue is being looked at");
    const paused = await keeper.pass();
    expect([paused.action, paused.reasons]).to.deep.equal([
      "paused",
      ["the vault is paused: the venue is being looked at"],
    ]);
    expect(await f.world.signers.keeper.getNonce()).to.equal(nonce);
    await journal.resume(where(f.deployment.vault));
    expect((await keeper.pass()).action).to.equal("rebalanced");
  });

  it("looks again where the head that it was told has been left", async () => {
    const f = await deposited();
    const { keeper } = await keeperOf(f);
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.world.networkHelpers.time.increase(45);
    const head = await pinBlock(f.world.ethers.provider);
    await snapshot.restore();
    await f.world.networkHelpers.time.increase(60);
    const result = await keeper.tick({ head });
    expect(result.block.hash).to.equal((await f.world.ethers.provider.getBlock(result.block.number))!.hash);
    expect(result.block.hash).to.not.equal(head.hash);
    expect(result.state).to.equal("landed");
  });

  it("does not send what was decided in a block that has been left, and decides anew", async () => {
    const f = await deposited();
    await f.world.networkHelpers.mine();
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.world.networkHelpers.time.increase(45);
    let left = false;
    const { keeper, journal } = await keeperOf(
      f,
      {},
      {
        onStep: async (step) => {
          if (step !== "tickWritten" || left) return;
          left = true;
          await snapshot.restore();
          await f.world.networkHelpers.time.increase(60);
        },
      },
    );
    const first = await keeper.tick();
    expect([first.kind, first.state, first.more, first.sent]).to.deep.equal(["rebalance", "stale", true, null]);
    expect(await journal.intents({}, 5)).to.deep.equal([]);
    expect((await keeper.tick()).state).to.equal("landed");
  });

  it("does nothing twice after it has died before it could say what came of it, and says it then", async () => {
    const f = await deposited();
    const epoch = await f.rebalancer.epoch();
    const dying = await keeperOf(f);
    const provider = new Proxy(f.world.ethers.provider, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown;
        if (key === "getTransactionReceipt") return () => Promise.reject(new Error("killed"));
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { keeper: killed } = await keeperOf(f, {}, { journal: dying.journal, lane: dying.lane, provider });
    const died = await killed.tick().catch((error: Error) => error.message);
    expect(died).to.equal("killed");
    const { journal, lane } = dying;
    expect(await journal.outcomes(where(f.deployment.vault), 5)).to.deep.equal([]);
    const { keeper } = await keeperOf(f, {}, { journal, lane });
    const after = await keeper.pass();
    expect(after.action, after.reasons.join("; ")).to.equal("nothing");
    expect(await f.rebalancer.epoch()).to.equal(epoch + 1n);
    expect((await journal.intents({}, 9)).map(({ key, status }) => [key, status])).to.deep.equal([
      ["epoch:0", "final"],
    ]);
    expect((await journal.outcomes(where(f.deployment.vault), 5))[0]!.realised_cost).to.be.above(100);
  });

  it("is shadowed without a key, and the shadow says how far it agrees", async () => {
    const f = await deposited();
    const live = await keeperOf(f);
    const shadow = await keeperOf(f, {}, { lane: undefined });
    const same = { provider: f.world.ethers.provider, vault: f.deployment.vault, journal: shadow.journal };
    expect(formatShadow(await shadowReport(same))).to.include("no tick of a shadow");
    const seen = await shadow.keeper.tick();
    expect([seen.kind, seen.state, seen.sent]).to.deep.equal(["rebalance", "shadow", null]);
    await live.keeper.pass();
    await moveMarket(f, THERE);
    await live.keeper.pass();
    const report = await shadowReport(same);
    expect(report.steps).to.have.length(2);
    expect(report.steps[0]).to.include({ epoch: 0n, tick: seen.id, sameOrders: true });
    expect(Math.abs(report.steps[0]!.volatilityGap!)).to.be.below(1e-4);
    expect(report.steps[0]!.hedgeRatioGap).to.be.below(1e-3);
    expect(report.steps[1]).to.include({ epoch: 1n, tick: null, sameOrders: false });
    expect(formatShadow(report)).to.include(
      "live plans after it: 2; the shadow wanted one too in 1 of these epochs, with the same orders in 1",
    );
    const later = await shadow.keeper.pass();
    expect(later.transaction).to.equal(null);
    expect((await shadow.journal.ticks({}, 9)).every((tick) => tick.shadow)).to.equal(true);
  });
});
