import { changedParts } from "../../record/tick-row.js";
import type { Tick } from "../journal.js";
import type { Finding } from "./finding.js";

const LOST = "Nothing: it cannot be rebuilt. The tick cannot be replayed; nothing else depends on it.";

/** The hashes of a decision are those of its texts. */
export function checkTick(tick: Tick): Finding[] {
  return changedParts(tick).map((part) => ({
    where: `tick ${tick.id}`,
    problem: `Its ${part} does not have the hash that was written with it.`,
    ...{ repair: LOST, account: null, changes: [] },
  }));
}
