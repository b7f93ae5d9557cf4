import type { RpcRequest } from "./request.js";

type Fields = Record<string, unknown>;

const BLOCK = ["hash", "number", "parentHash", "timestamp", "baseFeePerGas", "gasLimit"];
const LOG = ["address", "topics", "data", "blockHash", "transactionHash", "logIndex", "removed"];
const RECEIPT = [
  "transactionHash",
  "blockHash",
  "blockNumber",
  "status",
  "gasUsed",
  "effectiveGasPrice",
  "contractAddress",
];
const TRANSACTION = ["hash", "blockHash", "nonce", "from", "to", "value", "input"];

function pick(value: unknown, fields: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return null;
  return fields.map((field) => (value as Fields)[field] ?? null);
}

function each(value: unknown, fields: readonly string[]): unknown {
  return Array.isArray(value) ? value.map((one) => pick(one, fields)) : null;
}

function receipt(value: unknown): unknown {
  return value === null ? null : [pick(value, RECEIPT), each((value as Fields).logs, LOG)];
}

function essential({ method }: RpcRequest, result: unknown): unknown {
  switch (method) {
    case "eth_getBlockByHash":
    case "eth_getBlockByNumber":
      return pick(result, BLOCK);
    case "eth_getTransactionReceipt":
      return receipt(result);
    case "eth_getBlockReceipts":
      return Array.isArray(result) ? result.map(receipt) : null;
    case "eth_getTransactionByHash":
      // Whether a node has heard of what is not mined is a matter of each node.
      return (result as Fields | null)?.blockHash ? pick(result, TRANSACTION) : null;
    case "eth_getLogs":
      return each(result, LOG);
    default:
      return result;
  }
}

/** What must be the same in the answers of two nodes; the rest is how clients write. */
export function essenceOf(request: RpcRequest, result: unknown): string {
  return JSON.stringify(essential(request, result)).toLowerCase();
}
