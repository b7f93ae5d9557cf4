import { expect } from "chai";
import { type LaneWorld, laneWorld, VAULT } from "./support.js";

const GWEI = 10n ** 9n;

describe("lane: others with the same key", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  it("does not touch a pending transaction that the journal does not know", async () => {
    const { lane, intent, foreign, attempts, mine, provider } = world;
    let told = 0;
    const one = await lane({ listener: { foreign: () => told++ } });
    const { hash } = await foreign();
    const { state, reason, intent: written } = await one.send(await intent("a"));
    expect([state, reason!.code, written]).to.deep.equal(["notSent", "foreignPending", null]);
    expect([await attempts(), told]).to.deep.equal([[], 1]);
    await mine();
    expect((await provider.getTransactionReceipt(hash))!.status).to.equal(1);
    expect((await one.send(await intent("a"))).attempt!.nonce).to.equal(1);
  });

  it("makes an intent void for good once a foreign transaction has its nonce for good", async () => {
    const { lane, intent, foreign, atWaits, attempts, mine, journal } = world;
    let told = 0;
    const one = await lane({ listener: { foreign: () => told++ } });
    atWaits(async () => void (await foreign({ maxFeePerGas: 90n * GWEI, maxPriorityFeePerGas: 50n * GWEI, nonce: 0 })));
    const { state, reason, intent: open } = await one.send(await intent("a"));
    expect([state, reason!.code, open!.status, told]).to.deep.equal(["void", "foreignUsed", "open", 1]);
    // It was not outbid.
    expect(await attempts()).to.have.length(1);
    await mine(3);
    const [last] = await one.follow();
    expect([last!.state, last!.intent!.status, last!.changed, told]).to.deep.equal(["void", "void", true, 1]);
    expect((await attempts()).map(({ status }) => status)).to.deep.equal(["replaced"]);
    expect(await journal.unsettled(31337, world.signer)).to.deep.equal([]);
  });

  it("waits behind a foreign transaction in its place, past its deadline too", async () => {
    const { lane, intent, foreign, later, attempts, atWaits, dearBlock } = world;
    const one = await lane();
    const codes: string[] = [];
    const replace = async (): Promise<void> => {
      await foreign({ maxFeePerGas: 190n * GWEI, maxPriorityFeePerGas: 5n * GWEI, nonce: 0 });
      await dearBlock({ gwei: 200, seconds: 601 });
      later(31);
    };
    const stop = new AbortController();
    atWaits(replace, () => stop.abort());
    codes.push((await one.send(await intent("a"), stop.signal)).reason!.code);
    codes.push(...(await one.follow()).map(({ reason }) => reason!.code));
    expect(codes).to.deep.equal(["foreignPending", "foreignPending"]);
    expect(await attempts()).to.have.length(1);
  });

  it("lets one of two keepers with one journal send", async () => {
    const { lane, intent, provider, signer, later } = world;
    const [one, two] = [await lane(), await lane()];
    const first = await one.send(await intent("epoch:1"));
    const second = await two.send(await intent("epoch:1"));
    expect([first.state, second.state, second.reason!.code]).to.deep.equal(["landed", "notSent", "laneHeld"]);
    expect(await two.follow()).to.deep.equal([]);
    // The first falls silent; the second takes over and sees that it is done.
    later(61);
    expect((await two.send(await intent("epoch:1"))).state).to.equal("landed");
    const late = await one.send(await intent("epoch:2"));
    expect(late.reason!.code).to.equal("laneHeld");
    expect(await provider.getTransactionCount(signer)).to.equal(1);
  });

  it("signs nothing more once its lane was taken over", async () => {
    const { lane, intent, later, attempts, atWaits, mine } = world;
    const two = await lane();
    const sleep = async (step: string): Promise<void> => {
      if (step !== "intentWritten") return;
      later(61);
      expect((await two.follow()).map(({ reason }) => reason!.code)).to.deep.equal(["neverSigned"]);
    };
    const one = await lane({ onStep: sleep });
    const { state, reason } = await one.send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["notSent", "laneLost"]);
    expect(await attempts()).to.deep.equal([]);
    await two.release();

    // While it watches: the other one raises, and it lets go.
    const stop = new AbortController();
    const three = await lane();
    const takenOver = async (): Promise<void> => {
      later(61);
      await two.follow();
      await mine();
    };
    atWaits(takenOver);
    const watched = await three.send(await intent("b"), stop.signal);
    expect([watched.state, watched.reason!.code]).to.deep.equal(["inFlight", "laneLost"]);
    expect((await two.follow()).map(({ state: now }) => now)).to.deep.equal(["landed"]);
    expect(await attempts()).to.have.length(2);
  });

  it("lands once what two journals mean alike", async () => {
    const { lane, intent, openJournal, provider, signer } = world;
    const [one, two] = [await lane(), await lane({ journal: await openJournal() })];
    const outlook = await two.outlook();
    const both = [
      await one.send(await intent("epoch:1")),
      await two.send(await intent("epoch:1"), undefined, { outlook, block: 0 }),
    ];
    expect(both.map(({ state }) => state)).to.deep.equal(["landed", "landed"]);
    expect(both[0]!.attempt!.hash).to.equal(both[1]!.attempt!.hash);
    expect(await provider.getTransactionCount(signer, "pending")).to.equal(1);
  });

  it("lands one of two with journals of their own, and leaves no gap", async () => {
    const { lane, intent, openJournal, atWaits, mine, provider, signer } = world;
    const other = await openJournal();
    const [one, two] = [await lane(), await lane({ journal: other })];
    const stop = new AbortController();
    atWaits(() => stop.abort());
    // Both look before either has sent.
    const outlook = await two.outlook();
    await one.send(await intent("epoch:1"), stop.signal);
    atWaits(() => undefined, mine);
    const second = await two.send(await intent("epoch:1", { gas_limit: 100_001n }), undefined, { outlook, block: 0 });
    expect([second.state, second.reason!.code]).to.deep.equal(["void", "foreignUsed"]);
    expect((await one.follow()).map(({ state }) => state)).to.deep.equal(["landed"]);
    expect((await two.send(await intent("epoch:2"))).attempt!.nonce).to.equal(1);
    await mine(3);
    await two.follow();
    const [last, voided] = await other.intents({ chainId: 31337, vault: VAULT }, 2);
    expect([voided!.status, last!.status]).to.deep.equal(["void", "final"]);
    expect(await provider.getTransactionCount(signer, "pending")).to.equal(2);
  });
});
