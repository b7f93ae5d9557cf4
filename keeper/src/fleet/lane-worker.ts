import { setTimeout as sleep } from "node:timers/promises";
import type { IPolicy } from "cockatiel";
import type { Keeper } from "../keeper.js";
import type { Lane } from "../lane/lane.js";
import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import type { Head } from "../rpc/head.js";
import type { Journal } from "../store/journal.js";
import type { TickHint } from "../tick.js";
import type { TickResult } from "../tick-result.js";
import { Agenda } from "./agenda.js";
import { Doorbell } from "./doorbell.js";
import type { ConnectedChain, FleetChain, FleetVault } from "./fleet-types.js";
import type { Intervals } from "./intervals.js";
import type { Seat } from "./lane-seats.js";
import { LaneTurns } from "./lane-turns.js";
import { nextTickAt } from "./next-tick.js";
import { reportTick } from "./report-tick.js";
import type { TickJob, TickQueue } from "./tick-queue.js";
import { failureCode, type TickRunner } from "./tick-runner.js";
import type { Vitals } from "./vitals.js";
import type { WarmKeepers } from "./warm-keepers.js";

/** What a lane is worked with. */
export interface LaneWork {
  readonly chain: FleetChain;
  readonly connected: ConnectedChain;
  readonly lane: Lane;
  readonly journal: Pick<Journal, "unsettled" | "intents">;
  readonly queue: TickQueue;
  readonly keepers: WarmKeepers<Keeper>;
  readonly runner: TickRunner;
  /** Bounds how many ticks are made at a time. */
  readonly slots: IPolicy;
  readonly vitals: Vitals;
  readonly monitor: Pick<Monitor, "vault" | "head">;
  readonly intervals: Intervals;
  readonly now: () => number;
  readonly logger: Logger;
  /** Prices of a vault's assets at a block, where they are known. */
  readonly pricesAt: (vault: string, blockHash: string) => TickHint["prices"];
  /** Told of each tick that ended. */
  readonly ticked: (vault: string, result: TickResult) => void;
}

/** How often jobs are looked for whose pause after a failure may be over, ms. */
const POLL = 1000;
/** Intents that the monitor is shown. */
const LATEST = 50;

/** The ticks of one account's vaults, for as long as this replica has the account's lane. */
export class LaneWorker implements Seat {
  readonly #work: LaneWork;
  readonly #agenda = new Agenda();
  readonly #turns = new LaneTurns();
  readonly #bell = new Doorbell();
  readonly #vaults: ReadonlyMap<string, FleetVault>;
  readonly #done: TickJob[] = [];
  readonly #failed: TickJob[] = [];
  readonly #running = new Set<Promise<void>>();
  #stop = new AbortController();
  #abort = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #head: Head | null = null;
  /** No tick may look at an earlier block than that of the last own transaction. */
  #lastOwnBlock = 0;

  constructor(work: LaneWork) {
    this.#work = work;
    this.#stop.abort();
    this.#vaults = new Map(work.chain.vaults.map((vault) => [vault.address.toLowerCase(), vault]));
  }

  get chainId(): number {
    return this.#work.connected.chainId;
  }

  get signer(): string {
    return this.#work.connected.signer;
  }

  /** Vaults that it ticks now. */
  get vaults(): readonly string[] {
    return this.#stop.signal.aborted ? [] : [...this.#vaults.keys()];
  }

  fit(): boolean {
    const { vitals, chain, now, intervals } = this.#work;
    return !vitals.isAway(chain.name, now(), intervals.leaseSeconds * 1000);
  }

  async taken(): Promise<void> {
    this.#stop = new AbortController();
    this.#abort = new AbortController();
    this.#loop = this.#turnUntil(this.#stop.signal);
  }

  /** The ticks under way end by themselves or, when a while is over, as soon as they can. */
  async left(_why: string): Promise<void> {
    const { intervals, monitor, lane } = this.#work;
    this.#stop.abort();
    const grace = intervals.stopSeconds * 1000;
    const impatience = setTimeout(() => this.#abort.abort(), grace / 4);
    const ended = new AbortController();
    const late = sleep(grace, undefined, { signal: ended.signal }).catch(() => undefined);
    await Promise.race([Promise.all([this.#loop, ...this.#running]), late]);
    ended.abort();
    clearTimeout(impatience);
    await this.#report().catch(() => undefined);
    this.#agenda.restart([], 0);
    this.#turns.clear();
    for (const { name } of this.#vaults.values()) monitor.vault({ chainId: this.chainId, name }).stop();
    await lane.release().catch(() => undefined);
  }

  /** Tick a vault; news that come together make one tick. */
  wake(vault: string): void {
    this.#agenda.wake(vault, this.#work.now() + this.#work.intervals.debounceSeconds * 1000);
    this.#bell.ring();
  }

  /** What waits for a transaction may go on. */
  onHead(head: Head): void {
    this.#head = head;
    for (const vault of this.#turns.inFlight) this.wake(vault);
    this.#nextTurn();
  }

  /** What had landed may have to land again. */
  async onReorg(): Promise<void> {
    const { journal } = this.#work;
    for (const { vault } of await journal.unsettled(this.chainId, this.signer)) this.wake(vault);
  }

  async #turnUntil(signal: AbortSignal): Promise<void> {
    const { vitals, now, intervals, logger, chain } = this.#work;
    let open = false;
    while (!signal.aborted) {
      const ended = vitals.begin(`The queue of ${chain.name}`, now() + intervals.goneSeconds * 1000);
      let pause: number | null = POLL;
      try {
        if (!open) await this.#open();
        open = true;
        await this.#turn();
        vitals.database(now(), null);
        pause = this.#pause();
      } catch (error) {
        vitals.database(now(), failureCode(error));
        logger.warn({ chain: chain.name, error: (error as Error).message }, "the queue of ticks cannot be read");
      } finally {
        ended();
      }
      await this.#bell.wait(pause, signal);
    }
  }

  /** Everything is due; what is unsettled comes first. */
  async #open(): Promise<void> {
    const { queue, journal, now } = this.#work;
    await queue.restart();
    this.#agenda.restart([...this.#vaults.keys()], now());
    for (const { vault } of await journal.unsettled(this.chainId, this.signer)) this.#agenda.wake(vault, 0);
  }

  async #turn(): Promise<void> {
    const { queue, now, intervals } = this.#work;
    // Before the report: the queue takes no second job of a vault whose first it does not know to have ended.
    const due = this.#agenda.takeDue(now());
    try {
      await this.#report();
      if (due.length > 0) await queue.add(due);
    } catch (error) {
      for (const vault of due) this.#agenda.end(vault, now());
      throw error;
    }
    const free = intervals.concurrency - this.#running.size;
    if (free <= 0 || this.#agenda.count("queued") + this.#agenda.count("retrying") === 0) return;
    for (const job of await queue.take(free)) {
      const running: Promise<void> = this.#tick(job).finally(() => {
        this.#running.delete(running);
        this.#bell.ring();
      });
      this.#running.add(running);
    }
  }

  /** Tell the queue what has ended. What cannot be told stays to be told. */
  async #report(): Promise<void> {
    for (const [jobs, tell] of [
      [this.#done, (of: TickJob[]) => this.#work.queue.done(of)],
      [this.#failed, (of: TickJob[]) => this.#work.queue.failed(of)],
    ] as const) {
      const told = [...jobs];
      await tell(told);
      jobs.splice(0, told.length);
    }
  }

  #pause(): number | null {
    if (this.#done.length + this.#failed.length > 0) return 0;
    const polls = this.#agenda.count("retrying") > 0 ? POLL : Number.POSITIVE_INFINITY;
    const next = this.#agenda.next;
    const pause = Math.min(polls, next === null ? polls : Math.max(0, next - this.#work.now()));
    return Number.isFinite(pause) ? pause : null;
  }

  async #tick(job: TickJob): Promise<void> {
    const { connected, lane, keepers, runner, slots, monitor, logger, now } = this.#work;
    const vault = this.#vaults.get(job.vault);
    if (vault === undefined) {
      // Left by a replica with another configuration.
      this.#done.push(job);
      return;
    }
    const watch = monitor.vault({ chainId: this.chainId, name: vault.name });
    try {
      await slots.execute(async () => {
        this.#agenda.begin(job.vault);
        watch.attempt();
        const started = now();
        const keeper = keepers.get(`${this.chainId}:${job.vault}`, () => connected.keeper(vault, lane));
        const result = await runner.run(vault.name, keeper, { ...this.#hint(job.vault), signal: this.#abort.signal });
        this.#settle(job, vault, result, started);
        await this.#show(job.vault, vault, result);
      });
    } catch (error) {
      this.#turns.done(job.vault);
      this.#agenda.retry(job.vault);
      this.#failed.push(job);
      watch.failed(failureCode(error));
      logger.warn({ vault: vault.name, error: (error as Error).message }, "a tick failed; it is tried again");
    }
    this.#nextTurn();
  }

  #settle(job: TickJob, vault: FleetVault, result: TickResult, started: number): void {
    const key = job.vault;
    const { intervals, now, ticked } = this.#work;
    const { intervalSeconds } = vault;
    this.#done.push(job);
    this.#agenda.end(key, nextTickAt({ result, started, now: now(), intervalSeconds, intervals }));
    if (result.state === "inFlight") this.#turns.sent(key);
    else if (result.codes.includes("wait.inFlight") || result.sent?.reason?.code === "laneBusy") this.#turns.wait(key);
    else this.#turns.done(key);
    this.#lastOwnBlock = Math.max(this.#lastOwnBlock, result.sent?.attempt?.block ?? 0);
    ticked(key, result);
  }

  /** Tell the monitor; a tick has not failed because this has. */
  async #show(key: string, { name }: FleetVault, result: TickResult): Promise<void> {
    const { monitor, journal, logger } = this.#work;
    const watch = monitor.vault({ chainId: this.chainId, name });
    try {
      reportTick(watch, result);
      // A tick with nothing to do may have found landed what was open.
      if (result.state !== "idle" || watch.health.openSince !== null)
        watch.intents(await journal.intents({ chainId: this.chainId, vault: key }, LATEST));
    } catch (error) {
      logger.warn({ vault: name, error: (error as Error).message }, "the monitor was not told of a tick");
    }
  }

  #nextTurn(): void {
    const next = this.#turns.next();
    if (next !== null) this.wake(next);
  }

  #hint(vault: string): TickHint {
    const head = this.#head;
    if (head === null || head.number < this.#lastOwnBlock) return {};
    const prices = this.#work.pricesAt(vault, head.hash);
    return prices === undefined ? { head } : { head, prices };
  }
}
