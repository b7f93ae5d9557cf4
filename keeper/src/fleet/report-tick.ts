import type { VaultMonitor } from "../monitor/vault-monitor.js";
import type { TickPart, TickResult } from "../tick-result.js";

/** Tell the monitor what a tick has seen and done. */
export function reportTick(watch: VaultMonitor, result: TickResult): void {
  watch.observed(result.observation);
  for (const [part, milliseconds] of Object.entries(result.milliseconds)) watch.part(part as TickPart, milliseconds);
  for (const _ of result.mismatches) watch.mismatch();
  watch.paused(result.codes.includes("paused") ? result.reasons.join("; ") : null);
  watch.ended(result);
}
