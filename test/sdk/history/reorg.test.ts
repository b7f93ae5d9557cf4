import { collectHistory, type HistoryPage, readHistory } from "@crosshedge/sdk";
import { expect } from "chai";
import { reusable } from "../../support/reusable.js";
import { behindProxy, livedVault } from "./support/lived.js";
import { lineOf, toldByChain } from "./support/told-by-chain.js";

const fixture = reusable(livedVault);
const QUICK = { attempts: 3, delayMs: 0 };

describe("sdk: history and reorgs", () => {
  let f: Awaited<ReturnType<typeof fixture>>;
  let at: Awaited<ReturnType<typeof behindProxy>>;
  beforeEach(async () => {
    f = await fixture();
    at = await behindProxy(f);
  });
  afterEach(() => at.close());

  const request = (method: string, params: unknown[] = []) => f.connection.provider.request({ method, params });
  const beat = () => f.rebalancer.connect(f.world.signers.keeper).heartbeat();
  const transfer = () => f.vault.connect(f.world.signers.alice).transfer(f.world.signers.bob, 1n);
  /** Other blocks after a fork point: other times, so other hashes. */
  const replace = async (snapshot: unknown, blocks: number) => {
    await request("evm_revert", [snapshot]);
    await request("evm_increaseTime", ["0x21"]);
    await request("hardhat_mine", [`0x${blocks.toString(16)}`]);
  };
  const truth = () => toldByChain(f, f.contracts);

  it("takes back what was replaced and nothing else, the newest first, and tells what came instead", async () => {
    await beat();
    const snapshot = await request("evm_snapshot");
    await transfer();
    await beat();
    const { events, cursor } = await collectHistory(at.vault, { retry: QUICK });
    const gone = events.slice(-2).reverse();
    await replace(snapshot, 1);
    await transfer();
    await transfer();
    const pages: HistoryPage[] = [];
    for await (const page of readHistory(at.vault, { cursor: cursor!, retry: QUICK })) pages.push(page);
    const fork = events.at(-3)!.blockNumber;
    expect(pages[0]).to.deep.include({ to: fork, events: [], reorg: { to: fork, removed: gone } });
    expect(gone.map(({ name }) => name)).to.deep.equal(["Heartbeat", "Transfer"]);
    expect(pages.slice(1).flatMap((page) => page.events.map(({ name }) => name))).to.deep.equal([
      "Transfer",
      "Transfer",
    ]);
    const whole = await collectHistory(at.vault, { cursor: cursor!, known: events, retry: QUICK });
    expect(whole.events.map(lineOf)).to.deep.equal(await truth());
  });

  it("takes nothing back where a node is behind", async () => {
    const snapshot = await request("evm_snapshot");
    await beat();
    await beat();
    const { events, cursor } = await collectHistory(at.vault, { retry: QUICK });
    await request("evm_revert", [snapshot]);
    const behind = await collectHistory(at.vault, { cursor: cursor!, known: events, retry: QUICK });
    expect(behind.events).to.deep.equal(events);
    // The chain grows past where it was: now it is sure that these blocks are gone.
    await request("hardhat_mine", ["0x3"]);
    const after = await collectHistory(at.vault, { cursor: behind.cursor!, known: events, retry: QUICK });
    expect(after.events.map(lineOf)).to.deep.equal(await truth());
  });

  for (const [method, skip] of [
    ["eth_getLogs", 0],
    ["eth_getLogs", 1],
    ["eth_getBlockByNumber", 4],
    ["eth_getBlockByNumber", 6],
  ] as const) {
    it(`does not mix two chains where blocks are replaced at ${method} ${skip + 1} of one range`, async () => {
      await beat();
      const from = (await f.world.ethers.provider.getBlockNumber()) - 10;
      const snapshot = await request("evm_snapshot");
      await request("hardhat_mine", ["0x1"]);
      await beat();
      let done = false;
      at.node.rule({
        ...{ name: "reorg", methods: [method], skip, times: 1 },
        content: async ({ params }, forward) => {
          const answer = await forward(method, params);
          await request("evm_revert", [snapshot]);
          await request("evm_increaseTime", ["0x21"]);
          // In a block that had nothing before; and none where there was one.
          await transfer();
          await request("hardhat_mine", ["0x2"]);
          done = true;
          return answer;
        },
      });
      const { events } = await collectHistory(at.vault, { from, retry: QUICK, completeness: "none" });
      expect(done).to.equal(true);
      expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts, from));
    });
  }

  it("gives only what is as final as it is asked to be", async () => {
    await beat();
    await request("hardhat_mine", ["0x4"]);
    await beat();
    const head = await f.world.ethers.provider.getBlockNumber();
    const deep = await collectHistory(at.vault, { finality: 3, retry: QUICK });
    expect(deep.cursor?.next).to.equal(head - 2);
    const told = await truth();
    expect(deep.events.map(lineOf)).to.deep.equal(told.slice(0, -1));
    at.node.rule({
      ...{ name: "final", methods: ["eth_getBlockByNumber"], when: ({ params }) => params[0] === "finalized" },
      content: (_, forward) => forward("eth_getBlockByNumber", [`0x${(head - 1).toString(16)}`, false]),
    });
    const final = await collectHistory(at.vault, { finality: "finalized", retry: QUICK });
    expect(final.cursor?.next).to.equal(head);
    expect(final.events.map(lineOf)).to.deep.equal(told.slice(0, -1));
  });
});
