import { Interface, keccak256, toBeHex } from "ethers";
import type { ContentFault, RpcAnswer, Upstream } from "./rpc-proxy.js";

type Block = { number: string; hash: string; parentHash: string };

const MULTICALL = new Interface([
  "function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable returns ((bool success, bytes returnData)[] returnData)",
]);
const AGGREGATE = MULTICALL.getFunction("aggregate3")!;

/** An error that a node gives instead of an answer. */
export function says(message: string, code = -32_000, data?: unknown): ContentFault {
  return () => ({ error: { code, message, ...(data === undefined ? {} : { data }) } });
}

/** The true answer, changed; errors stay as they are. */
export function changed<T>(change: (result: T, params: readonly unknown[]) => unknown): ContentFault {
  return async ({ method, params }, forward) => {
    const answer = await forward(method, params);
    return "result" in answer ? { result: change(answer.result as T, params) } : answer;
  };
}

/** Take the transaction, say its hash, and keep it from the chain. */
export const swallow: ContentFault = ({ params }) => ({ result: keccak256(params[0] as string) });

/** The account's count is so many more, or fewer. */
export const countOff = (by: number): ContentFault =>
  changed<string>((count) => toBeHex(Math.max(0, Number(count) + by)).replace(/^0x0+(?=.)/, "0x"));

/** No transaction was ever mined. */
export const noReceipt: ContentFault = () => ({ result: null });

/** Every transaction asked for was mined, in the latest block, and succeeded or failed. */
export function inventedReceipt(succeeded: boolean): ContentFault {
  return async ({ params: [hash] }, forward) => {
    const head = await resultOf<Block>(forward, "eth_getBlockByNumber", ["latest", false]);
    const known = await resultOf<object | null>(forward, "eth_getTransactionReceipt", [hash]);
    const place = { transactionHash: hash, transactionIndex: "0x0", blockHash: head.hash, blockNumber: head.number };
    const empty = { from: `0x${"0".repeat(40)}`, to: null, contractAddress: null, logs: [], type: "0x2" };
    const gas = { gasUsed: "0x5208", cumulativeGasUsed: "0x5208", effectiveGasPrice: "0x1" };
    const bloom = { logsBloom: `0x${"0".repeat(512)}` };
    return { result: { ...bloom, ...empty, ...gas, ...known, ...place, status: succeeded ? "0x1" : "0x0" } };
  };
}

/** Calls of one function of one contract answer with other words, whether alone or within a Multicall3. */
export function readAs(target: string, selector: string, change: (data: string) => string): ContentFault {
  const meant = (to: string, data: string) =>
    to.toLowerCase() === target.toLowerCase() && data.toLowerCase().startsWith(selector.toLowerCase());
  return changed<string>((result, [call]) => {
    const { to, data, input } = call as { to: string; data?: string; input?: string };
    const calldata = data ?? input ?? "0x";
    if (meant(to, calldata)) return change(result);
    if (!calldata.startsWith(AGGREGATE.selector)) return result;
    const [calls] = MULTICALL.decodeFunctionData(AGGREGATE, calldata) as unknown as [
      { target: string; callData: string }[],
    ];
    const [answers] = MULTICALL.decodeFunctionResult(AGGREGATE, result) as unknown as [[boolean, string][]];
    const rows = answers.map(([success, bytes], index) => {
      const inner = calls[index]!;
      return [success, meant(inner.target, inner.callData) ? change(bytes) : bytes];
    });
    return MULTICALL.encodeFunctionResult(AGGREGATE, [rows]);
  });
}

/** An answer decoded, changed, and encoded again. Tuples are arrays. */
export function recoded(
  calls: Interface,
  name: string,
  change: (values: unknown[]) => unknown[],
): (data: string) => string {
  return (data) => calls.encodeFunctionResult(name, change(calls.decodeFunctionResult(name, data).toArray(true)));
}

/**
 * The node stays at a block, and answers everything from there.
 * @param block Hex number; by default the block that it had when it was first asked
 */
export function frozenHead(block?: string): ContentFault {
  let frozen: Promise<string> | undefined = block === undefined ? undefined : Promise.resolve(block);
  return async ({ method, params }, forward) => {
    frozen ??= resultOf<string>(forward, "eth_blockNumber", []);
    const at = await frozen;
    const later = (number: string | null | undefined) => number != null && BigInt(number) > BigInt(at);
    if (method === "eth_blockNumber") return { result: at };
    const hash = params.map(blockHashIn).find((found) => found !== undefined);
    if (
      hash !== undefined &&
      later((await resultOf<Block | null>(forward, "eth_getBlockByHash", [hash, false]))?.number)
    ) {
      return { error: { code: -32_000, message: "header not found" } };
    }
    const pinned = params.map((value) => (value === "latest" || value === "pending" ? at : value));
    const answer = await forward(method, pinned);
    if (!("result" in answer) || answer.result === null || typeof answer.result !== "object") return answer;
    const { number, blockNumber } = answer.result as { number?: string; blockNumber?: string | null };
    return later(number) || later(blockNumber) ? { result: null } : answer;
  };
}

/** The node is on a fork of its own: every block from the one that it had has another hash, by which it knows it. */
export function ownFork(): ContentFault {
  const real = new Map<string, string>();
  let from: Promise<bigint> | undefined;
  const own = (hash: string): string => {
    const other = keccak256(hash);
    real.set(other, hash);
    return other;
  };
  return async ({ method, params }, forward): Promise<RpcAnswer> => {
    from ??= resultOf<string>(forward, "eth_blockNumber", []).then(BigInt);
    const first = await from;
    const answer = await forward(
      method,
      params.map((value) => renamed(value, real)),
    );
    if (!("result" in answer) || answer.result === null || typeof answer.result !== "object") return answer;
    const result = { ...answer.result } as Partial<Block> & { blockHash?: string; blockNumber?: string };
    if (result.number !== undefined && BigInt(result.number) >= first && result.hash) {
      result.hash = own(result.hash);
      if (BigInt(result.number) > first && result.parentHash) result.parentHash = own(result.parentHash);
    }
    if (result.blockHash && result.blockNumber && BigInt(result.blockNumber) >= first) {
      result.blockHash = own(result.blockHash);
    }
    return { result };
  };
}

function blockHashIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { blockHash?: string }).blockHash;
}

function renamed(value: unknown, real: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return real.get(value) ?? value;
  const hash = blockHashIn(value);
  return hash === undefined ? value : { ...(value as object), blockHash: real.get(hash) ?? hash };
}

async function resultOf<T>(forward: Upstream, method: string, params: readonly unknown[]): Promise<T> {
  const answer = await forward(method, params);
  if ("result" in answer) return answer.result as T;
  throw new Error(answer.error.message);
}
