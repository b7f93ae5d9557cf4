import { expect } from "chai";
import type { Lane, Seen } from "../../../keeper/src/lane/lane.js";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: several vaults with one key", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  const other = `0x${"dd".repeat(20)}`;
  /** As beside a simulation at the latest block. */
  const simulated = async (one: Lane): Promise<Seen> => {
    const outlook = await one.outlook();
    return { outlook, block: outlook.head.number };
  };

  it("sends one after the other, each with the nonce that is next by then", async () => {
    const { lane, intent, attempts } = world;
    const one = await lane();
    const [seen, a, b] = [await simulated(one), await intent("a"), await intent("a", { vault: other })];
    const both = await Promise.all([one.send(a, undefined, seen), one.send(b, undefined, seen)]);
    expect(both.map(({ state, attempt }) => [state, attempt!.nonce])).to.deep.equal([
      ["landed", 0],
      ["landed", 1],
    ]);
    expect(both[0]!.attempt!.block).to.be.below(both[1]!.attempt!.block!);
    expect(await attempts()).to.have.length(1);
  });

  it("does not send what those before it have made the chain refuse, and spends no nonce on it", async () => {
    const { lane, intent, provider, signer } = world;
    const one = await lane();
    const seen = await simulated(one);
    // The first sets the switch by which the others revert.
    const first = one.send(await intent("a", { data: "0x01" }), undefined, seen);
    const waiting = one.send(await intent("a", { vault: other }), undefined, seen);
    expect((await first).state).to.equal("landed");
    const late = one.send(await intent("b", { vault: other }), undefined, seen);
    for (const { state, reason } of [await waiting, await late]) {
      expect([state, reason?.code]).to.deep.equal(["notSent", "notWanted"]);
    }
    expect(await provider.getTransactionCount(signer)).to.equal(1);
    const again = await one.send(await intent("c", { data: "0x01" }), undefined, await simulated(one));
    expect([again.state, again.attempt!.nonce]).to.deep.equal(["landed", 1]);
  });

  it("gives up its turn at the signal, and leaves the others theirs", async () => {
    const { lane, intent, atWaits, mine } = world;
    const one = await lane();
    const stop = new AbortController();
    const followed: unknown[] = [];
    const inMidWatch = async (): Promise<void> => {
      followed.push(await one.follow());
      stop.abort();
      await mine();
    };
    atWaits(inMidWatch);
    const [a, b, c] = [await intent("a"), await intent("b"), await intent("c")];
    const results = await Promise.all([one.send(a), one.send(b, stop.signal), one.send(c)]);
    expect(results.map(({ state, reason }) => [state, reason?.code])).to.deep.equal([
      ["landed", undefined],
      ["notSent", "aborted"],
      ["landed", undefined],
    ]);
    expect(followed).to.deep.equal([[]]);
  });

  it("follows the intents of all of them, and tells each change once", async () => {
    const { lane, intent, mine } = world;
    const one = await lane();
    await one.send(await intent("a"));
    await one.send(await intent("a", { vault: other }));
    const tell = async () => (await one.follow()).map(({ intent: of, changed }) => [of!.status, changed]);
    expect(await tell()).to.deep.equal([
      ["landed", false],
      ["landed", false],
    ]);
    // Another process has been told nothing.
    world.later(61);
    const two = await lane();
    expect((await two.follow()).map(({ changed }) => changed)).to.deep.equal([true, true]);
    await two.release();
    await mine(5);
    expect(await tell()).to.deep.equal([
      ["final", true],
      ["final", true],
    ]);
  });
});
