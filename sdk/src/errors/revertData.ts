import { isHexString } from "ethers";
import { messageRevert, type Revert, revertOf } from "./revert.js";

/** Where ethers, viem, wallets, Hardhat and nodes keep the error below; never the transaction or request, whose data is calldata. */
const LINKS = [
  "data",
  "revertData",
  "raw",
  "return",
  "error",
  "info",
  "cause",
  "originalError",
  "body",
  "responseBody",
];
const MAX_DEPTH = 8;

/** A caught error and all errors within it, the outermost first; answers that a transport kept as JSON are opened. */
export function chainOf(error: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = [];
  const walk = (value: unknown, depth: number): void => {
    const opened = typeof value === "string" && value.startsWith("{") ? parsed(value) : value;
    if (typeof opened !== "object" || opened === null || depth > MAX_DEPTH) return;
    if (chain.includes(opened as Record<string, unknown>)) return;
    chain.push(opened as Record<string, unknown>);
    for (const link of LINKS) walk((opened as Record<string, unknown>)[link], depth + 1);
  };
  walk(error, 0);
  return chain;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Revert data, hex, as it stands in one error; some nodes write "Reverted" before it, some keep it by the transaction's hash. */
function dataIn(source: Record<string, unknown>): string | undefined {
  const { data, revertData, raw, return: returned } = source;
  const byHash = typeof data === "object" && data !== null ? Object.values(data) : [];
  const candidates = [data, revertData, raw, returned, ...byHash.map((each) => (each as { return?: unknown })?.return)];
  for (const candidate of candidates) {
    const hex = typeof candidate === "string" ? candidate.replace(/^Reverted /, "") : undefined;
    if (isHexString(hex) && hex.length >= 10) return hex;
  }
  return undefined;
}

/** Nodes that return no data put the reason in the message. */
function fromMessage(message: string): Revert | undefined {
  const data = /return data: (0x[0-9a-f]{8,})/i.exec(message)?.[1];
  if (data !== undefined) return revertOf(data);
  const reason =
    /reverted with reason string '([^']*)'/.exec(message)?.[1] ??
    /execution reverted: "([^"]+)"/.exec(message)?.[1] ??
    /execution reverted: ([^"({\n]+)/.exec(message)?.[1];
  if (reason !== undefined) return messageRevert(reason.trim());
  return /(?:transaction|execution|call) reverted|out of gas|invalid opcode/i.test(message)
    ? { kind: "empty" }
    : undefined;
}

/** The revert inside a caught error of ethers, viem, a wallet, Hardhat or a node, or undefined where there is none. */
export function findRevert(error: unknown): Revert | undefined {
  const chain = chainOf(error);
  for (const link of chain) {
    const data = dataIn(link);
    if (data !== undefined) return revertOf(data);
  }
  for (const { message } of chain) {
    const revert = typeof message === "string" ? fromMessage(message) : undefined;
    if (revert !== undefined) return revert;
  }
  return undefined;
}
