import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { KeeperConfig } from "../config.js";
import { KeeperError } from "../errors.js";
import type { Decision, TickInputs } from "../plan/decide.js";
import type { NewTick, Tick } from "../store/journal.js";
import { canonicalJson, hashOfText, parseCanonical } from "./canonical-json.js";
import { type DecisionRecord, recordOf } from "./decision.js";

/** What a row is made from. */
export interface TickFacts {
  readonly chainId: number;
  readonly inputs: TickInputs;
  readonly config: KeeperConfig;
  readonly decision: Decision;
  readonly model: string;
  /** By the keeper's clock, milliseconds. */
  readonly startedAt: number;
  readonly shadow: boolean;
}

/** A tick as the journal keeps it, written before anything is signed. */
export function toRow({ chainId, inputs, config, decision, model, startedAt, shadow }: TickFacts): NewTick {
  const text = canonicalJson(inputs);
  const configText = canonicalJson(config);
  const hashes = { inputs: hashOfText(text), config: hashOfText(configText), model };
  const record = recordOf(inputs, hashes, decision);
  const recordText = canonicalJson(record);
  return {
    chain_id: chainId,
    vault: record.vault.toLowerCase(),
    started_at: startedAt,
    block: record.block,
    block_hash: record.blockHash ?? "",
    block_time: record.timestamp,
    epoch: record.epoch.toString(),
    inputs: config.journal.inputsDays === 0 ? null : deflateRawSync(text),
    inputs_hash: hashes.inputs,
    config: configText,
    config_hash: hashes.config,
    model_hash: model,
    decision_hash: hashOfText(recordText),
    decision: recordText,
    action: decision.kind ?? "nothing",
    reasons: JSON.stringify(decision.codes),
    shadow,
  };
}

/** What a tick decided. */
export function recordIn({ decision }: Pick<Tick, "decision">): DecisionRecord {
  return parseCanonical(decision) as DecisionRecord;
}

/** What of a tick does not have the hash that was written with it; nothing where all does. */
export function changedParts(tick: Tick): ("inputs" | "configuration" | "decision")[] {
  return [
    ...(tick.inputs === null || inputsHaveHash(tick) ? [] : (["inputs"] as const)),
    ...(hashOfText(tick.config) === tick.config_hash ? [] : (["configuration"] as const)),
    ...(hashOfText(tick.decision) === tick.decision_hash ? [] : (["decision"] as const)),
  ];
}

/** What does not unpack is as good as changed. */
function inputsHaveHash(tick: Tick): boolean {
  try {
    return hashOfText(inputsTextIn(tick)) === tick.inputs_hash;
  } catch {
    return false;
  }
}

/** The text of what a tick decided by. @throws {KeeperError} it was pruned */
export function inputsTextIn({ id, inputs }: Pick<Tick, "id" | "inputs">): string {
  if (inputs !== null) return inflateRawSync(inputs).toString("utf8");
  throw new KeeperError(
    `The inputs of tick ${id} are not kept any more.`,
    "Choose a younger tick, or keep them longer: journal.inputsDays.",
  );
}
