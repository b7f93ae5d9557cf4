import { expect } from "chai";
import type { Route } from "../../../keeper/src/rpc/route.js";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: a private relay", () => {
  let world: LaneWorld;
  let taken: { raw: string; expires: number | null }[];
  beforeEach(async () => {
    world = await laneWorld();
    taken = [];
  });
  afterEach(() => world.close());

  /** Takes everything and shows nothing; a test includes what it has, or does not. */
  const relay = (changes: Partial<Route> = {}): Route => ({
    ...{ name: "quiet", expiresBlocks: 3, publicAfterExpiry: false },
    send: async (raw, expires) => {
      taken.push({ raw, expires });
      return { hash: "0x", alreadyKnown: false, takenBy: ["quiet"] };
    },
    ...changes,
  });
  const pool = async (): Promise<number> =>
    (await world.provider.getTransactionCount(world.signer, "pending")) -
    (await world.provider.getTransactionCount(world.signer, "latest"));

  it("keeps a transaction to itself until it is included", async () => {
    const { lane, intent, mine, atWaits, ask, attempts } = world;
    const one = await lane({ route: relay() });
    const include = async (): Promise<void> => {
      expect(await pool()).to.equal(0);
      await ask("eth_sendRawTransaction", taken[0]!.raw);
      await mine();
    };
    atWaits(mine, mine, include);
    const first = (await world.provider.getBlockNumber()) + 3;
    expect((await one.send(await intent("a"))).state).to.equal("landed");
    expect(taken.map(({ expires }) => expires)).to.deep.equal([first]);
    expect((await attempts())[0]).to.include({ route: "quiet", expires_block: first });
  });

  it("goes through the relay again when it was dropped, with a new expiry, and never in public", async () => {
    const { lane, intent, mine, atWaits, later, attempts } = world;
    const one = await lane({ route: relay() });
    const stop = new AbortController();
    const start = await world.provider.getBlockNumber();
    const raise = async (): Promise<void> => {
      later(31);
      await mine(4);
    };
    atWaits(
      () => mine(3),
      mine,
      raise,
      () => stop.abort(),
    );
    const result = await one.send(await intent("a"), stop.signal);
    expect([result.state, await pool()]).to.deep.equal(["inFlight", 0]);
    // The same bytes at first, then dearer ones.
    expect(taken.map(({ expires }) => expires! - start)).to.deep.equal([3, 7, 11]);
    expect([taken[0]!.raw === taken[1]!.raw, taken[1]!.raw === taken[2]!.raw]).to.deep.equal([true, false]);
    expect((await attempts()).map(({ route, expires_block: at }) => [route, at! - start])).to.deep.equal([
      ["quiet", 7],
      ["quiet", 11],
    ]);
  });

  it("goes in public after it has expired where the policy says so", async () => {
    const { lane, intent, mine, atWaits, attempts } = world;
    const one = await lane({ route: relay({ publicAfterExpiry: true }) });
    atWaits(() => mine(3), mine);
    expect((await one.send(await intent("a"))).state).to.equal("landed");
    expect((await attempts()).map(({ route, expires_block: at }) => [route, at])).to.deep.equal([["public", null]]);
    expect(taken).to.have.length(1);
  });

  it("cancels in public, which tells nobody anything", async () => {
    const { lane, intent, ask, mine, atWaits } = world;
    const one = await lane({ route: relay() });
    const late = async (): Promise<void> => {
      await ask("evm_increaseTime", 601);
      await mine();
    };
    atWaits(late);
    expect((await one.send(await intent("a"))).reason!.code).to.equal("cancelled");
    expect(taken).to.have.length(1);
  });
});
