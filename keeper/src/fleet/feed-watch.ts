import { Batch, contractAt, contractCall, type ReadPoint, type VaultState } from "@crosshedge/sdk";
import { IPriceOracle__factory } from "@crosshedge/sdk/contracts";
import { latestRoundCall } from "../observe/feed.js";

type Prices = VaultState["prices"];
type Seen = Pick<VaultState, "priceOracle" | "assets">;

interface Watched {
  /** Of each feed, the latest round that was seen. */
  readonly rounds: Map<string, bigint>;
  readonly oracle: string;
  readonly assets: readonly string[];
}

/** Notices new rounds of the feeds of many vaults, and reads the prices that they lead to: one read for all of them. */
export class FeedWatch {
  readonly #watched = new Map<string, Watched>();
  /** By oracle and assets, at the block of this hash. */
  #prices = new Map<string, Prices>();
  #block: string | null = null;

  /** @param rounds The latest round of each feed that the vault's tick has seen */
  saw(vault: string, { priceOracle, assets }: Seen, rounds: ReadonlyMap<string, bigint>): void {
    const addresses = assets.map(({ address }) => address);
    this.#watched.set(vault, { rounds: new Map(rounds), oracle: priceOracle, assets: addresses });
  }

  /** Prices of a vault's assets at the block that was read last, if it is this one. */
  pricesAt(vault: string, blockHash: string): Prices | undefined {
    const watched = this.#watched.get(vault);
    return watched === undefined || blockHash !== this.#block ? undefined : this.#prices.get(setOf(watched));
  }

  /** Vaults with a feed that has a round that they have not seen; told once for each round. */
  async news(at: ReadPoint & { readonly blockHash: string }): Promise<string[]> {
    const all = [...this.#watched.values()];
    if (all.length === 0) return [];
    const batch = new Batch(at);
    const feeds = new Set(all.flatMap(({ rounds }) => [...rounds.keys()]));
    const answers = [...feeds].map((feed) => [feed, batch.add(latestRoundCall(feed))] as const);
    const sets = new Map(all.map((watched) => [setOf(watched), watched]));
    const snapshots = [...sets].map(([key, { oracle, assets }]) => {
      return [
        key,
        batch.add(contractCall(contractAt(IPriceOracle__factory, oracle), "snapshot", [...assets])),
      ] as const;
    });
    await batch.send();
    const latest = new Map(answers.map(([feed, answer]) => [feed, answer.orNull()?.[0] ?? null]));
    this.#block = at.blockHash;
    this.#prices = new Map();
    for (const [key, snapshot] of snapshots) {
      const prices = snapshot.orNull();
      if (prices !== null) this.#prices.set(key, { mid: [...prices.mid], half: [...prices.half], ok: prices.ok });
    }
    const wake: string[] = [];
    for (const [vault, { rounds }] of this.#watched) {
      const fresh = [...rounds].filter(([feed, round]) => (latest.get(feed) ?? round) > round);
      for (const [feed] of fresh) rounds.set(feed, latest.get(feed)!);
      if (fresh.length > 0) wake.push(vault);
    }
    return wake;
  }
}

function setOf({ oracle, assets }: Watched): string {
  return [oracle, ...assets].join();
}
