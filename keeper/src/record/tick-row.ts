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

/** Where a tick is not what its hashes say, in words; empty where it is. */
export function tickFaults(tick: Tick): string[] {
  const parts = [
    ["the configuration", tick.config, tick.config_hash],
    ["the decision", tick.decision, tick.decision_hash],
  ] as const;
  const faults = parts.flatMap(([what, text, hash]) =>
    hashOfText(text) === hash ? [] : [`${what} does not have its hash`],
  );
  return tick.inputs === null || inputsHaveHash(tick) ? faults : [...faults, "the inputs do not have their hash"];
}

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
