import { expect } from "chai";
import type { LaneIntent } from "../../../keeper/src/lane/lane.js";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: what reverted", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
    await world.stranger.sendTransaction({ to: world.target, data: "0x01" });
    await world.mine();
  });
  afterEach(() => world.close());

  const doubling = async (changes: Partial<LaneIntent>, expected: readonly number[]): Promise<void> => {
    const { lane, intent, later, mine, provider, signer } = world;
    const one = await lane();
    for (const [tries, seconds] of expected.entries()) {
      const done = await one.send(await intent("epoch:7", changes));
      expect([done.state, done.intent?.key]).to.deep.equal([
        "reverted",
        tries === 0 ? "epoch:7" : `epoch:7#${tries + 1}`,
      ]);
      later(seconds - 1);
      // For good by now, which is no new start of the time.
      await mine(4);
      await one.follow();
      const { state, reason } = await one.send(await intent("epoch:7", changes));
      const until = new Date(world.clock.now + 1000).toISOString();
      expect([state, reason?.code]).to.deep.equal(["notSent", "reverted"]);
      expect(reason!.message).to.contain(until);
      later(1);
    }
    expect(await provider.getTransactionCount(signer)).to.equal(expected.length);
  };

  it("is tried again after a minute, then after twice as long each time, up to an hour", async () => {
    await doubling({}, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });

  it("waits for a quarter of that where it cannot wait", async () => {
    await doubling({ urgent: true }, [15, 30]);
  });

  it("so does a poke", () => doubling({ kind: "poke" }, [15, 30]));

  it("does not keep others from being sent", async () => {
    const { lane, intent } = world;
    const one = await lane();
    await one.send(await intent("epoch:7"));
    expect((await one.send(await intent("heartbeat:1", { data: "0x01" }))).state).to.equal("landed");
  });
});
