import { expect } from "chai";
import type { Step } from "../../../keeper/src/lane/lane.js";
import type { ForkPoint } from "./support/chain.js";
import { openScene, type Scene } from "./support/scene.js";

const SEND = "eth_sendRawTransaction";

describe("faults: reorgs", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(4);
  });
  afterEach(() => scene.end());

  for (const depth of [1, 2, 3]) {
    it(`of depth ${depth}, which takes the plan out of the chain and out of the pool: it is sent again and lands once`, async () => {
      const life = await scene.keeper({ blockEvery: 1 });
      const fork = await scene.chain.forkPoint();
      const first = await life.keeper.tick();
      expect(first.state).to.equal("landed");
      await life.blocks(depth - 1);
      const hash = first.sent!.attempt!.hash;

      await fork.reorg(depth + 1);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch);
      const after = await life.ticks(5);
      expect(after[0]!.kind, "nothing new while the old one is on its way again").to.equal(null);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
      const [plan] = await scene.store.db.selectFrom("attempts").selectAll().execute();
      expect(plan).to.include({ hash, status: "final" });
      await scene.judge();
    });

    it(`of depth ${depth}, with the plan in another block of the new chain: it is not sent again`, async () => {
      const sends = () => scene.nodes.flatMap(({ posts }) => posts.flat()).filter((method) => method === SEND).length;
      let fork: ForkPoint | undefined;
      // From there on it waits in the pool of the other chain too.
      const onStep = async (step: Step) => {
        if (step === "sent") fork ??= await scene.chain.forkPoint();
      };
      const life = await scene.keeper({ blockEvery: 1 }, { onStep });
      expect((await life.keeper.tick()).state).to.equal("landed");
      await life.blocks(depth - 1);
      const before = sends();

      await fork!.reorg(depth + 1);
      await life.ticks(4);
      expect(sends()).to.equal(before);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
      await scene.judge();
    });
  }
});
