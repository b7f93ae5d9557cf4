import { expect } from "chai";
import type { Step } from "../../../keeper/src/lane/lane.js";
import { type LaneWorld, laneWorld } from "./support.js";

class Killed extends Error {}

/** A process that dies at a step, the nth time that it comes there. */
const dieAt =
  (step: Step, time = 1) =>
  (now: Step): void => {
    if (now === step && --time === 0) throw new Killed(step);
  };

describe("lane: a process that dies", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  /** Dies at a step; another process takes the lane over when the lease is over. */
  async function dies(step: Step, setUp: () => Promise<void> = async () => undefined) {
    const one = await world.lane({ onStep: dieAt(step) });
    await setUp();
    const error: unknown = await one.send(await world.intent("epoch:1")).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Killed);
    world.later(61);
    return world.lane({ config: { bumpAfterSeconds: 100 } });
  }

  for (const step of ["laneTaken", "intentWritten", "signed"] as const) {
    it(`at ${step}: nothing was sent, and the thing is done by the next process`, async () => {
      const { intent, attempts, provider, signer } = world;
      const two = await dies(step);
      const followed = await two.follow();
      expect(followed.map(({ reason }) => reason!.code)).to.deep.equal(step === "laneTaken" ? [] : ["neverSigned"]);
      expect(await attempts()).to.deep.equal([]);
      const { state, intent: done } = await two.send(await intent("epoch:1"));
      expect([state, done!.key]).to.deep.equal(["landed", "epoch:1"]);
      expect(await provider.getTransactionCount(signer, "pending")).to.equal(1);
    });

    it(`at ${step}: also where the next process sends without following up`, async () => {
      const two = await dies(step);
      expect((await two.send(await world.intent("epoch:1"))).intent!.key).to.equal("epoch:1");
    });
  }

  for (const step of ["attemptWritten", "sent", "sentWritten"] as const) {
    it(`at ${step}: the next process goes on with the same transaction`, async () => {
      const { attempts, mine, provider, signer, intent } = world;
      const two = await dies(step);
      expect((await two.follow()).map(({ state }) => state)).to.deep.equal(["inFlight"]);
      const same = await two.send(await intent("epoch:1"));
      expect([same.state, same.reason!.code]).to.deep.equal(["inFlight", "laneBusy"]);
      await mine();
      expect((await two.follow()).map(({ state, changed }) => [state, changed])).to.deep.equal([["landed", true]]);
      expect((await attempts()).map(({ hash, status }) => [typeof hash, status])).to.deep.equal([["string", "mined"]]);
      expect(await provider.getTransactionCount(signer, "pending")).to.equal(1);
    });
  }

  for (const step of ["mined", "minedWritten"] as const) {
    it(`at ${step}: the next process sees what has landed`, async () => {
      const two = await dies(step);
      const [result] = await two.follow();
      expect([result!.state, result!.intent!.succeeded]).to.deep.equal(["landed", true]);
    });
  }

  it("at replacementWritten: the replacement is sent by the next process", async () => {
    const { atWaits, later, attempts, mine } = world;
    const two = await dies("replacementWritten", async () => atWaits(() => later(31)));
    const [first, second] = await attempts();
    expect([first!.status, second!.status]).to.deep.equal(["sent", "signed"]);
    later(101);
    await two.follow();
    await mine();
    expect((await two.follow())[0]!.attempt!.nonce).to.equal(first!.nonce);
    expect(await world.provider.getTransactionCount(world.signer, "pending")).to.equal(1);
  });

  it("at finalWritten: nothing is left to do", async () => {
    const { mine, journal, signer, intent } = world;
    const one = await world.lane({ onStep: dieAt("finalWritten") });
    await one.send(await intent("a"));
    await mine(3);
    expect(await one.follow().catch((caught: unknown) => caught)).to.be.instanceOf(Killed);
    expect(await journal.unsettled(31337, signer)).to.deep.equal([]);
  });

  it("before it has sent: not wanted any more, so an empty transaction takes the nonce", async () => {
    const { stranger, target, mine, attempts, provider } = world;
    const two = await dies("attemptWritten");
    await stranger.sendTransaction({ to: target, data: "0x01" });
    await mine();
    expect((await two.follow())[0]!.reason!.code).to.equal("notWanted");
    await mine();
    expect((await two.follow())[0]!.reason!.code).to.equal("cancelled");
    const [never, empty] = await attempts();
    expect(await provider.getTransaction(never!.hash)).to.equal(null);
    expect(empty).to.include({ cancels: true, nonce: never!.nonce, succeeded: true });
  });

  it("asks whom it was told to ask whether an intent is still wanted", async () => {
    await dies("attemptWritten");
    const asked: string[] = [];
    const stillWanted = async ({ key }: { key: string }): Promise<boolean> => {
      asked.push(key);
      return false;
    };
    world.later(61);
    const three = await world.lane({ stillWanted });
    expect((await three.follow())[0]!.reason!.code).to.equal("notWanted");
    expect(asked).to.deep.equal(["epoch:1"]);
  });
});
