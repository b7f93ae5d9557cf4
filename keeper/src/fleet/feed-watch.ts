import { Batch, type ReadPoint } from "@crosshedge/sdk";
import { latestRoundCall } from "../observe/feed.js";

/** Notices new rounds of the feeds of many vaults: one read for all of them. */
export class FeedWatch {
  /** By vault, its feeds and the round of each that it has seen. */
  readonly #seen = new Map<string, Map<string, bigint>>();

  /** @param rounds The latest round of each feed that the vault's tick has seen */
  saw(vault: string, rounds: ReadonlyMap<string, bigint>): void {
    this.#seen.set(vault, new Map(rounds));
  }

  /** Vaults with a feed that has a round that they have not seen; told once for each round. */
  async news(at: ReadPoint): Promise<string[]> {
    const feeds = [...new Set([...this.#seen.values()].flatMap((rounds) => [...rounds.keys()]))];
    if (feeds.length === 0) return [];
    const batch = new Batch(at);
    const answers = feeds.map((feed) => [feed, batch.add(latestRoundCall(feed))] as const);
    await batch.send();
    const latest = new Map(answers.map(([feed, answer]) => [feed, answer.orNull()?.[0] ?? null]));
    const wake: string[] = [];
    for (const [vault, seen] of this.#seen) {
      const fresh = [...seen].filter(([feed, round]) => (latest.get(feed) ?? round) > round);
      for (const [feed] of fresh) seen.set(feed, latest.get(feed)!);
      if (fresh.length > 0) wake.push(vault);
    }
    return wake;
  }
}
