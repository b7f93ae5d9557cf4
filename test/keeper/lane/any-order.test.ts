import { expect } from "chai";
import fc from "fast-check";
import type { Lane, Step } from "../../../keeper/src/lane/lane.js";
import type { Attempt, Intent } from "../../../keeper/src/store/journal.js";
import { type LaneWorld, laneWorld, VAULT } from "./support.js";

const FINALITY = 3;
const STEPS: readonly Step[] = [
  "intentWritten",
  "signed",
  "attemptWritten",
  "sent",
  "sentWritten",
  "replacementWritten",
];

const Action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("send" as const), epoch: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("mine" as const), blocks: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("follow" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("dear" as const), seconds: fc.constantFrom(1, 601) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("reorg" as const), depth: fc.integer({ min: 1, max: FINALITY }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("later" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("die" as const), at: fc.constantFrom(...STEPS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("foreign" as const) }) },
);
type Action = typeof Action extends fc.Arbitrary<infer T> ? T : never;

/** One process after another over a chain that mines, drops and reorganises as it is told. */
class Play {
  readonly #world: LaneWorld;
  /** Before each block. */
  readonly #snapshots: unknown[] = [];
  #lane!: Lane;
  #dieAt: Step | null = null;

  constructor(world: LaneWorld) {
    this.#world = world;
  }

  async restart(): Promise<void> {
    this.#world.later(61);
    this.#dieAt = null;
    const onStep = (step: Step): void => {
      if (step === this.#dieAt) throw new Error("killed");
    };
    const config = { finality: FINALITY, watchSeconds: 0 };
    this.#lane = await this.#world.lane({ config, onStep });
  }

  async mine(blocks: number, dear: { seconds: number } | null = null): Promise<void> {
    for (let block = 0; block < blocks; block++) {
      this.#snapshots.push(await this.#world.ask("evm_snapshot"));
      await (dear === null ? this.#world.cheapBlock() : this.#world.dearBlock(dear));
    }
  }

  async reorg(depth: number): Promise<void> {
    const left = this.#snapshots.splice(-depth);
    if (left.length < depth) {
      this.#snapshots.push(...left);
      return;
    }
    await this.#world.ask("evm_revert", left[0]);
    await this.mine(depth + 1);
  }

  async #alive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if ((error as Error).message !== "killed") throw error;
      await this.restart();
    }
  }

  async act(action: Action): Promise<void> {
    const { intent, ask, later, attempts, foreign } = this.#world;
    switch (action.do) {
      case "send":
        return this.#alive(async () => this.#lane.send(await intent(`epoch:${action.epoch}`)));
      case "follow":
        return this.#alive(() => this.#lane.follow());
      case "mine":
        return this.mine(action.blocks);
      case "dear":
        return this.mine(1, action);
      case "reorg":
        return this.reorg(action.depth);
      case "later":
        return later(31);
      case "drop":
        for (const { hash } of await attempts()) await ask("hardhat_dropTransaction", hash).catch(() => undefined);
        return;
      case "die":
        this.#dieAt = action.at;
        return;
      case "foreign":
        await foreign({ maxFeePerGas: 400n * 10n ** 9n, maxPriorityFeePerGas: 100n * 10n ** 9n }).catch(
          () => undefined,
        );
        return;
    }
  }

  /** The weather clears: what is open gets its blocks. */
  async settle(): Promise<void> {
    await this.restart();
    for (let round = 0; round < 12; round++) {
      await this.#lane.follow();
      this.#world.later(31);
      await this.mine(1);
    }
    await this.mine(FINALITY);
    await this.#lane.follow();
  }
}

describe("lane: in any order of things", () => {
  const SEED = Number(process.env.SEED ?? 20_260);
  const RUNS = Number(process.env.LANE_RUNS ?? 12);

  it("lands each thing at most once, leaves no gap, and the journal agrees with the chain in the end", async () => {
    const property = fc.asyncProperty(
      fc.array(Action, { minLength: 8, maxLength: 24, size: "max" }),
      async (actions) => {
        const world = await laneWorld();
        try {
          const play = new Play(world);
          await play.restart();
          for (const action of actions) await play.act(action);
          await play.settle();
          await agreed(world);
        } finally {
          await world.close();
        }
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});

async function agreed({ journal, provider, signer, attempts }: LaneWorld): Promise<void> {
  expect(await journal.unsettled(31337, signer)).to.deep.equal([]);
  const used = await provider.getTransactionCount(signer, "latest");
  expect(await provider.getTransactionCount(signer, "pending")).to.equal(used);
  const all = await attempts();
  const intents = await journal.intents({ chainId: 31337, vault: VAULT }, 100);
  for (const intent of intents)
    await agreedOn(
      provider,
      intent,
      all.filter(({ intent_id }) => intent_id === intent.id),
    );
  // What is done is done once.
  const done = intents.filter(({ succeeded }) => succeeded).map(({ key }) => key.split("#")[0]);
  expect(new Set(done).size).to.equal(done.length);
}

async function agreedOn(provider: LaneWorld["provider"], intent: Intent, own: readonly Attempt[]): Promise<void> {
  const receipts = await Promise.all(own.map(({ hash }) => provider.getTransactionReceipt(hash)));
  const mined = own.filter((_, i) => receipts[i] !== null);
  expect(mined.length).to.be.at.most(1);
  expect(new Set(own.map(({ nonce }) => nonce)).size).to.be.at.most(1);
  const plan = mined.find(({ cancels }) => !cancels);
  expect(intent.status).to.equal(plan === undefined ? "void" : "final");
  if (plan !== undefined) expect(intent.succeeded).to.equal(receipts[own.indexOf(plan)]!.status === 1);
  for (const attempt of own) expect(attempt.status).to.equal(mined.includes(attempt) ? "final" : "replaced");
}
