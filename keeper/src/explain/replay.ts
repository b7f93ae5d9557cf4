import { parseConfig } from "../parse-config.js";
import { type Decision, decide, type TickInputs } from "../plan/decide.js";
import { canonicalJson, hashOfText, parseCanonical } from "../record/canonical-json.js";
import type { DecisionRecord } from "../record/decision.js";
import { modelHash } from "../record/model-hash.js";
import { changedParts, inputsTextIn, recordIn } from "../record/tick-row.js";
import type { Journal } from "../store/journal.js";
import { findTick } from "./find-tick.js";

/** What came of deciding again. */
export interface ReplayReport {
  readonly id: number;
  /** True where the record of the decision is the same byte for byte, and so is its hash. */
  readonly identical: boolean;
  /** Where it differs, in words: path, then and now. */
  readonly differences: readonly string[];
  /** True where the code that decides is another one than then. */
  readonly modelChanged: boolean;
  /** Then, as it is logged on-chain with a plan. */
  readonly storedHash: string;
  readonly hash: string;
}

/** How many differences are told. */
const MOST = 20;

/**
 * Decide again by what a tick has seen, with the code of now.
 *
 * @throws {KeeperError} there is no such tick, or its inputs are not kept any more
 */
export async function replayTick(journal: Journal, id: number): Promise<ReplayReport> {
  const tick = await findTick(journal, id);
  const inputs = parseCanonical(inputsTextIn(tick)) as TickInputs;
  const stored = recordIn(tick);
  const config = parseConfig(parseCanonical(tick.config));
  const again: DecisionRecord = { ...stored, decision: decide(inputs, config) };
  const text = canonicalJson(again);
  const faults = changedParts(tick).map((part) =>
    part === "inputs" ? "the inputs do not have their hash" : `the ${part} does not have its hash`,
  );
  return {
    id,
    identical: text === tick.decision && faults.length === 0,
    differences: [...faults, ...differencesOf(stored.decision, again.decision)],
    modelChanged: modelHash() !== tick.model_hash,
    storedHash: tick.decision_hash,
    hash: hashOfText(text),
  };
}

function differencesOf(then: Decision, now: Decision): string[] {
  const found: string[] = [];
  walk(JSON.parse(canonicalJson(then)), JSON.parse(canonicalJson(now)), "decision", found);
  return found.length > MOST ? [...found.slice(0, MOST), `and ${found.length - MOST} more`] : found;
}

function walk(then: unknown, now: unknown, path: string, found: string[]): void {
  const [before, after] = [JSON.stringify(then), JSON.stringify(now)];
  if (before === after) return;
  if (!isBranch(then) || !isBranch(now)) {
    found.push(`${path} was ${before ?? "not there"}, and is ${after ?? "not there"}`);
    return;
  }
  for (const key of new Set([...Object.keys(then), ...Object.keys(now)]))
    walk(then[key], now[key], `${path}.${key}`, found);
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
