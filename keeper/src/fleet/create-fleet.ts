import { setTimeout as sleep } from "node:timers/promises";
import { type KeeperError, WrongSettingError } from "../errors.js";
import type { Keeper } from "../keeper.js";
import { type FleetOptions, openFleetChain, type RunningChain } from "./fleet-chain.js";
import type { FleetChain } from "./fleet-types.js";
import { LaneSeats } from "./lane-seats.js";
import { failureCode } from "./tick-runner.js";
import { Vitals } from "./vitals.js";
import { WarmKeepers } from "./warm-keepers.js";

/** Keepers of many vaults on many chains, one process's part of them. */
export interface Fleet {
  /** Resolves when every chain that answers is watched and the free lanes are taken; the others are tried again. */
  start(): Promise<void>;
  /** No new ticks; those under way end, the lanes go to others. */
  stop(): Promise<void>;
  /** Tick every vault now. */
  wake(): void;
  /** Vaults that this process ticks now. */
  readonly vaults: number;
  /** Why the process cannot go on: resolves when it is so. */
  readonly failed: Promise<KeeperError>;
}

/** How often it is looked whether the process can go on, ms. */
const LOOK = 1000;

/** A fleet for these chains; nothing happens before `start`. */
export function createFleet(chains: readonly FleetChain[], options: FleetOptions): Fleet {
  const { journal, replica, intervals, now, logger, monitor } = options;
  const vitals = new Vitals(intervals.goneSeconds);
  const parts = { ...options, vitals, keepers: new WarmKeepers<Keeper>(intervals.warmVaults) };
  const seats = new LaneSeats({ journal, replica, leaseSeconds: intervals.leaseSeconds, now, logger, monitor });
  const running: RunningChain[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops: Promise<void>[] = [];
  let fail: (why: KeeperError) => void;
  const failed = new Promise<KeeperError>((resolve) => {
    fail = resolve;
  });

  const open = async (chain: FleetChain): Promise<boolean> => {
    try {
      const opened = await openFleetChain(chain, await chain.connect(), parts);
      if (signal.aborted) return true;
      vitals.chain(chain.name, now(), null);
      running.push(opened);
      seats.add(opened.worker);
      opened.watch.start();
      logger.info({ chain: chain.name, vaults: chain.vaults.length }, "the chain is watched");
      return true;
    } catch (error) {
      vitals.chain(chain.name, now(), failureCode(error));
      if (error instanceof WrongSettingError) fail(error);
      logger.error({ chain: chain.name, error: (error as Error).message }, "the chain cannot be reached");
      return false;
    }
  };
  const every = async (milliseconds: () => number, work: () => Promise<void> | void): Promise<void> => {
    while (await rest(milliseconds(), signal)) await work();
  };
  const review = async (): Promise<void> => {
    const ended = vitals.begin("The review of lanes", now() + intervals.goneSeconds * 1000);
    try {
      await seats.round();
      vitals.database(now(), null);
    } catch (error) {
      vitals.database(now(), failureCode(error));
      logger.warn({ error: (error as Error).message }, "the lanes cannot be reviewed");
    } finally {
      ended();
    }
  };

  const start = async (): Promise<void> => {
    const reached = await Promise.all(chains.map(open));
    if (!signal.aborted) await review();
    loops.push(every(() => seats.everyMs, review));
    loops.push(
      every(
        () => LOOK,
        () => {
          const verdict = vitals.verdict(now());
          if (verdict !== null) fail(verdict);
        },
      ),
    );
    for (const [k, chain] of chains.entries()) if (!reached[k]) loops.push(keepTrying(() => open(chain)));
    logger.info({ chains: running.length, lanes: seats.held, replica }, "the fleet is running");
  };
  let started: Promise<void> = Promise.resolve();

  return {
    start: () => {
      started = start();
      return started;
    },
    stop: async () => {
      stopping.abort();
      await started;
      await Promise.all([seats.leave(), ...running.map(({ watch }) => watch.stop())]);
      await Promise.all(loops);
    },
    wake: () => {
      for (const { worker } of running) for (const vault of worker.vaults) worker.wake(vault);
    },
    get vaults() {
      return running.reduce((sum, { worker }) => sum + worker.vaults.length, 0);
    },
    failed,
  };

  async function keepTrying(work: () => Promise<boolean>): Promise<void> {
    for (let pause = intervals.retrySeconds; await rest(pause * 1000 * (0.5 + Math.random()), signal); pause *= 2) {
      if (await work()) return;
      pause = Math.min(pause, intervals.retryMaxSeconds / 2);
    }
  }
}

/** False if it was told to end meanwhile. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal }).catch(() => false);
}
