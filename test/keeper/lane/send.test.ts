import { expect } from "chai";
import { type LaneWorld, laneWorld, VAULT } from "./support.js";

describe("lane: sending", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  it("writes down, sends, watches, and follows to finality", async () => {
    const { lane, intent, journal, mine, signer, provider } = world;
    const one = await lane();
    const { state, intent: written, attempt, changed } = await one.send(await intent("a"));
    expect([state, written!.status, changed]).to.deep.equal(["landed", "landed", true]);
    expect(await provider.getTransactionReceipt(attempt!.hash)).to.include({ status: 1, from: world.wallet.address });
    await mine(2);
    expect((await one.follow()).map((result) => result.changed)).to.deep.equal([false]);
    await mine(1);
    const [final] = await one.follow();
    expect([final!.state, final!.intent!.status, final!.changed]).to.deep.equal(["landed", "final", true]);
    expect((await journal.attempts(written!.id)).map(({ status }) => status)).to.deep.equal(["final"]);
    expect(await journal.unsettled(31337, signer)).to.deep.equal([]);
    expect(await one.follow()).to.deep.equal([]);
  });

  it("says that a thing was done, and does it once", async () => {
    const { lane, intent, provider, signer } = world;
    const one = await lane();
    const first = await one.send(await intent("a"));
    const again = await one.send(await intent("a"));
    expect([again.state, again.intent!.id, again.changed]).to.deep.equal(["landed", first.intent!.id, false]);
    expect(again.attempt!.hash).to.equal(first.attempt!.hash);
    expect(await provider.getTransactionCount(signer)).to.equal(1);
  });

  it("needs no wait where the chain mines at once", async () => {
    const { lane, intent, ask } = world;
    await ask("evm_setAutomine", true);
    const wait = (): Promise<void> => expect.fail("waited");
    const result = await (await lane({ wait })).send(await intent("a"));
    expect(result.state).to.equal("landed");
  });

  it("tells why the chain refused", async () => {
    const { lane, intent, stranger, target, journal, later } = world;
    const one = await lane();
    await stranger.sendTransaction({ to: target, data: "0x01", maxPriorityFeePerGas: 9n * 10n ** 9n });
    const result = await one.send(await intent("epoch:7"));
    expect([result.state, result.reason!.code, result.intent!.status]).to.deep.equal([
      "reverted",
      "reverted",
      "reverted",
    ]);
    expect(result.attempt!.succeeded).to.equal(false);
    // The key may be tried again, as another intent.
    later(60);
    const second = await one.send(await intent("epoch:7", { data: "0x01" }));
    expect([second.state, second.intent!.key]).to.deep.equal(["landed", "epoch:7#2"]);
    expect(await journal.intents({ chainId: 31337, vault: VAULT }, 9)).to.have.length(2);
  });
});
