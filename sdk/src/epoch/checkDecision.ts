import { keccak256 } from "ethers";
import { mulDiv } from "../math.js";
import { ONE } from "../units.js";
import type { DecisionCheck, EpochEvent, ExpectedFigure } from "./types.js";

/**
 * Is this the record that the keeper decided by? A plan carries the keccak256 hash of its record's UTF-8 text (canonical JSON), so a record
 * with that hash was written before the plan was sent, and not changed since. Beside it, what the keeper expected of the plan and what the
 * chain measured. Any text is an answer: what does not fit is among the faults.
 *
 * @param record The text as the keeper's journal keeps it, or its bytes
 * @example
 * const { matches, faults } = checkDecision(text, await readEpoch(vault, 41n));
 */
export function checkDecision(
  record: string | Uint8Array,
  event: Pick<EpochEvent, "vault" | "epoch" | "decisionHash" | "outcome">,
): DecisionCheck {
  const [text, bytes] =
    typeof record === "string"
      ? [record, new TextEncoder().encode(record)]
      : [new TextDecoder().decode(record), record];
  const hash = keccak256(bytes);
  const parsed = parse(text);
  const [vault, epoch, block] = [at(parsed, "vault"), big(at(parsed, "epoch")), at(parsed, "block")];
  const faults: string[] = [];
  if (hash !== event.decisionHash) faults.push(`its hash is ${hash}, logged was ${event.decisionHash}`);
  if (typeof vault !== "string" || vault.toLowerCase() !== event.vault.toLowerCase()) {
    faults.push(`it is of the vault ${String(vault)}, not of ${event.vault}`);
  }
  if (epoch !== event.epoch) faults.push(`it is of epoch ${String(epoch)}, not of ${event.epoch}`);
  const predicted = at(parsed, "decision", "plan", "predicted");
  const gate = at(predicted, "gate");
  const { navAfter, varianceAfter, varianceUnhedged } = event.outcome;
  return {
    ...{ matches: faults.length === 0, hash, faults, block: typeof block === "number" ? block : null },
    navAfter: figure(big(at(predicted, "nav")), navAfter),
    varianceAfter: figure(scaled(at(gate, "varianceAfter")), varianceAfter),
    varianceUnhedged: figure(scaled(at(gate, "varianceUnhedged")), varianceUnhedged),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What stands at a path; undefined where there is nothing. */
function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** Integers are written as `{"$big": "…"}`. */
function big(value: unknown): bigint | null {
  const text = at(value, "$big");
  return typeof text === "string" && /^-?\d+$/.test(text) ? BigInt(text) : null;
}

/** A plain figure with 18 decimals; a double has less than that. */
function scaled(value: unknown): bigint | null {
  if (typeof value !== "number") return null;
  const millionths = Math.round(value * 1e6);
  return Number.isFinite(millionths) ? BigInt(millionths) * 10n ** 12n : null;
}

function figure(expected: bigint | null, actual: bigint): ExpectedFigure | null {
  return expected === null ? null : { expected, actual, difference: mulDiv(actual - expected, ONE, expected) };
}
