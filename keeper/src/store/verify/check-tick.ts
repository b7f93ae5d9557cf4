import { inflateRawSync } from "node:zlib";
import { id as hashOfText } from "ethers";
import type { Tick } from "../journal.js";
import type { Finding } from "./finding.js";

const LOST = "Nothing: it cannot be rebuilt. The tick cannot be replayed; nothing else depends on it.";

/** The hashes of a decision are those of its texts. */
export function checkTick(tick: Tick): Finding[] {
  const texts = [
    { name: "inputs", text: inputsOf(tick), hash: tick.inputs_hash },
    { name: "configuration", text: tick.config, hash: tick.config_hash },
    { name: "decision", text: tick.decision, hash: tick.decision_hash },
  ];
  return texts
    .filter(({ text, hash }) => text !== null && hashOfText(text) !== hash)
    .map(({ name }) => ({
      where: `tick ${tick.id}`,
      problem: `Its ${name} does not have the hash that was written with it.`,
      ...{ repair: LOST, account: null, changes: [] },
    }));
}

/** Null where they were pruned; what does not unpack is as good as changed. */
function inputsOf({ inputs }: Tick): string | null {
  if (inputs === null) return null;
  try {
    return inflateRawSync(inputs).toString("utf8");
  } catch {
    return "";
  }
}
