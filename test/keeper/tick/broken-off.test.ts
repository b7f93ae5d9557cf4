import { expect } from "chai";
import type { KeeperContext } from "../../../keeper/src/keeper-context.js";
import type { LaneResult } from "../../../keeper/src/lane/lane.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { tick } from "../../../keeper/src/tick.js";
import { CHAIN, newIntent, SIGNER, signed, VAULT } from "../store/support/rows.js";

const BLOCK = { number: 9, hash: `0x${"b9".repeat(32)}`, timestamp: 1_000 };

/** What a tick of a paused vault looks at. */
const SEEN = {
  ...{ faults: { dropped: [], late: [] }, grid: { cursor: 900, step: 60 }, reading: {}, histories: [] },
  state: {
    ...{ address: VAULT, block: BLOCK, epoch: 1n, assets: [], lastSign: 900, keeperReadyAt: 0 },
    publicLimits: { maxSilence: 86_400n, gasAsset: VAULT },
  },
};

describe("keeper: outcomes", () => {
  let store: Store;
  before(async function () {
    this.timeout(60_000);
    store = await openStore({ kind: "memory" });
  });
  after(() => store.close());

  it("of what landed are written down although the tick that heard of it broke off", async () => {
    const { journal } = store;
    const where = { chainId: CHAIN, vault: VAULT };
    const hold = (await journal.takeLane(CHAIN, SIGNER, "one", 60_000))!;
    const { intent } = await journal.openIntent(newIntent({ kind: "heartbeat", key: "heartbeat:1" }));
    const attempt = await signed(intent.id, 0);
    await journal.addAttempt(hold, attempt);
    await journal.updateAttempt(hold, attempt.hash, { status: "mined", block: 8, block_hash: BLOCK.hash });
    await journal.updateIntent(hold, intent.id, { status: "landed", succeeded: true });
    await journal.pause(where, "to be looked at");
    const landed: Omit<LaneResult, "changed"> = {
      ...{ state: "landed", reason: null, intent: await journal.intent(intent.id) },
      attempt: (await journal.attempts(intent.id))[0]!,
    };
    // A lane tells of a change once, and of a final one to nobody who comes later.
    const told = [[], [{ ...landed, changed: true }], []];
    const nodes = [true, false, true];
    const keeper = {
      ...{ where, journal, config: parseConfig({}), logger: silentLogger, now: Date.now, model: "0x" },
      ...{ counter: { add: () => undefined }, step: () => undefined },
      acting: { lane: { follow: async () => told.shift() ?? [] }, simulator: null },
      observer: {
        observe: async () => {
          if (nodes.shift() === false) throw new Error("the nodes disagree");
          return SEEN;
        },
      },
      provider: {
        getTransactionReceipt: async () => ({
          gasUsed: 21_000n,
          gasPrice: 1n,
          logs: [],
          blockNumber: 8,
          hash: attempt.hash,
        }),
      },
      notes: {
        duties: { feesAt: 1, settled: null },
        faults: null,
        tried: [],
        minedAt: 0,
        prunedAt: Date.now(),
        predicted: null,
      },
    } as unknown as KeeperContext;
    await tick({ ...keeper, provider: { getTransactionReceipt: async () => null } as never }, {});
    expect(await journal.outcomes(where, 10)).to.have.length(0);
    await tick(keeper, {}).then(
      () => expect.fail("it should break off"),
      (error: Error) => expect(error.message).to.equal("the nodes disagree"),
    );
    await tick(keeper, {});
    expect((await journal.outcomes(where, 10)).map(({ intent_id }) => intent_id)).to.deep.equal([intent.id]);
  });
});
