import { isHexString } from "ethers";
import { decodeRevert, messageRevert, type Revert } from "./revert.js";

/** Where ethers, Hardhat and nodes keep the error below; never the transaction, whose data is calldata. */
const LINKS = ["data", "revertData", "error", "info", "cause", "originalError"] as const;
const MAX_DEPTH = 8;

/** The revert data inside a caught error, hex, or undefined. */
function findData(value: unknown, depth: number): string | undefined {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return undefined;
  const source = value as Record<string, unknown>;
  if (isHexString(source.data) && source.data.length >= 10) return source.data;
  for (const link of LINKS) {
    const found = findData(source[link], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* messages(value: unknown, depth = 0): Generator<string> {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  const source = value as Record<string, unknown>;
  if (typeof source.message === "string") yield source.message;
  for (const link of LINKS) yield* messages(source[link], depth + 1);
}

/** Nodes that return no data put the reason in the message. */
function fromMessage(message: string): Revert | undefined {
  const data = /return data: (0x[0-9a-f]{8,})/i.exec(message)?.[1];
  if (data !== undefined) return decodeRevert(data);
  const reason =
    /reverted with reason string '([^']*)'/.exec(message)?.[1] ??
    /execution reverted: "([^"]+)"/.exec(message)?.[1] ??
    /execution reverted: ([^"({\n]+)/.exec(message)?.[1];
  if (reason !== undefined) return messageRevert(reason.trim());
  return /(?:transaction|execution|call) reverted|out of gas|invalid opcode/i.test(message)
    ? { kind: "empty" }
    : undefined;
}

/** The revert inside a caught error of ethers, Hardhat or a node, or undefined where there is none. */
export function findRevert(error: unknown): Revert | undefined {
  const data = findData(error, 0);
  if (data !== undefined) return decodeRevert(data);
  for (const message of messages(error)) {
    const revert = fromMessage(message);
    if (revert !== undefined) return revert;
  }
  return undefined;
}
