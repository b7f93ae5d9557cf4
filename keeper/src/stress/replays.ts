import { EVENTS } from "../model/stress/event-windows.js";
import type { PathSource } from "../model/stress/price-path.js";
import { replayPath } from "./price-history.js";
import { type ReplayResult, replay } from "./replay.js";
import type { StressBase } from "./run-scenario.js";
import type { StressOptions } from "./stress-report.js";

/**
 * A vault through every window that there are prices for, and what stands for prices that nobody has, in words.
 *
 * @param vault Covariance that betas are taken from where there are no prices, and settlement tokens that are promised to others, token units
 */
export function replaysOf(
  base: StressBase,
  options: StressOptions,
  { covariance, reserved }: { covariance: readonly (readonly number[])[] | null; reserved: bigint },
): { replays: ReplayResult[]; notes: string[] } {
  const { prices, windows = EVENTS, topUpLatency, config } = options;
  if (prices === undefined) {
    return { replays: [], notes: ["No replays: they need hourly prices of the past, which --prices names."] };
  }
  const { market } = base;
  const betaOn = (asset: number, other: number): number =>
    covariance === null ? 1 : covariance[asset]![other]! / covariance[other]![other]!;
  const topUps = { latency: topUpLatency ?? null, reserved, config };
  const notes = new Map<string, string[]>();
  const note = (words: string, window: string): Map<string, string[]> =>
    notes.set(words, [...(notes.get(words) ?? []), window]);
  const replays = windows.flatMap((window) => {
    const path = replayPath(prices, market, window, betaOn);
    if (path === null) {
      note("not replayed, the files have no prices then of what the vault holds", window.name);
      return [];
    }
    path.sources.forEach((source, asset) => {
      const words = sourceWords(source, asset, market.symbols);
      if (words !== null) note(words, window.name);
    });
    return [replay(base, window, path, topUps)];
  });
  return { replays, notes: [...notes].map(([words, names]) => `Replay of ${names.join(", ")}: ${words}.`) };
}

/** What stands for prices that nobody has; null for prices. */
function sourceWords(source: PathSource, asset: number, symbols: readonly string[]): string | null {
  switch (source.kind) {
    case "prices":
      return null;
    case "constant":
      return `no prices of ${symbols[asset]}, taken as constant`;
    case "beta":
      return `no prices of ${symbols[asset]}, taken as its beta, ${source.beta.toFixed(2)} times the move of ${symbols[source.of]}`;
  }
}
