import type { RpcRequest } from "./request.js";

/**
 * How the answers of several nodes become one:
 * - agree: so many must say the same
 * - median: guesses of nodes differ: where they do by much, all are asked and one that lies is outvoted; of two the larger, which is careful
 * - reached: the largest that so many reach as must agree, so that one alone cannot stop us; of no more than that the larger
 * - smallest: what is paid in full, whatever it is: one node alone could make it as dear as the cap; too little is raised later
 * - head: the highest block that they all know
 * - known: the first that answers
 * - broadcast: to all; one that takes it is enough
 * - once: to one, never again
 */
export type MethodRule = "agree" | "median" | "reached" | "smallest" | "head" | "known" | "broadcast" | "once";

const RULES: Readonly<Record<string, MethodRule>> = {
  eth_call: "agree",
  eth_getBalance: "agree",
  eth_getBlockByHash: "agree",
  eth_getBlockByNumber: "agree",
  eth_getBlockReceipts: "agree",
  eth_getCode: "agree",
  eth_getLogs: "agree",
  eth_getStorageAt: "agree",
  eth_getTransactionByHash: "agree",
  eth_getTransactionCount: "agree",
  eth_getTransactionReceipt: "agree",
  eth_estimateGas: "median",
  eth_feeHistory: "median",
  eth_gasPrice: "median",
  eth_maxPriorityFeePerGas: "smallest",
  eth_blockNumber: "head",
  eth_accounts: "known",
  eth_chainId: "known",
  eth_syncing: "known",
  net_version: "known",
  web3_clientVersion: "known",
  eth_sendRawTransaction: "broadcast",
};
/** Where the block stands among the parameters. */
const TAG_AT: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
};

/** The rule for a question; unknown methods may change something, and are asked once. */
export function ruleOf({ method, params }: RpcRequest): MethodRule {
  if (method === "eth_getBlockByNumber") {
    if (params[0] === "pending") return "known";
    return params[0] === "latest" || params[0] === "safe" || params[0] === "finalized" ? "head" : "agree";
  }
  // What waits to be mined is a matter of each node.
  if (method === "eth_getTransactionCount" && params[1] === "pending") return "reached";
  return RULES[method] ?? "once";
}

/** The question about the latest state, or logs up to it, asked of one block instead; any other as it is. */
export function pinnedTo(request: RpcRequest, block: string): RpcRequest {
  const { method, params } = request;
  if (method === "eth_getLogs") {
    const filter = params[0] as { readonly toBlock?: unknown; readonly blockHash?: unknown };
    const open = filter.blockHash === undefined && (filter.toBlock ?? "latest") === "latest";
    return open ? { method, params: [{ ...filter, toBlock: block }] } : request;
  }
  const at = TAG_AT[method];
  if (at === undefined || params[at] !== "latest") return request;
  return { method, params: params.map((value, index) => (index === at ? block : value)) };
}
