import { EventEmitter } from "node:events";
import { expect } from "chai";
import { runFleet } from "../../../keeper/src/fleet/run-fleet.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import type { TickResult } from "../../../keeper/src/tick-result.js";
import { reportRounds } from "../../../scripts/devnet/venues.js";
import { setFeed } from "../../../scripts/devnet/world.js";
import { depositBasket } from "../../support/actions.js";
import { START, vaultIn, worldWithOracles } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";
import { sharedPostgres } from "../../support/postgres.js";
import { fleetOn, type RunningFleet } from "./stand-ins.js";
import { worldChain } from "./worlds.js";

interface Seen {
  readonly replica: string;
  readonly vault: string;
  readonly result: TickResult;
}

async function threeVaults() {
  const { world, ...rest } = await worldWithOracles({ history: true });
  const vaults = [];
  for (const name of ["one", "two", "three"]) {
    const parts = await vaultIn(world, rest.oracles);
    await depositBasket({ world, ...rest, ...parts }, world.signers.alice, usdc(140_000), wad(6_000));
    vaults.push({ name, address: parts.deployment.vault });
  }
  return { world, vaults };
}

describe("fleet: two replicas with one key and several vaults, on one Postgres", () => {
  let f: Awaited<ReturnType<typeof threeVaults>>;
  const stores: Store[] = [];
  const running: RunningFleet[] = [];
  const seen: Seen[] = [];
  const ticks = new EventEmitter();
  const signals = [1, 2].map(() => Object.assign(new EventEmitter(), { exit: () => undefined }));
  const codes: Promise<number>[] = [];
  let nonce: number;

  /** Resolves when what was seen fulfils something. */
  async function until(fulfilled: () => boolean): Promise<void> {
    while (!fulfilled()) await new Promise((resolve) => ticks.once("tick", resolve));
  }
  const rebalanced = (replica?: string): Set<string> => {
    const landed = seen.filter(({ result }) => result.kind === "rebalance" && result.state === "landed");
    return new Set(landed.filter((one) => replica === undefined || one.replica === replica).map(({ vault }) => vault));
  };
  /** Every nonce since the start was signed for once, and is on the chain. */
  async function gapless(): Promise<void> {
    const keeper = f.world.signers.keeper.address;
    const next = await f.world.ethers.provider.getTransactionCount(keeper);
    expect(next - nonce).to.equal(sent());
    for (let used = nonce; used < next; used++) {
      expect(await stores[0]!.journal.attemptsOfNonce(31_337, keeper, used)).to.have.length(1);
    }
  }
  const sent = (): number => seen.filter(({ result }) => result.sent?.attempt != null).length;

  before(async () => {
    f = await threeVaults();
    const url = await (await sharedPostgres()).createDatabase();
    for (const replica of ["first", "second"]) {
      const store = await openStore({ kind: "postgres", url });
      const onTick = (vault: string, result: TickResult): void => {
        seen.push({ replica, vault, result });
        ticks.emit("tick");
      };
      stores.push(store);
      const chain = worldChain({ ...f, journal: store.journal });
      running.push(await fleetOn(store, [chain], { replica, onTick, leaseSeconds: 10, concurrency: 1 }));
    }
  });
  after(async () => {
    await Promise.all(running.map(({ end }) => end()));
    await Promise.all(stores.map((store) => store.close()));
  });

  it("plan each epoch of each vault once, leave no gap of nonces, and one of them does it all", async () => {
    const { provider } = f.world.ethers;
    const keeper = f.world.signers.keeper.address;
    nonce = await provider.getTransactionCount(keeper);
    for (const [k, { fleet, logger }] of running.entries()) codes.push(runFleet(fleet, logger, signals[k]!));
    await until(() => rebalanced().size === f.vaults.length);
    expect(running.map(({ fleet }) => fleet.vaults).sort()).to.deep.equal([0, f.vaults.length]);
    expect(new Set(seen.map(({ replica }) => replica)).size).to.equal(1);

    await until(() => seen.filter(({ result }) => !result.more && result.state === "idle").length >= f.vaults.length);
    await gapless();
    for (const { name, address } of f.vaults) {
      const plans = seen.filter(
        ({ vault, result }) => vault === name && result.kind === "rebalance" && result.state === "landed",
      );
      expect(plans.length).to.equal(1);
      const intents = await stores[0]!.journal.intents({ chainId: 31_337, vault: address }, 50);
      expect(new Set(intents.map(({ key }) => key)).size).to.equal(intents.length);
    }
  });

  it("notice a new round of a feed at once, for every vault", async () => {
    const before = seen.length;
    await setFeed(f.world, "ETH", START.ETH * 1.001);
    await until(() => new Set(seen.slice(before).map(({ vault }) => vault)).size === f.vaults.length);
    const rounds = seen.slice(before).map(({ result }) => result.observation.histories[2]?.at(-1)?.answer);
    expect(rounds[0]).to.equal(BigInt(Math.round(START.ETH * 1.001 * 1e8)));
  });

  it("the other takes over when the first is told to stop, and goes on with the next nonce", async () => {
    const leader = running.findIndex(({ fleet }) => fleet.vaults > 0);
    const before = seen.length;
    signals[leader]!.emit("SIGTERM");
    expect(await codes[leader]).to.equal(0);
    // A grid time of the covariance oracle is due, and a sign of life of each vault.
    await reportRounds(f.world, START, (await f.world.networkHelpers.time.latest()) + 9 * 3_600);
    const landed = (): Seen[] => seen.slice(before).filter(({ result }) => result.state === "landed");
    await until(() => new Set(landed().map(({ vault }) => vault)).size === f.vaults.length);
    expect(new Set(landed().map(({ replica }) => replica))).to.deep.equal(new Set([["first", "second"][1 - leader]]));
    expect(landed().filter(({ result }) => result.kind === "poke").length).to.equal(1);
    expect(running[1 - leader]!.fleet.vaults).to.equal(f.vaults.length);
    await gapless();
  });
});
