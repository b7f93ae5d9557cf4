import { expect } from "chai";
import { type LaneWorld, laneWorld } from "./support.js";

const nothing = (): void => undefined;

describe("lane: what is stuck", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  it("raises both fees when it waits for too long, and writes each down before it is sent", async () => {
    const { lane, intent, atWaits, later, attempts } = world;
    const one = await lane();
    const raised = async (): Promise<void> => later(31);
    atWaits(nothing, raised, raised);
    const { state, attempt } = await one.send(await intent("a"));
    const [first, second, third, ...more] = await attempts();
    expect([state, attempt!.hash, more.length]).to.deep.equal(["landed", third!.hash, 0]);
    for (const [from, to] of [
      [first!, second!],
      [second!, third!],
    ] as const) {
      expect(to.nonce).to.equal(from.nonce);
      expect(BigInt(to.max_fee) * 1000n >= BigInt(from.max_fee) * 1125n).to.equal(true);
      expect(BigInt(to.max_priority_fee) * 1000n >= BigInt(from.max_priority_fee) * 1125n).to.equal(true);
    }
  });

  it("raises what was signed, and not what somebody has written into the intent since", async () => {
    const { lane, intent, atWaits, later, db, stranger, attempts, ethers } = world;
    const one = await lane();
    const tamper = async (): Promise<void> => {
      await db.updateTable("intents").set({ target: stranger.address.toLowerCase(), data: "0xdeadbeef" }).execute();
      await later(31);
    };
    atWaits(tamper);
    const wanted = await intent("a");
    expect((await one.send(wanted)).state).to.equal("landed");
    const [, second] = await attempts();
    const sent = await ethers.provider.getTransaction(second!.hash);
    expect([sent!.to!.toLowerCase(), sent!.data]).to.deep.equal([wanted.target.toLowerCase(), wanted.data]);
  });

  it("raises at least to the market", async () => {
    const { lane, intent, atWaits, later, dearBlock, attempts } = world;
    const one = await lane();
    atWaits(dearBlock, () => later(31));
    expect((await one.send(await intent("a"))).state).to.equal("landed");
    expect(Number((await attempts())[1]!.max_fee)).to.be.at.least(40e9);
  });

  it("counts an older replacement that is mined", async () => {
    const { lane, intent, atWaits, later, ask, attempts, mine } = world;
    const one = await lane();
    const keepOnlyFirst = async (): Promise<void> => {
      const [first, second] = await attempts();
      await ask("hardhat_dropTransaction", second!.hash);
      await ask("eth_sendRawTransaction", `0x${Buffer.from(first!.raw).toString("hex")}`);
      await mine();
    };
    atWaits(() => later(31), keepOnlyFirst);
    const { state, attempt } = await one.send(await intent("a"));
    const [first] = await attempts();
    expect([state, attempt!.hash]).to.deep.equal(["landed", first!.hash]);
    await mine(3);
    await one.follow();
    expect((await attempts()).map(({ status }) => status)).to.deep.equal(["final", "replaced"]);
  });

  it("sends what the pool has dropped again, as it was", async () => {
    const { lane, intent, atWaits, ask, attempts } = world;
    const one = await lane();
    const drop = async (): Promise<void> => void (await ask("hardhat_dropTransaction", (await attempts())[0]!.hash));
    atWaits(drop);
    expect((await one.send(await intent("a"))).state).to.equal("landed");
    expect(await attempts()).to.have.length(1);
  });

  it("does not raise beyond the cap, and cancels at the deadline under a cap of its own", async () => {
    const { lane, intent, atWaits, later, dearBlock, attempts, mine } = world;
    const config = { fees: { maxGwei: 2.1, cancelMaxGwei: 100 } };
    const one = await lane({ config });
    const wait = await intent("epoch:1");
    const codes: (string | undefined)[] = [];
    const lookAgain = async (): Promise<void> => {
      later(31);
      codes.push((await attempts()).map(({ cancels }) => (cancels ? "cancel" : "plan")).join());
    };
    atWaits(dearBlock, lookAgain, lookAgain, () => dearBlock({ seconds: 601 }));
    const { state, reason, intent: written } = await one.send(wait);
    expect(codes).to.deep.equal(["plan", "plan"]);
    expect([state, reason!.code, written!.status]).to.deep.equal(["void", "cancelled", "open"]);
    expect((await attempts()).map(({ cancels, nonce }) => [cancels, nonce])).to.deep.equal([
      [false, 0],
      [true, 0],
    ]);
    await mine(3);
    expect((await one.follow())[0]!.intent).to.include({ status: "void", note: "Cancelled: Its deadline is over." });
    // The same key again is a new intent.
    const again = await (await lane({ owner: "owner 1" })).send(await intent("epoch:1"));
    expect([again.state, again.intent!.key]).to.deep.equal(["landed", "epoch:1"]);
  });

  it("counts the transaction itself where it is mined before the one that cancels it", async () => {
    const { lane, intent, atWaits, dearBlock, ask, attempts, mine } = world;
    const one = await lane();
    const keepOnlyFirst = async (): Promise<void> => {
      const [first, second] = await attempts();
      await ask("hardhat_dropTransaction", second!.hash);
      await ask("eth_sendRawTransaction", `0x${Buffer.from(first!.raw).toString("hex")}`);
      await ask("hardhat_setNextBlockBaseFeePerGas", "0x3b9aca00");
      await mine();
    };
    atWaits(() => dearBlock({ seconds: 601 }), keepOnlyFirst);
    const { state, attempt } = await one.send(await intent("a"));
    expect([state, attempt!.cancels]).to.deep.equal(["landed", false]);
  });

  it("stops watching when told to, and loses nothing", async () => {
    const { lane, intent, atWaits, mine } = world;
    const one = await lane();
    const stop = new AbortController();
    atWaits(() => stop.abort());
    const { state, reason } = await one.send(await intent("a"), stop.signal);
    expect([state, reason!.code]).to.deep.equal(["inFlight", "aborted"]);
    const busy = await one.send(await intent("b"));
    expect([busy.state, busy.reason!.code]).to.deep.equal(["notSent", "laneBusy"]);
    await mine();
    expect((await (await lane({ owner: "owner 1" })).follow()).map((result) => result.state)).to.deep.equal(["landed"]);
  });

  it("leaves it to the next tick when the time to watch is over", async () => {
    const { lane, intent, atWaits, later } = world;
    const one = await lane({ config: { bumpAfterSeconds: 3600 } });
    atWaits(() => later(600));
    const { state, reason } = await one.send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["inFlight", "watchOver"]);
  });
});
