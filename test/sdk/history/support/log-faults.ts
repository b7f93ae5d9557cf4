import type { ContentFault, RpcAnswer, RpcProxy } from "../../../keeper/faults/support/rpc-proxy.js";
import { transport } from "../../../keeper/faults/support/rpc-proxy.js";

type LogFilter = { fromBlock?: string; toBlock?: string; blockHash?: string };
type RawLog = Record<string, unknown>;

/** Blocks of a request for logs; null where it asks by hash. */
export function blocksOf(params: readonly unknown[]): number | null {
  const { fromBlock, toBlock } = params[0] as LogFilter;
  return fromBlock === undefined ? null : Number(toBlock) - Number(fromBlock) + 1;
}

const isRange = ({ params }: { params: readonly unknown[] }): boolean => blocksOf(params) !== null;

/** The true logs, changed. */
export const logsAre =
  (change: (logs: RawLog[], uniform: () => number) => unknown): ContentFault =>
  async ({ method, params }, forward, random): Promise<RpcAnswer> => {
    const answer = await forward(method, params);
    return "result" in answer ? { result: change(answer.result as RawLog[], () => random.uniform()) } : answer;
  };

/** The same log in a block that is none of the chain's any more. */
const orphan = (log: RawLog): RawLog => ({
  ...log,
  blockHash: `0x${[...String(log.blockHash).slice(2)].reverse().join("")}`,
});

/** A log that its block does not have. */
export const further = (log: RawLog): RawLog => ({
  ...log,
  logIndex: `0x${(Number(log.logIndex) + 0x1000).toString(16)}`,
});

/** Ways in which logs are wrong but for those that are missing. */
export const LIES: Readonly<Record<string, (all: RawLog[]) => unknown>> = {
  twice: (all) => [...all, ...all],
  removed: (all) => [...all, ...all.map((log) => ({ ...orphan(log), removed: true }))],
  "removed alone": (all) => all.flatMap((log) => [log, { ...further(log), removed: true }]),
  orphans: (all) => [...all, ...all.map(orphan)],
  strangers: (all) => [...all, ...all.map((log) => ({ ...further(log), address: `0x${"11".repeat(20)}` }))],
  elsewhere: (all) => [...all, ...all.map((log) => ({ ...further(log), blockNumber: "0x1" }))],
  "in two ways": (all) => [...all, ...all.map((log) => ({ ...log, data: "0x" }))],
  "no list": () => "0x",
  "no log": (all) => [...all, null],
  "no topics": (all) => all.map((log) => ({ ...log, topics: "0x" })),
  backwards: (all) => [...all].reverse(),
};

/** What a node does to logs, and how often. */
export interface LogFaults {
  /** Blocks that it gives at once. */
  readonly limit: number;
  /** Chance that an answer of a range lacks some logs. */
  readonly drops: number;
  /** Chance that an answer is wrong in another way. */
  readonly lies: number;
  /** Chance of each call that its POST fails. */
  readonly fails: number;
}

/** A node that limits ranges, and drops, repeats, invents and garbles logs of ranges; what it is asked by hash it tells. */
export function tamper({ rule }: RpcProxy, { limit, drops, lies, fails }: LogFaults): void {
  const logs = { methods: ["eth_getLogs"] };
  for (const [name, fault] of [
    ["bad gateway", transport.badGateway()],
    ["disconnect", transport.disconnect()],
    ["garbage", transport.garbage()],
    ["truncated", transport.truncated()],
  ] as const) {
    rule({ name, methods: ["eth_getLogs", "eth_call"], probability: fails / 4, transport: fault });
  }
  rule({
    ...{ name: "limit", ...logs, when: ({ params }) => (blocksOf(params) ?? 0) > limit },
    content: () => ({ error: { code: -32_614, message: `eth_getLogs is limited to a ${limit} range` } }),
  });
  rule({
    ...{ name: "drop", ...logs, when: isRange, probability: drops },
    content: logsAre((all, uniform) => all.filter(() => uniform() < 0.5)),
  });
  for (const [name, lie] of Object.entries(LIES)) {
    rule({ name, ...logs, probability: lies / Object.keys(LIES).length, content: logsAre(lie) });
  }
  rule({
    ...{ name: "behind", methods: ["eth_getBlockByNumber"], when: ({ params }) => params[0] !== "latest" },
    probability: lies / 200,
    content: () => ({ result: null }),
  });
}
