import { expect } from "chai";
import type { Head } from "../../../keeper/src/rpc/head.js";
import { type HeadEvent, HeadWatch, type HeadWatchOptions } from "../../../keeper/src/rpc/head-watch.js";
import { blockAt, chainTo, hashOf } from "./support/fake-chain.js";
import { status } from "./support/fake-node.js";
import { agreedHead, errorOf, severalNodes } from "./support/several-nodes.js";

describe("the head that nodes agree on", () => {
  const connect = severalNodes();

  it("is one POST to each where they are at the same block", async () => {
    const { provider, nodes } = await connect([chainTo(20), chainTo(20)]);
    const block = blockAt(20);
    const same: Head = { number: 20, hash: block.hash, parentHash: block.parentHash, timestamp: 1_240, baseFee: 7n };
    expect(await agreedHead(provider)).to.deep.equal(same);
    expect(nodes.map(({ posts }) => posts)).to.deep.equal([[["eth_getBlockByNumber"]], [["eth_getBlockByNumber"]]]);
    expect(await provider.getBlockNumber()).to.equal(20);
    expect((await provider.getBlock("latest"))?.hash).to.equal(hashOf(20));
  });

  for (const late of [19, 14])
    it(`is the block of the one that is late, ${20 - late} behind`, async () => {
      const { provider } = await connect([chainTo(20), chainTo(late)]);
      expect((await agreedHead(provider)).hash).to.equal(hashOf(late));
      expect(await provider.getBlockNumber()).to.equal(late);
    });

  it("is that of two where a third is late", async () => {
    const { provider } = await connect([chainTo(5), chainTo(20), chainTo(20)]);
    expect((await agreedHead(provider)).number).to.equal(20);
  });

  it("is where the forks part, if they part nearby", async () => {
    const { provider } = await connect([chainTo(20), chainTo(21, "b", 17)]);
    expect((await agreedHead(provider)).hash).to.equal(hashOf(17));
    const far = await connect([chainTo(20), chainTo(20, "b", 3)]);
    expect((await errorOf(agreedHead(far.provider))).message).to.contain("differently");
  });

  it("is none where one of two is away", async () => {
    const { provider, nodes } = await connect([chainTo(20), chainTo(20)]);
    nodes[0]!.misbehave(status(502));
    expect((await errorOf(agreedHead(provider))).message).to.contain("rpc[0]");
  });
});

describe("a watch of the head", () => {
  interface Turned {
    readonly events: HeadEvent[];
    readonly watch: HeadWatch;
    /** Let the timer fire, and wait for the poll under way. */
    turn(seconds?: number): Promise<void>;
    head: { number: number; fork?: string; forkAt?: number } | "hang" | "fail";
  }

  const watching = (options: Partial<HeadWatchOptions> = {}): Turned => {
    let now = 1_240_000;
    let fire: () => void = () => undefined;
    const timers = {
      setInterval: (callback: () => void) => {
        fire = callback;
        return 1;
      },
      clearInterval: () => {
        fire = () => undefined;
      },
    } as unknown as HeadWatchOptions["timers"];
    const events: HeadEvent[] = [];
    const send = async (_: string, [tag]: unknown[]): Promise<unknown> => {
      const { head } = turned;
      if (head === "hang") return new Promise(() => undefined);
      if (head === "fail") throw new Error("socket hang up");
      const number = tag === "latest" ? head.number : Number(tag);
      return number > head.number ? null : blockAt(number, head.fork, head.forkAt);
    };
    const watch = new HeadWatch({
      ...{ provider: { send }, intervalMs: 1_000, maxHeadAgeSeconds: 60, now: () => now, timers: timers! },
      ...{ on: (event: HeadEvent) => events.push(event) },
      ...options,
    });
    const turned: Turned = {
      events,
      watch,
      head: { number: 20 },
      async turn(seconds = 1) {
        now += seconds * 1_000;
        fire();
        if (turned.head !== "hang") await watch.poll().catch(() => undefined);
      },
    };
    return turned;
  };
  const kinds = ({ events }: Turned): string[] => events.splice(0).map(({ kind }) => kind);

  it("tells each new head once", async () => {
    const turned = watching();
    turned.watch.start();
    await turned.turn();
    await turned.turn();
    turned.head = { number: 23 };
    await turned.turn();
    expect(turned.events.map((event) => event.kind === "head" && event.head.number)).to.deep.equal([20, 23]);
    turned.watch.stop();
  });

  it("sees a reorg: of the head, of blocks that were skipped over, and to a shorter chain", async () => {
    for (const to of [
      { number: 21, fork: "b", forkAt: 19 },
      { number: 20, fork: "b", forkAt: 18 },
      { number: 30, fork: "b", forkAt: 15 },
      { number: 18 },
    ]) {
      const turned = watching();
      turned.watch.start();
      await turned.turn();
      turned.head = to;
      await turned.turn();
      expect(kinds(turned), JSON.stringify(to)).to.deep.equal(["head", "reorg", "head"]);
    }
  });

  it("a head that is too old is frozen, told once, until a new one comes", async () => {
    const turned = watching();
    turned.watch.start();
    await turned.turn(59);
    expect(kinds(turned)).to.deep.equal(["head"]);
    await turned.turn();
    await turned.turn();
    expect(kinds(turned)).to.deep.equal(["frozen"]);
    turned.head = { number: 24 };
    await turned.turn();
    expect(kinds(turned)).to.deep.equal(["head", "thawed"]);
  });

  it("decides even while a poll hangs, and where no head ever came; a hanging poll is given up", async () => {
    const turned = watching();
    turned.head = "hang";
    turned.watch.start();
    await turned.turn(61);
    expect(kinds(turned)).to.deep.equal(["frozen"]);
    turned.head = { number: 25 };
    await turned.turn(11);
    expect(kinds(turned)).to.deep.equal(["head", "thawed"]);
  });

  it("a head from the future freezes all the same, and is told as skew", async () => {
    const turned = watching({ maxSkewSeconds: 30 });
    turned.head = { number: 50 };
    turned.watch.start();
    await turned.turn(0);
    expect(kinds(turned)).to.deep.equal(["head", "skew"]);
    await turned.turn(61);
    await turned.turn(1);
    expect(kinds(turned)).to.deep.equal(["frozen"]);
  });

  it("asks nothing of ages on a chain with a clock of its own; tells what fails", async () => {
    const turned = watching({ maxHeadAgeSeconds: null });
    turned.watch.start();
    await turned.turn(1_000_000);
    turned.head = "fail";
    await turned.turn();
    expect(turned.events.map((event) => (event.kind === "fault" ? event.fault.meaning : event.kind))).to.deep.equal([
      "head",
      "unavailable",
    ]);
  });
});
