import { expect } from "chai";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: reorgs", () => {
  let world: LaneWorld;
  let depths: number[];
  beforeEach(async () => {
    world = await laneWorld();
    depths = [];
  });
  afterEach(() => world.close());

  const listener = { reorg: (depth: number) => depths.push(depth) };

  for (const depth of [1, 2, 3]) {
    it(`sends a transaction again that a reorg of depth ${depth} has left, and ends it once`, async () => {
      const { lane, intent, ask, mine, attempts, provider, signer } = world;
      const one = await lane({ listener, config: { finality: 5 } });
      const before = await ask("evm_snapshot");
      const landed = await one.send(await intent("a"));
      await mine(depth - 1);
      await ask("evm_revert", before);
      await mine(1);
      const [open] = await one.follow();
      expect([open!.state, open!.intent!.status, open!.intent!.succeeded, open!.changed]).to.deep.equal([
        ...["inFlight", "open", null],
        true,
      ]);
      expect((await attempts())[0]).to.include({ status: "sent", block: null, block_hash: null, gas_used: null });
      await mine(2);
      const [again] = await one.follow();
      expect([again!.state, again!.attempt!.hash]).to.deep.equal(["landed", landed.attempt!.hash]);
      expect(again!.attempt!.block_hash).to.not.equal(landed.attempt!.block_hash);
      await mine(5);
      const [final] = await one.follow();
      expect([final!.intent!.status, final!.intent!.succeeded]).to.deep.equal(["final", true]);
      expect(await attempts()).to.have.length(1);
      expect(await provider.getTransactionCount(signer)).to.equal(1);
      expect(depths).to.have.length(1);
    });
  }

  it("sends several again in the order of their nonces", async () => {
    const { lane, intent, ask, mine, attempts } = world;
    const one = await lane({ listener });
    const before = await ask("evm_snapshot");
    await one.send(await intent("a"));
    await one.send(await intent("b"));
    await ask("evm_revert", before);
    expect((await one.follow()).map(({ state }) => state)).to.deep.equal(["inFlight", "inFlight"]);
    await mine(1);
    expect((await one.follow()).map(({ state }) => state)).to.deep.equal(["landed", "landed"]);
    expect((await attempts()).map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
  });

  it("cancels what is not wanted any more after a reorg", async () => {
    const { lane, intent, ask, mine, attempts, stranger, target } = world;
    const one = await lane({ listener });
    const wanted = await intent("a");
    const before = await ask("evm_snapshot");
    expect((await one.send(wanted)).state).to.equal("landed");
    await ask("evm_revert", before);
    await stranger.sendTransaction({ to: target, data: "0x01" });
    await mine(1);
    const [open] = await one.follow();
    expect([open!.state, open!.reason!.code]).to.deep.equal(["inFlight", "notWanted"]);
    await mine(1);
    const [cancelled] = await one.follow();
    expect([cancelled!.state, cancelled!.reason!.code]).to.deep.equal(["void", "cancelled"]);
    await mine(3);
    expect((await one.follow())[0]!.intent!.status).to.equal("void");
    expect((await attempts()).map(({ status }) => status)).to.deep.equal(["replaced", "final"]);
  });

  it("cancels what is too late after a reorg", async () => {
    const { lane, intent, ask, mine, dearBlock } = world;
    const one = await lane({ listener });
    const late = await intent("a");
    const before = await ask("evm_snapshot");
    expect((await one.send(late)).state).to.equal("landed");
    await ask("evm_revert", before);
    await dearBlock({ seconds: 601 });
    expect((await one.follow())[0]!.reason!.code).to.equal("deadlinePast");
    await mine(1);
    expect((await one.follow())[0]!.reason!.code).to.equal("cancelled");
  });

  it("goes back from a revert to success where another order of things lets it pass", async () => {
    const { lane, intent, ask, mine, stranger, target } = world;
    const one = await lane({ listener });
    const before = await ask("evm_snapshot");
    await stranger.sendTransaction({ to: target, data: "0x01", maxPriorityFeePerGas: 9n * 10n ** 9n });
    expect((await one.send(await intent("a"))).state).to.equal("reverted");
    await ask("evm_revert", before);
    await one.follow();
    await mine(1);
    const [landed] = await one.follow();
    expect([landed!.state, landed!.intent!.status, landed!.intent!.succeeded]).to.deep.equal([
      "landed",
      "landed",
      true,
    ]);
  });

  it("does not try again what a reorg has brought from a revert to success", async () => {
    const { lane, intent, ask, mine, attempts, stranger, target, provider, signer } = world;
    const one = await lane({ listener });
    const before = await ask("evm_snapshot");
    await stranger.sendTransaction({ to: target, data: "0x01", maxPriorityFeePerGas: 9n * 10n ** 9n });
    const first = await one.send(await intent("a"));
    expect(first.state).to.equal("reverted");
    await ask("evm_revert", before);
    await ask("eth_sendRawTransaction", `0x${Buffer.from((await attempts())[0]!.raw).toString("hex")}`);
    await mine(2);
    const again = await one.send(await intent("a"));
    expect([again.state, again.intent!.id]).to.deep.equal(["landed", first.intent!.id]);
    expect(await provider.getTransactionCount(signer, "pending")).to.equal(1);
  });

  it("fills a nonce that a foreign transaction has left for good", async () => {
    const { lane, intent, ask, mine, later, foreign, provider, signer } = world;
    const one = await lane({ listener });
    const before = await ask("evm_snapshot");
    await foreign();
    await mine(1);
    expect((await one.send(await intent("a"))).attempt!.nonce).to.equal(1);
    await ask("evm_revert", before);
    await mine(1);
    expect((await one.follow()).map(({ state }) => state)).to.deep.equal(["inFlight"]);
    expect(await provider.getTransactionCount(signer, "pending")).to.equal(0);
    later(31);
    await one.follow();
    await mine(2);
    const results = await one.follow();
    expect(results.map(({ state, intent: of }) => [state, of!.kind])).to.deep.equal([
      ["landed", "heartbeat"],
      ["landed", "fill"],
    ]);
  });

  it("does not use a nonce again that was used for good, whatever a node says", async () => {
    const { lane, intent, ask, mine, journal, signer } = world;
    const one = await lane({ listener });
    const before = await ask("evm_snapshot");
    await one.send(await intent("a"));
    await mine(3);
    await one.follow();
    expect(await journal.unsettled(31337, signer)).to.deep.equal([]);
    await ask("evm_revert", before);
    const { state, reason } = await one.send(await intent("b"));
    expect([state, reason!.code]).to.deep.equal(["notSent", "nodeBehind"]);
  });
});
