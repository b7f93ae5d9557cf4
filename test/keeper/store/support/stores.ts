import { openStore, type Store } from "../../../../keeper/src/store/open-store.js";
import { sharedPostgres } from "../../../support/postgres.js";

/** A keeper's clock that the test sets, unix ms. */
export interface Clock {
  time: number;
}

export interface Bench {
  /** The store of the running test. */
  readonly store: Store;
  readonly clock: Clock;
  /** Another process's view of the same database: a connection pool of its own on Postgres, the same store on PGlite. */
  another(now?: () => number): Promise<Store>;
}

const START = Date.UTC(2026, 0, 1);

/** The same tests on embedded Postgres and on a server, each with an empty store of its own. */
export function onEachBackend(
  title: string,
  tests: (bench: () => Bench, backend: "PGlite" | "Postgres") => void,
): void {
  for (const backend of ["PGlite", "Postgres"] as const) {
    describe(`${title} on ${backend}`, function () {
      this.timeout(60_000);
      let bench: Bench;
      const opened: Store[] = [];
      const open = async (url: string | null, now: () => number): Promise<Store> => {
        const store = await openStore(url === null ? { kind: "memory" } : { kind: "postgres", url }, { now });
        opened.push(store);
        return store;
      };
      before("Postgres started", async () => {
        if (backend === "Postgres") await sharedPostgres();
      });
      beforeEach(async () => {
        const clock = { time: START };
        const now = () => clock.time;
        const url = backend === "Postgres" ? await (await sharedPostgres()).createDatabase() : null;
        const store = await open(url, now);
        bench = { store, clock, another: async (other = now) => (url === null ? store : open(url, other)) };
      });
      afterEach(async () => {
        for (const store of opened.splice(0)) await store.close();
      });
      tests(() => bench, backend);
    });
  }
}
