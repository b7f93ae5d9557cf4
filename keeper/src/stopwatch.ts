import type { TickPart } from "./tick-result.js";

/** Sums how long parts of a tick take. */
export interface Stopwatch {
  time<T>(part: TickPart, work: () => T | Promise<T>): Promise<T>;
  /** So far. */
  readonly milliseconds: Readonly<Record<TickPart, number>>;
}

export function stopwatch(): Stopwatch {
  const milliseconds: Record<TickPart, number> = { observe: 0, plan: 0, simulate: 0, journal: 0, send: 0 };
  return {
    milliseconds,
    async time(part, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        milliseconds[part] += performance.now() - start;
      }
    },
  };
}
