import {
  collectHistory,
  type HistoryCursor,
  HistoryInterrupted,
  historyStart,
  readHistory,
  readLogs,
  type VaultEvent,
  type VaultEventName,
} from "@crosshedge/sdk";
import { HedgeVault__factory, PerpV2Leg__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { EventFragment, id } from "ethers";
import { eventNames, topicsOf } from "../../../sdk/src/history/decode.js";
import { reusable } from "../../support/reusable.js";
import { expectRejection } from "../support.js";
import { behindProxy, contractsNow, livedVault } from "./support/lived.js";
import { blocksOf, further, LIES, logsAre, tamper } from "./support/log-faults.js";
import { lineOf, toldByChain, UNTOLD } from "./support/told-by-chain.js";

const fixture = reusable(livedVault);
const QUICK = { attempts: 2, delayMs: 0 };
/** Nearly all of the chain is final. */
const FINAL = { retry: QUICK, reorgDepth: 1 };

describe("sdk: history", () => {
  let f: Awaited<ReturnType<typeof fixture>>;
  let at: Awaited<ReturnType<typeof behindProxy>>;
  beforeEach(async () => {
    f = await fixture();
    at = await behindProxy(f);
    at.node.clear();
  });
  afterEach(() => at.close());

  /** From here on the node leaves events out of ranges; by its hash it tells all of a block. */
  const lack = (names: readonly VaultEventName[]) => {
    const gone = topicsOf(new Set(names), ["vault", "rebalancer", "leg", "pool"]);
    at.node.rule({
      ...{ name: "index", methods: ["eth_getLogs"], when: ({ params }) => blocksOf(params) !== null },
      content: logsAre((all) => all.filter(({ topics }) => !gone.includes((topics as string[])[0] as string))),
    });
  };

  it("tells every event of the vault's contracts in order, with what it carries", async () => {
    const { events } = await collectHistory(at.vault);
    const told = await toldByChain(f, f.contracts);
    expect(events.map(lineOf)).to.deep.equal(told);
    // The beginning is found, then four answers: the head, logs, their blocks, the blocks that may still change.
    expect(at.node.posts.length).to.be.at.most(30);
    const of = <N extends VaultEvent["name"]>(name: N) =>
      events.filter((event): event is Extract<VaultEvent, { name: N }> => event.name === name);
    const [plan] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced());
    const { epoch, decisionHash, sender, outcome, onlyReductions, lossSpent } = plan!.args;
    const { navBefore, navAfter, varianceBefore, varianceAfter, varianceUnhedged, reduced } = outcome;
    expect(of("Rebalanced")[0]?.args).to.deep.equal({
      ...{ epoch, decisionHash, sender, profile: "Keeper", onlyReductions, lossSpent },
      outcome: { navBefore, navAfter, varianceBefore, varianceAfter, varianceUnhedged, reduced },
    });
    const time = (await plan?.getBlock())?.timestamp;
    expect(of("Rebalanced")[0]).to.include({ timestamp: time, contract: f.deployment.rebalancer });
    expect(of("ModeSet").map(({ args }) => args.mode)).to.deep.equal(["NoDeposit", "Normal"]);
    expect(of("AccountChanged")[0]?.args.before.booked).to.deep.equal(
      of("AccountChanged")[0]?.args.before.booked.map(() => ({ size: 0n, openNotional: 0n, fundingGrowth: 0n })),
    );
    const supply = of("Transfer").reduce((sum, { args: { from, to, value } }) => {
      return sum + (BigInt(from) === 0n ? value : 0n) - (BigInt(to) === 0n ? value : 0n);
    }, 0n);
    expect(supply).to.equal(await f.vault.totalSupply());
  });

  it("knows every event that the contracts can raise", () => {
    const all = { vault: HedgeVault__factory, rebalancer: Rebalancer__factory, leg: PerpV2Leg__factory } as const;
    for (const [source, factory] of Object.entries(all) as [keyof typeof all, typeof HedgeVault__factory][]) {
      for (const part of factory.abi as readonly { type: string; name?: string }[]) {
        if (part.type !== "event" || UNTOLD.includes(part.name ?? "")) continue;
        const fragment = EventFragment.from(part);
        expect(topicsOf(new Set([fragment.name]) as never, [source]), fragment.format()).to.deep.equal([
          id(fragment.format("sighash")),
        ]);
      }
    }
  });

  it("begins anywhere, and goes on from a cursor that JSON has kept", async () => {
    const told = await toldByChain(f, f.contracts);
    expect(told[0]).to.match(new RegExp(`^${await historyStart(at.vault)}:`));
    const blocks = told.map((line) => Number(line.split(":")[0]));
    const middle = blocks[20]! + 1;
    const first = await collectHistory(at.vault, { to: middle - 1, retry: QUICK });
    const cursor = JSON.parse(JSON.stringify(first.cursor)) as HistoryCursor;
    const whole = await collectHistory(at.vault, { cursor, known: first.events, retry: QUICK });
    expect(whole.events.map(lineOf)).to.deep.equal(told);
    const rest = await collectHistory(at.vault, { from: middle, ...FINAL });
    expect(rest.events.map(lineOf)).to.deep.equal(told.filter((_, k) => blocks[k]! >= middle));
    const plans = await collectHistory(at.vault, { names: ["Rebalanced", "Settled"], retry: QUICK });
    expect(plans.events.map(({ name }) => name)).to.deep.equal(["Rebalanced", "Settled"]);
    expect((await collectHistory(at.vault, { cursor: whole.cursor!, retry: QUICK })).events).to.deep.equal([]);

    await expectRejection(collectHistory(at.vault, { cursor, names: ["Settled"] }), "BAD_ARGUMENT", /other events/);
    await expectRejection(collectHistory(at.vault, { cursor, from: 3 }), "BAD_ARGUMENT", /from block/);
    await expectRejection(
      collectHistory(at.vault, { cursor: { ...cursor, vault: f.deployment.rebalancer } }),
      "BAD_ARGUMENT",
    );
    await expectRejection(
      collectHistory(at.vault, { cursor: { ...cursor, chainId: "1" } }),
      "BAD_ARGUMENT",
      /is of chain 1/,
    );
    await expectRejection(collectHistory(at.vault, { cursor: {} as never }), "BAD_ARGUMENT", /none of a history/);
    await expectRejection(collectHistory(at.vault, { names: ["Nothing" as never] }), "BAD_ARGUMENT", /Nothing/);
    await expectRejection(collectHistory(at.vault, { from: 10_000_000 }), "BAD_ARGUMENT", /beyond the chain's head/);
  });

  it("follows a contract while it is the vault's, and when it comes back", async () => {
    const { keeper, stranger } = f.world.signers;
    const leg = f.contracts.at(-1)!.address;
    await f.vault.setRebalancer(stranger);
    // It is none of the vault's then.
    await f.rebalancer.connect(keeper).heartbeat();
    await f.connection.provider.request({ method: "hardhat_mine", params: ["0x3"] });
    const first = await collectHistory(at.vault, FINAL);
    await f.vault.setRebalancer(f.rebalancer);
    await f.vault.addLeg(leg);
    await f.rebalancer.connect(keeper).heartbeat();
    await f.connection.provider.request({ method: "hardhat_mine", params: ["0x3"] });
    const told = await toldByChain(f, await contractsNow(f));
    const whole = await collectHistory(at.vault, { ...FINAL, cursor: first.cursor!, known: first.events });
    expect(whole.events.map(lineOf)).to.deep.equal(told);
  });

  it("tells what a Rebalancer did in the block that replaced it", async () => {
    const { keeper, stranger } = f.world.signers;
    const request = (method: string, params: unknown[] = []) => f.connection.provider.request({ method, params });
    const from = (await f.world.ethers.provider.getBlockNumber()) + 1;
    await request("evm_setAutomine", [false]);
    await f.rebalancer.connect(keeper).heartbeat({ gasLimit: 1_000_000 });
    await f.vault.setRebalancer(stranger, { gasLimit: 1_000_000 });
    await request("evm_mine");
    await request("evm_setAutomine", [true]);
    lack(["Heartbeat"]);
    const { events } = await collectHistory(at.vault, { from, retry: QUICK, maxRange: 1 });
    expect(events.map(({ name }) => name)).to.have.members(["Heartbeat", "RebalancerSet"]);
  });

  it("asks again for a leg's pool where a node is behind", async () => {
    const told = await toldByChain(f, f.contracts);
    at.node.rule({
      ...{ name: "behind", methods: ["eth_call"], times: 1 },
      when: ({ params }) => (params[0] as { data: string }).data === id("pool()").slice(0, 10),
      content: () => ({ error: { code: -32_000, message: "header not found" } }),
    });
    const { events } = await collectHistory(at.vault, FINAL);
    expect(at.node.injected).to.have.length(1);
    expect(events.map(lineOf)).to.deep.equal(told);
  });

  it("does without old states from the vault's beginning, and says so where it cannot", async () => {
    const start = await historyStart(at.vault);
    const head = await f.world.ethers.provider.getBlockNumber();
    at.node.rule({
      ...{ name: "no archive", methods: ["eth_call", "eth_getCode"] },
      when: ({ params }) => Number(params[1]) < head,
      content: () => ({ error: { code: -32_000, message: "missing trie node 00 (path ) state is not available" } }),
    });
    await expectRejection(collectHistory(at.vault, { retry: QUICK }), "READ_FAILED", /does not keep the state/);
    const { events } = await collectHistory(at.vault, { from: start - 100, ...FINAL });
    expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
    const late = collectHistory(at.vault, { from: start + 1, ...FINAL });
    const error = await expectRejection(late, "READ_FAILED", /what the vault was made of before/);
    expect(error.nextStep).to.match(/the block in which the vault was made or an earlier one/);
  });

  for (const name of [
    "Transfer",
    "BasketDeposit",
    "FeesAccrued",
    "ExitInKind",
    "Settled",
    "Rebalanced",
    "RebalancerSet",
    "LegAdded",
  ] as const) {
    it(`finds a ${name} that a node leaves out of ranges, by the chain's counters`, async () => {
      lack([name]);
      const told = await toldByChain(f, f.contracts);
      const { events } = await collectHistory(at.vault, FINAL);
      expect(events.map(lineOf)).to.deep.equal(told);
      const believed = await collectHistory(at.vault, { ...FINAL, completeness: "none" });
      expect(believed.events.length).to.be.below(told.length);
    });
  }

  it("finds any event that an index lacks in blocks that can still be replaced, by their bloom filters", async () => {
    await f.rebalancer.connect(f.world.signers.keeper).heartbeat();
    await f.connection.provider.request({ method: "hardhat_mine", params: ["0x7"] });
    lack(["Heartbeat"]);
    const beats = async (reorgDepth: number) =>
      (await collectHistory(at.vault, { retry: QUICK, reorgDepth })).events.filter(({ name }) => name === "Heartbeat");
    expect(await beats(64)).to.have.length(2);
    expect(await beats(8)).to.have.length(1);
    expect(await beats(7)).to.have.length(0);
  });

  it("finds everything by the bloom filters where an index has nothing", async () => {
    // The last of the first hundred headers, which are asked for at once.
    const last = (await historyStart(at.vault)) + 99;
    const blocks = last - 1 - (await f.world.ethers.provider.getBlockNumber());
    await f.connection.provider.request({ method: "hardhat_mine", params: [`0x${blocks.toString(16)}`] });
    await f.rebalancer.connect(f.world.signers.keeper).heartbeat();
    await f.connection.provider.request({ method: "hardhat_mine", params: ["0x5"] });
    lack(eventNames());
    const { events } = await collectHistory(at.vault, { ...FINAL, completeness: "headers" });
    expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
  });

  it("does not pretend to check by bloom filters that a chain does not have", async () => {
    at.node.rule({
      ...{ name: "no blooms", methods: ["eth_getBlockByNumber"] },
      content: async ({ method, params }, forward) => {
        const answer = (await forward(method, params)) as { result: object };
        return { result: answer.result && { ...answer.result, logsBloom: `0x${"0".repeat(512)}` } };
      },
    });
    await expectRejection(
      collectHistory(at.vault, { ...FINAL, completeness: "headers" }),
      "UNSUPPORTED",
      /no bloom filters that could be used/,
    );
    const { events } = await collectHistory(at.vault, { retry: QUICK });
    expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
  });

  it("says from where on events are missing that were believed before", async () => {
    const [topic] = topicsOf(new Set(["Settled"]), ["vault"]);
    const start = await historyStart(at.vault);
    at.node.rule({
      ...{ name: "never", methods: ["eth_getLogs"] },
      content: logsAre((all) => all.filter(({ topics }) => (topics as string[])[0] !== topic)),
    });
    const head = await f.world.ethers.provider.getBlockNumber();
    const { cursor } = await collectHistory(at.vault, { ...FINAL, to: head - 3, completeness: "none" });
    const rest = collectHistory(at.vault, { ...FINAL, cursor: cursor!, to: head - 1 });
    await expectRejection(rest, "READ_FAILED", new RegExp(`events of blocks ${start} to ${head - 1}`));
  });

  it("gives the logs of a range in order, none twice and none that nobody asked for, in as many requests as it takes", async () => {
    tamper(at.node, { limit: 7, drops: 0, lies: 0, fails: 0 });
    const lie = (all: Parameters<typeof further>[0][]) => [
      ...all.map((log) => ({ ...further(log), address: f.deployment.rebalancer })),
      ...all.map((log) => ({ ...further(log), blockNumber: "0x1" })),
      ...all,
    ];
    at.node.rule({ name: "others", methods: ["eth_getLogs"], content: logsAre(lie) });
    const [address, to] = [f.deployment.vault, await f.world.ethers.provider.getBlockNumber()];
    const all = await f.world.ethers.provider.getLogs({ address, fromBlock: 0 });
    const from = all[0]!.blockNumber;
    const logs = await readLogs(at.vault.connection.provider, { addresses: [address], topics: [] }, { from, to });
    const placeOf = (log: { blockHash: string; logIndex: number }) => `${log.blockHash}:${log.logIndex}`;
    expect(logs.map(placeOf)).to.deep.equal(all.map((log) => placeOf({ ...log, logIndex: log.index })));
  });

  for (const [method, completeness] of [
    ["eth_getLogs", "none"],
    ["eth_call", "counters"],
  ] as const) {
    it(`takes no silence at ${method} for an answer`, async () => {
      at.node.rule({
        ...{ name: "busy", methods: [method] },
        // Of many blocks, or of old ones: what else is asked is answered.
        when: ({ params }) => (method === "eth_call" ? params[1] !== "latest" : blocksOf(params) !== 1),
        content: () => ({ error: { code: 429, message: "rate limit" } }),
      });
      await expectRejection(collectHistory(at.vault, { ...FINAL, completeness }), "NETWORK", new RegExp(method));
    });
  }

  it("does without requests by hash, though ranges have logs of other blocks", async () => {
    at.node.rule({
      ...{ name: "no hashes", methods: ["eth_getLogs"], when: ({ params }) => blocksOf(params) === null },
      content: () => ({ error: { code: -32_602, message: "invalid argument: blockHash" } }),
    });
    at.node.rule({ name: "orphans", methods: ["eth_getLogs"], content: logsAre(LIES.orphans!) });
    const { events } = await collectHistory(at.vault, FINAL);
    expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
  });

  for (const attempts of [1, 3]) {
    it(`asks for less where a node refuses in words that nobody knows, ${attempts} attempts`, async () => {
      at.node.rule({
        ...{ name: "words", methods: ["eth_getLogs"], when: ({ params }) => (blocksOf(params) ?? 0) > 7 },
        content: () => ({ error: { code: -32_000, message: "would rather not" } }),
      });
      const { events } = await collectHistory(at.vault, { ...FINAL, retry: { attempts, delayMs: 0 } });
      expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
    });
  }

  it("asks again where a node gives another block than it was asked for", async () => {
    at.node.rule({
      ...{ name: "another", methods: ["eth_getBlockByNumber"], times: 3 },
      when: ({ params }) => String(params[0]).startsWith("0x"),
      content: ({ method, params }, forward) =>
        forward(method, [`0x${(Number(params[0]) - 1).toString(16)}`, params[1]]),
    });
    const { events } = await collectHistory(at.vault, { ...FINAL, retry: { attempts: 4, delayMs: 0 }, maxRange: 5 });
    expect(at.node.injected).to.have.length(3);
    expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
  });

  for (const [name, lie] of Object.entries(LIES)) {
    it(`tells the truth where a node's logs are wrong: ${name}`, async () => {
      at.node.rule({ name, methods: ["eth_getLogs"], times: 4, content: logsAre(lie) });
      const { events } = await collectHistory(at.vault, { ...FINAL, retry: { attempts: 5, delayMs: 0 }, maxRange: 10 });
      expect(at.node.injected).to.have.length(4);
      expect(events.map(lineOf)).to.deep.equal(await toldByChain(f, f.contracts));
    });
  }

  it("gives up with the cursor where a node never tells an event, and loses nothing", async () => {
    const [topic] = topicsOf(new Set(["Settled"]), ["vault"]);
    const told = await toldByChain(f, f.contracts);
    const block = Number(told.find((line) => line.includes(" Settled "))?.split(":")[0]);
    const truth = at.node.rule({
      ...{ name: "never", methods: ["eth_getLogs"] },
      content: logsAre((all) => all.filter(({ topics }) => (topics as string[])[0] !== topic)),
    });
    const known: VaultEvent[] = [];
    const caught = await (async () => {
      for await (const page of readHistory(at.vault, { ...FINAL, maxRange: 5 })) known.push(...page.events);
    })().catch((error: unknown) => error as HistoryInterrupted);
    expect(caught).to.be.instanceOf(HistoryInterrupted);
    expect(caught).to.include({ code: "READ_FAILED" });
    expect((caught as HistoryInterrupted).shortMessage).to.equal(
      `The node does not give all events of blocks ${block} to ${block}.`,
    );
    truth();
    const { cursor } = caught as HistoryInterrupted;
    const whole = await collectHistory(at.vault, { ...FINAL, cursor: cursor!, known });
    expect(whole.events.map(lineOf)).to.deep.equal(told);
  });

  it("ends when it is no longer wanted, with the cursor", async () => {
    const control = new AbortController();
    const pages: number[] = [];
    const reading = (async () => {
      const options = {
        ...FINAL,
        maxRange: 5,
        signal: control.signal,
        onProgress: () => pages.length > 0 && control.abort(),
      };
      for await (const page of readHistory(at.vault, options)) pages.push(page.to);
    })();
    const error = await expectRejection(reading, "ABORTED");
    expect((error as HistoryInterrupted).cursor).to.have.property("next", pages.at(-1)! + 1);
  });
});
