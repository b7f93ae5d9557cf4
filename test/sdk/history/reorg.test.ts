import {
  applyPage,
  collectHistory,
  type HistoryInterrupted,
  type HistoryPage,
  readHistory,
  type VaultEvent,
} from "@crosshedge/sdk";
import { expect } from "chai";
import type { RpcCall } from "../../keeper/faults/support/rpc-proxy.js";
import { reusable } from "../../support/reusable.js";
import { expectRejection } from "../support.js";
import { behindProxy, contractsNow, livedVault } from "./support/lived.js";
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
  const replace = async (snapshot: unknown, blocks = 0) => {
    await request("evm_revert", [snapshot]);
    await request("evm_increaseTime", ["0x21"]);
    if (blocks > 0) await request("hardhat_mine", [`0x${blocks.toString(16)}`]);
  };
  const truth = () => toldByChain(f, f.contracts);

  for (const maxRange of [1, 1_000]) {
    it(`takes back what was replaced and nothing else, the newest first, and tells what came instead, in pages of ${maxRange}`, async () => {
      await beat();
      const snapshot = await request("evm_snapshot");
      await transfer();
      await beat();
      const { events, cursor } = await collectHistory(at.vault, { retry: QUICK, maxRange });
      const gone = events.slice(-2).reverse();
      await replace(snapshot);
      await transfer();
      await transfer();
      const pages: HistoryPage[] = [];
      for await (const page of readHistory(at.vault, { cursor: cursor!, retry: QUICK })) pages.push(page);
      const fork = events.at(-3)!.blockNumber;
      expect(pages[0]).to.deep.include({ to: fork, events: [], reorg: { to: fork, removed: gone } });
      const { checkpoints, unfinal, counts } = pages[0]!.cursor;
      const last = [checkpoints.at(-1)?.number, unfinal.at(-1)?.log.blockNumber, counts.checkedTo];
      expect(last).to.deep.equal([fork, fork, fork]);
      expect(gone.map(({ name }) => name)).to.deep.equal(["Heartbeat", "Transfer"]);
      expect(pages.slice(1).flatMap((page) => page.events.map(({ name }) => name))).to.deep.equal([
        "Transfer",
        "Transfer",
      ]);
      const whole = await collectHistory(at.vault, { cursor: cursor!, known: events, retry: QUICK });
      expect(whole.events.map(lineOf)).to.deep.equal(await truth());
    });
  }

  it("takes back within one read what is replaced between its pages", async () => {
    await beat();
    const snapshot = await request("evm_snapshot");
    const { alice } = f.world.signers;
    await f.vault.connect(alice).requestRedeem(1n, alice, alice);
    const from = await f.world.ethers.provider.getBlockNumber();
    await beat();
    const reading = readHistory(at.vault, { from, retry: QUICK, maxRange: 1 });
    const first = (await reading.next()).value as HistoryPage;
    expect(first.events.map(({ name }) => name)).to.deep.equal(["Transfer", "RedeemRequest"]);
    await replace(snapshot);
    await transfer();
    await beat();
    const rest: HistoryPage[] = [];
    for await (const page of reading) rest.push(page);
    expect(rest[0]?.reorg).to.deep.equal({ to: from - 1, removed: [...first.events].reverse() });
    const told = rest.reduce<readonly VaultEvent[]>(applyPage, first.events);
    expect(told.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts, from));
  });

  it("follows a Rebalancer again whose replacement is taken back", async () => {
    const { stranger } = f.world.signers;
    await f.vault.setRebalancer(stranger);
    await f.vault.setRebalancer(f.rebalancer);
    const snapshot = await request("evm_snapshot");
    await f.vault.setRebalancer(stranger);
    const { events, cursor } = await collectHistory(at.vault, { retry: QUICK });
    await replace(snapshot, 1);
    await beat();
    const whole = await collectHistory(at.vault, { cursor: cursor!, known: events, retry: QUICK });
    expect(whole.events.map(lineOf)).to.deep.equal(await toldByChain(f, await contractsNow(f)));
  });

  for (const depth of [3, 4]) {
    it(`${depth > 3 ? "says so" : "takes them back"} where ${depth} blocks are replaced of which 3 may be`, async () => {
      await beat();
      const snapshot = await request("evm_snapshot");
      await beat();
      await request("hardhat_mine", [`0x${depth - 1}`]);
      const options = { retry: QUICK, reorgDepth: 3 };
      const { events, cursor } = await collectHistory(at.vault, options);
      await replace(snapshot, 9);
      const again = collectHistory(at.vault, { ...options, cursor: cursor!, known: events });
      if (depth === 3) {
        expect((await again).events.map(lineOf)).to.deep.equal(await truth());
        return;
      }
      const error = await expectRejection(again, "READ_FAILED", /the first that the cursor knows/);
      expect((error as HistoryInterrupted).cursor).to.deep.equal(cursor);
    });
  }

  it("goes on where a node is behind now and then, and gives up where it is behind for good", async () => {
    await request("hardhat_mine", ["0x20"]);
    const from = (await f.world.ethers.provider.getBlockNumber()) - 31;
    const numbered = ({ params }: RpcCall) => String(params[0]).startsWith("0x");
    const lacks = { methods: ["eth_getBlockByNumber"], content: () => ({ result: null }) };
    let asked = 0;
    const everyFifth = (call: RpcCall) => {
      if (numbered(call)) asked += 1;
      return numbered(call) && asked % 5 === 0;
    };
    const nowAndThen = at.node.rule({ ...lacks, name: "now and then", when: everyFifth });
    const pages: HistoryPage[] = [];
    const options = { from, retry: QUICK, completeness: "none" as const, maxRange: 1 };
    for await (const page of readHistory(at.vault, options)) pages.push(page);
    expect(at.node.injected).to.have.length.above(10);
    expect(pages.map((page) => [page.to, page.reorg])).to.deep.equal(
      Array.from({ length: 32 }, (_, k) => [from + k, null]),
    );
    nowAndThen();
    await beat();
    at.node.rule({ ...lacks, name: "for good", when: (call) => numbered(call) && Number(call.params[0]) > from + 31 });
    const rest = collectHistory(at.vault, { ...options, cursor: pages.at(-1)?.cursor });
    await expectRejection(rest, "NETWORK", /changed whenever they were read, or it lacks them/);
  });

  it("takes nothing back where a node is behind", async () => {
    const snapshot = await request("evm_snapshot");
    await beat();
    await beat();
    const { events, cursor } = await collectHistory(at.vault, { retry: QUICK });
    await request("evm_revert", [snapshot]);
    const behind = await collectHistory(at.vault, { cursor: cursor!, known: events, retry: QUICK });
    expect(behind.events).to.deep.equal(events);
    // Another block is where the first was: now it is sure that both are gone.
    await request("hardhat_mine", ["0x1"]);
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
