import { AbiCoder, dataSlice, type ErrorFragment, Interface, isHexString } from "ethers";
import { knownErrors, messageAdvice } from "./knowledge.js";
import { panicMeaning } from "./panics.js";

/** Why a contract refused. */
export type Revert =
  | { kind: "custom"; name: string; signature: string; args: Record<string, unknown>; inner?: Revert }
  | { kind: "message"; message: string; meaning?: string }
  | { kind: "panic"; panicCode: bigint; meaning: string }
  | { kind: "unknown"; data: string }
  | { kind: "empty" };

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";
const MAX_DEPTH = 4;

/** A `require` message or venue code, with its meaning where it is a known one. */
export function messageRevert(message: string): Revert {
  const meaning = messageAdvice(message)?.meaning;
  return meaning === undefined ? { kind: "message", message } : { kind: "message", message, meaning };
}

function customRevert(fragment: ErrorFragment, data: string, depth: number): Revert {
  const values = new Interface([fragment]).decodeErrorResult(fragment, data);
  const args: Record<string, unknown> = {};
  let inner: Revert | undefined;
  fragment.inputs.forEach((input, index) => {
    const value: unknown = values[index];
    args[input.name === "" ? String(index) : input.name] = value;
    if (input.type !== "bytes" || depth >= MAX_DEPTH || !isHexString(value) || value.length < 10) return;
    const candidate = revertOf(value, depth + 1);
    if (candidate.kind !== "unknown") inner ??= candidate;
  });
  const base = { kind: "custom", name: fragment.name, signature: fragment.format("sighash"), args } as const;
  return inner === undefined ? base : { ...base, inner };
}

/** Revert data decoded: the custom errors that are known, `Error(string)` and `Panic`, nested ones too. */
export function revertOf(data: string, depth = 0): Revert {
  if (data === "0x") return { kind: "empty" };
  if (data.length < 10) return { kind: "unknown", data };
  const selector = data.slice(0, 10).toLowerCase();
  try {
    if (selector === ERROR_STRING) {
      return messageRevert(AbiCoder.defaultAbiCoder().decode(["string"], dataSlice(data, 4))[0] as string);
    }
    if (selector === PANIC) {
      const panicCode = AbiCoder.defaultAbiCoder().decode(["uint256"], dataSlice(data, 4))[0] as bigint;
      return { kind: "panic", panicCode, meaning: panicMeaning(panicCode) };
    }
    const fragment = knownErrors().get(selector)?.fragment;
    if (fragment !== undefined) return customRevert(fragment, data, depth);
  } catch {
    return { kind: "unknown", data };
  }
  return { kind: "unknown", data };
}
