import { expect } from "chai";
import type { KeeperContext } from "../../../keeper/src/keeper-context.js";
import type { LaneResult } from "../../../keeper/src/lane/lane.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { tick } from "../../../keeper/src/tick.js";
import { CHAIN, newIntent, SIGNER, signed, VAULT } from "../store/support/rows.js";

const BLOCK = { number: 9, hash: `0x${"b9".repeat(32)}`, timestamp: 1_000 };
const WHERE = { chainId: CHAIN, vault: VAULT };

/** What a tick looks at that has to hold still. */
const SEEN = {
  ...{ faults: { dropped: [], late: [] }, grid: { cursor: 900, step: 60 }, reading: {}, histories: [] },
  state: {
    ...{ address: VAULT, block: BLOCK, epoch: 1n, assets: [], lastSign: 900, keeperReadyAt: 0 },
    publicLimits: { maxSilence: 86_400n, gasAsset: VAULT },
  },
};

/** @param told What the lane says, tick by tick. @param answers False where the nodes disagree, tick by tick */
function keeperOf({ journal }: Store, told: LaneResult[][], answers: boolean[], maxHeadAge: number | null = null) {
  const observe = async () => {
    if (answers.shift() === false) throw new Error("the nodes disagree");
    return SEEN;
  };
  const receipt = { gasUsed: 21_000n, gasPrice: 1n, logs: [], blockNumber: 8, hash: "0x" };
  return {
    ...{ where: WHERE, journal, config: parseConfig({}), logger: silentLogger, model: "0x", maxHeadAge },
    ...{ counter: { add: () => undefined }, step: () => undefined, now: () => (BLOCK.timestamp + 121) * 1000 },
    acting: { lane: { follow: async () => told.shift() ?? [], followOthers: async () => [] }, simulator: null },
    observer: { observe },
    provider: { getTransactionReceipt: async () => receipt },
    notes: {
      awaited: null,
      ...{ duties: { feesAt: 1, settled: null }, faults: null, tried: [] },
      ...{ minedAt: 0, prunedAt: Date.now(), predicted: null },
    },
  } as unknown as KeeperContext;
}

describe("keeper: a tick that cannot go on", () => {
  let store: Store;
  before(async function () {
    this.timeout(60_000);
    store = await openStore({ kind: "memory" });
  });
  after(() => store.close());

  it("decides nothing by a head that is older than is believed", async () => {
    const { kind, codes, reasons } = await tick(keeperOf(store, [], [], 120), {});
    expect([kind, codes]).to.deep.equal([null, ["wait.behind"]]);
    expect(reasons).to.deep.equal(["the latest block is 121 s old, and 120 s is the most that is believed"]);
  });

  it("and breaks off leaves what it heard to the next one: no outcome is lost", async () => {
    const { journal } = store;
    const hold = (await journal.takeLane(CHAIN, SIGNER, "one", 60_000))!;
    const { intent } = await journal.openIntent(newIntent({ kind: "heartbeat", key: "heartbeat:1" }));
    const attempt = await signed(intent.id, 0);
    await journal.addAttempt(hold, attempt);
    await journal.pause(WHERE, "to be looked at");
    const keeper = keeperOf(store, [[]], [true, false]);
    await tick(keeper, {});
    await journal.updateAttempt(hold, attempt.hash, { status: "mined", block: 8, block_hash: BLOCK.hash });
    await journal.updateIntent(hold, intent.id, { status: "landed", succeeded: true });
    const landed: LaneResult = {
      ...{ state: "landed", reason: null, changed: true, intent: await journal.intent(intent.id) },
      attempt: (await journal.attempts(intent.id))[0]!,
    };
    // A lane tells of a change once.
    const again = { ...keeperOf(store, [[landed], []], [false]), notes: keeper.notes };
    expect(await tick(again, {}).catch(({ message }) => message)).to.equal("the nodes disagree");
    await tick(again, {});
    expect((await journal.outcomes(WHERE, 10)).map(({ intent_id }) => intent_id)).to.deep.equal([intent.id]);
  });

  it("a process that died when a transaction was final at once has its outcome written down by the next one", async () => {
    const { journal } = store;
    const hold = (await journal.takeLane(CHAIN, SIGNER, "one", 60_000))!;
    const ids: number[] = [];
    for (const [nonce, succeeded] of [true, false].entries()) {
      const { intent } = await journal.openIntent(newIntent({ kind: "heartbeat", key: `heartbeat:${7 + nonce}` }));
      const attempt = await signed(intent.id, 7 + nonce);
      await journal.addAttempt(hold, attempt);
      await journal.updateAttempt(hold, attempt.hash, { status: "final", block: 8, block_hash: BLOCK.hash });
      await journal.updateIntent(hold, intent.id, { status: "final", succeeded });
      ids.push(intent.id);
    }
    // Nothing is unsettled, so the lane tells nothing.
    await tick(keeperOf(store, [[]], []), {});
    const written = (await journal.outcomes(WHERE, 10)).map(({ intent_id }) => intent_id);
    expect(written).to.include.members(ids);
  });
});
