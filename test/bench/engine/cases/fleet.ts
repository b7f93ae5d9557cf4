import { createKeeper, createLane, silentLogger } from "@crosshedge/keeper";
import { createFleet } from "../../../../keeper/src/fleet/create-fleet.js";
import type { FleetChain } from "../../../../keeper/src/fleet/fleet-types.js";
import { Intervals } from "../../../../keeper/src/fleet/intervals.js";
import { Monitor } from "../../../../keeper/src/monitor/monitor.js";
import { openStore } from "../../../../keeper/src/store/open-store.js";
import { openQueue } from "../../../../keeper/src/store/queue.js";
import { keeperParts, walletOf } from "../../../../scripts/devnet/keeper-parts.js";
import { depositBasket } from "../../../support/actions.js";
import { vaultIn, worldWithOracles } from "../../../support/fixture.js";
import { usdc, wad } from "../../../support/orders.js";
import { sharedPostgres } from "../../../support/postgres.js";
import { CachedProvider } from "../cached-provider.js";
import { type EngineCase, Took } from "../case.js";

/** Keepers, each with a memory of its own, and the vaults on the chain that they look at in turn. */
const KEEPERS = 1000;
const VAULTS = 3;
const REPLICA = "bench";

async function hedgedVaults() {
  const { world, oracles } = await worldWithOracles({ history: true });
  const addresses: string[] = [];
  for (let k = 0; k < VAULTS; k++) {
    const parts = await vaultIn(world, oracles);
    await depositBasket({ world, ...parts } as never, world.signers.alice, usdc(140_000), wad(6_000));
    const vault = { vault: parts.deployment.vault };
    await (
      await createKeeper({
        ...(await keeperParts(world, "keeper")),
        vault,
        config: { execution: { gasLimit: 15_000_000 } },
      })
    ).pass();
    addresses.push(vault.vault);
  }
  return { world, addresses };
}

/** Every keeper's first tick, which reads the history of its feeds, and then one more of each. */
async function tickAll(
  { world, addresses }: Awaited<ReturnType<typeof hedgedVaults>>,
  location: Parameters<typeof openStore>[0],
) {
  const store = await openStore(location);
  const boss = await openQueue(store, silentLogger);
  const chainId = Number((await world.ethers.provider.getNetwork()).chainId);
  const provider = new CachedProvider(chainId, (request) => world.ethers.provider.send(request.method, request.params));
  const multicall = await world.multicall.getAddress();
  const wallet = walletOf(world, "keeper");
  const vaults = Array.from({ length: KEEPERS }, (_, k) => {
    return { name: `vault ${k}`, address: `0x${k.toString(16).padStart(40, "0")}`, intervalSeconds: 3600 };
  });
  const chain: FleetChain = {
    ...{ name: "world", vaults },
    connect: async () => ({
      ...{ chainId, signer: wallet.address, provider, multicall },
      heads: () => ({ start: () => undefined, stop: () => undefined }),
      lane: (owner) =>
        createLane({ provider, wallet, chainId, journal: store.journal, owner, config: { finality: 0 } }),
      // Without a lane: what there would be to send is decided and written down.
      keeper: ({ address }) => {
        const vault = { vault: addresses[Number(BigInt(address)) % VAULTS]! };
        return createKeeper({ provider, vault, multicall, journal: store.journal });
      },
    }),
  };
  let ticks = 0;
  let reached = (): void => undefined;
  const after = (count: number) =>
    new Promise<void>((resolve) => {
      reached = () => ticks >= count && resolve();
    });
  const fleet = createFleet([chain], {
    ...{ journal: store.journal, boss, replica: REPLICA, now: Date.now, logger: silentLogger },
    monitor: new Monitor({ now: Date.now, version: "bench", modelHash: "bench" }),
    intervals: Intervals.parse({ soonSeconds: 3600, waitSeconds: 3600 }),
    onTick: () => {
      ticks += 1;
      reached();
    },
  });
  const bytes = heap();
  const begun = performance.now();
  const first = after(KEEPERS);
  await fleet.start();
  await first;
  const warm = performance.now() - begun;
  const kept = (heap() - bytes) / KEEPERS;
  const again = after(2 * KEEPERS);
  const start = performance.now();
  fleet.wake();
  await again;
  const milliseconds = performance.now() - start;
  const rss = process.memoryUsage().rss;
  const stored = location.kind === "postgres" ? await sizeOf(store) : null;
  await fleet.stop();
  await boss.stop({ graceful: false });
  await store.close();
  provider.destroy();
  return { milliseconds, warm, kept, rss, stored, asked: provider.counts.asked };
}

/** Bytes of the journal's ticks, as the database keeps them. */
async function sizeOf({ db, schema }: Awaited<ReturnType<typeof openStore>>): Promise<number> {
  const { sql } = await import("kysely");
  const { rows } = await sql<{
    bytes: number;
  }>`select pg_total_relation_size(${`${schema}.ticks`}::regclass)::float8 as bytes`.execute(db);
  return rows[0]!.bytes;
}

function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

/** Thousand keepers in one process, on both stores. The chain's answers come from memory, so that the keepers are timed, not the chain. */
export default async function measure(): Promise<EngineCase[]> {
  const f = await hedgedVaults();
  const stores = [
    { name: "PGlite in memory", location: { kind: "memory" as const } },
    {
      name: "Postgres server",
      location: { kind: "postgres" as const, url: await (await sharedPostgres()).createDatabase() },
    },
  ];
  const cases: EngineCase[] = [];
  for (const { name, location } of stores) {
    const { milliseconds, warm, kept, rss, stored, asked } = await tickAll(f, location);
    cases.push({
      ...{ name: `fleet: ${KEEPERS} keepers in one process, ${name}`, unit: "tick", work: KEEPERS, once: true },
      own: { name: "a tick of each", run: () => new Took(milliseconds) },
      figures: () => ({
        "first tick of each, which reads the feeds' history, ms": warm / KEEPERS,
        "heap kept by a keeper that is warm, KiB": kept / 2 ** 10,
        "process memory, MiB": rss / 2 ** 20,
        "requests to the chain a tick": asked / (2 * KEEPERS),
        ...(stored === null ? {} : { "stored a tick, KiB": stored / (2 * KEEPERS) / 2 ** 10 }),
      }),
    });
  }
  return cases;
}
