import { expect } from "chai";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: several vaults with one key", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  const other = `0x${"dd".repeat(20)}`;

  it("sends one after the other, each with the nonce that is next by then", async () => {
    const { lane, intent, attempts } = world;
    const one = await lane();
    const [outlook, a, b] = [await one.outlook(), await intent("a"), await intent("a", { vault: other })];
    const both = await Promise.all([one.send(a, undefined, outlook), one.send(b, undefined, outlook)]);
    expect(both.map(({ state, attempt }) => [state, attempt!.nonce])).to.deep.equal([
      ["landed", 0],
      ["landed", 1],
    ]);
    expect(both[0]!.attempt!.block).to.be.below(both[1]!.attempt!.block!);
    expect(await attempts()).to.have.length(1);
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
