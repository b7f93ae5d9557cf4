import { isHexString } from "ethers";
import type { RpcRequest } from "./request.js";

type Fields = Record<string, unknown>;
type Check = (result: unknown, params: readonly unknown[]) => string | null;

const QUANTITY = /^0x[0-9a-f]{1,64}$/i;

const isQuantity = (value: unknown): boolean => typeof value === "string" && QUANTITY.test(value);
const same = (one: unknown, other: unknown): boolean => String(one).toLowerCase() === String(other).toLowerCase();

const quantity: Check = (result) => (isQuantity(result) ? null : "not a quantity");
const bytes: Check = (result) => (isHexString(result) && result.length % 2 === 0 ? null : "not bytes");
const hash: Check = (result) => (isHexString(result, 32) ? null : "not a hash");

/** An object or null. */
const record =
  (check: (fields: Fields, params: readonly unknown[]) => string | null): Check =>
  (result, params) => {
    if (result === null) return null;
    if (typeof result !== "object" || Array.isArray(result)) return "not an object";
    return check(result as Fields, params);
  };

const block = record(({ hash, number, timestamp, parentHash }, [asked]) => {
  if (asked === "pending") return null;
  if (!isHexString(hash, 32) || !isHexString(parentHash, 32)) return "a block without a hash";
  if (!isQuantity(number) || !isQuantity(timestamp)) return "a block without number or time";
  if (isHexString(asked, 32)) return same(hash, asked) ? null : "another block than was asked for";
  if (isHexString(asked)) return Number(number) === Number(asked) ? null : "another block than was asked for";
  return null;
});

const receipt = record((fields, [asked]) => {
  if (!same(fields.transactionHash, asked)) return "the receipt of another transaction";
  if (!isHexString(fields.blockHash, 32) || !isQuantity(fields.blockNumber)) return "a receipt without a block";
  return Array.isArray(fields.logs) && fields.logs.every(isLog) ? null : "a receipt without logs";
});

const transaction = record(({ hash }, [asked]) => (same(hash, asked) ? null : "another transaction"));

const feeHistory = record(({ baseFeePerGas }) =>
  Array.isArray(baseFeePerGas) && baseFeePerGas.every(isQuantity) ? null : "no base fees",
);

function isLog(log: unknown): boolean {
  if (typeof log !== "object" || log === null) return false;
  const { address, topics, data } = log as Fields;
  return (
    isHexString(address, 20) &&
    Array.isArray(topics) &&
    topics.every((topic) => isHexString(topic, 32)) &&
    isHexString(data)
  );
}

const logs: Check = (result, [filter]) => {
  if (!Array.isArray(result) || !result.every(isLog)) return "not logs";
  const { address, blockHash } = (filter ?? {}) as Fields;
  const wanted = [address ?? []].flat();
  if (wanted.length > 0 && !result.every((log: Fields) => wanted.some((one) => same(one, log.address))))
    return "logs of another contract";
  if (blockHash !== undefined && !result.every((log: Fields) => same(log.blockHash, blockHash)))
    return "logs of another block";
  return null;
};

const CHECKS: Readonly<Record<string, Check>> = {
  eth_chainId: quantity,
  eth_blockNumber: quantity,
  eth_gasPrice: quantity,
  eth_maxPriorityFeePerGas: quantity,
  eth_estimateGas: quantity,
  eth_getBalance: quantity,
  eth_getTransactionCount: quantity,
  eth_call: bytes,
  eth_getCode: bytes,
  eth_getStorageAt: bytes,
  eth_sendRawTransaction: hash,
  eth_getBlockByNumber: block,
  eth_getBlockByHash: block,
  eth_getTransactionReceipt: receipt,
  eth_getTransactionByHash: transaction,
  eth_getLogs: logs,
  eth_feeHistory: feeHistory,
};

/** What is wrong with a result by its form, or because it answers another question; null where nothing is seen. */
export function shapeFault({ method, params }: RpcRequest, result: unknown): string | null {
  return CHECKS[method]?.(result, params) ?? null;
}
