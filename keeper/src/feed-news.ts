import type { LateFeed } from "./model/lead-lag.js";
import type { FeedFaults } from "./observe/observe.js";

/** One line for the log. */
export interface FeedNews {
  readonly level: "info" | "warn";
  readonly details: object;
  readonly message: string;
}

/**
 * What is new about the feeds since the pass before: rounds that were dropped, each feed that reports late, and that it does no longer.
 *
 * @param before Null at the first pass
 * @param symbols By asset
 */
export function feedNews(before: FeedFaults | null, now: FeedFaults, symbols: readonly string[]): FeedNews[] {
  const dropped = now.dropped.flatMap((counts, asset): FeedNews[] => {
    const [were, are] = [total(before?.dropped[asset] ?? null), total(counts)];
    // Fewer than before are counted anew.
    if (are === 0 || are === were) return [];
    const reasons = Object.fromEntries(Object.entries(counts!).filter(([, count]) => count > 0));
    return [
      { level: "warn", details: { feed: symbols[asset], dropped: reasons }, message: "rounds are no observations" },
    ];
  });
  const pair = ({ late, early }: LateFeed): string => `${late}/${early}`;
  const [was, is] = [before?.late ?? [], now.late].map((flags) => new Map(flags.map((flag) => [pair(flag), flag])));
  const named = ({ late, early }: LateFeed) => ({ feed: symbols[late], behind: symbols[early] });
  const begun = [...is!].filter(([name]) => !was!.has(name));
  const ended = [...was!].filter(([name]) => !is!.has(name));
  return [
    ...dropped,
    ...begun.map(([, flag]): FeedNews => {
      const details = { ...named(flag), lagSeconds: flag.lag };
      return { level: "warn", details, message: "a feed reports late: what is estimated from it is too small" };
    }),
    ...ended.map(([, flag]): FeedNews => ({ level: "info", details: named(flag), message: "a feed is late no more" })),
  ];
}

function total(counts: Readonly<Record<string, number>> | null): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
}
