import { EventEmitter, on, once } from "node:events";
import { type Logger, silentLogger } from "@crosshedge/keeper";
import { ZeroAddress } from "ethers";
import { createFleet, type Fleet } from "../../../keeper/src/fleet/create-fleet.js";
import type { ConnectedChain, FleetChain, FleetVault } from "../../../keeper/src/fleet/fleet-types.js";
import { Intervals } from "../../../keeper/src/fleet/intervals.js";
import type { Keeper } from "../../../keeper/src/keeper.js";
import type { Lane } from "../../../keeper/src/lane/lane.js";
import type { Monitor } from "../../../keeper/src/monitor/monitor.js";
import type { HeadEvent } from "../../../keeper/src/rpc/head-watch.js";
import type { Store } from "../../../keeper/src/store/open-store.js";
import { openQueue } from "../../../keeper/src/store/queue.js";
import type { TickHint } from "../../../keeper/src/tick.js";
import type { TickResult } from "../../../keeper/src/tick-result.js";

/** What a stand-in for a vault's keeper does when it is ticked. */
export type Ticking = (vault: string, hint: TickHint & { signal: AbortSignal }) => Promise<Partial<TickResult>>;

const IDLE = {
  ...{ kind: null, codes: ["nothing.due"], reasons: [], state: "idle", sent: null, more: false, mismatches: [] },
  ...{ block: { number: 1, hash: "0x", timestamp: 0 }, nextDue: 1e9, milliseconds: {} },
  observation: { state: { assets: [], publicLimits: {} }, histories: [] },
};

/** A monitor that nobody looks at. */
export const unwatched = new Proxy({}, { get: () => () => unwatched }) as unknown as Monitor;

/** A chain whose keepers are stand-ins: what is tested is who ticks what, and when. */
export class StandInChain extends EventEmitter implements FleetChain {
  readonly name: string;
  readonly vaults: FleetVault[];
  readonly signer: string;
  readonly chainId: number;
  readonly #ticking: Ticking;
  #heard: ((event: HeadEvent) => void)[] = [];

  constructor(vaults: readonly string[], ticking: Ticking, { signer = ZeroAddress, chainId = 1 } = {}) {
    super();
    this.setMaxListeners(0);
    this.name = `chain ${chainId}`;
    this.vaults = vaults.map((name) => ({ name, address: name, intervalSeconds: 3600 }));
    this.signer = signer;
    this.chainId = chainId;
    this.#ticking = ticking;
  }

  async connect(): Promise<ConnectedChain> {
    const { chainId, signer } = this;
    return {
      ...{ chainId, signer, provider: undefined as never, multicall: undefined },
      heads: (hear) => {
        this.#heard.push(hear);
        return { start: () => undefined, stop: () => undefined };
      },
      lane: async () => ({ chainId, signer, release: async () => undefined }) as unknown as Lane,
      keeper: async ({ name }) =>
        ({
          tick: async (hint: TickHint & { signal: AbortSignal }) => {
            this.emit("tick", name);
            const result = await this.#ticking(name, hint);
            this.emit("ticked", name);
            return { ...IDLE, ...result };
          },
        }) as unknown as Keeper,
    };
  }

  tell(event: HeadEvent): void {
    for (const hear of this.#heard) hear(event);
  }

  /** The vaults of so many ticks from now on, once they have begun. */
  ticks(count: number): Promise<string[]> {
    const names: string[] = [];
    return new Promise((resolve) => {
      const heard = (name: string): void => {
        if (names.push(name) < count) return;
        this.off("tick", heard);
        resolve(names);
      };
      this.on("tick", heard);
    });
  }
}

/** A fleet of one replica on a store, and what ends it. */
export async function fleetOn(
  store: Store,
  chains: readonly FleetChain[],
  {
    replica = "one",
    now = Date.now,
    journal = store.journal,
    monitor = unwatched,
    onTick,
    ...intervals
  }: FleetOptions = {},
): Promise<RunningFleet> {
  const boss = await openQueue(store, silentLogger);
  const { logger, said, next } = listening();
  const settings = Intervals.parse({ debounceSeconds: 0.001, soonSeconds: 0.001, ...intervals });
  const fleet = createFleet(chains, {
    ...{ journal, boss, replica, now, intervals: settings, monitor, logger, onTick },
  });
  const end = async (): Promise<void> => {
    await fleet.stop();
    await boss.stop({ graceful: false });
  };
  return { fleet, logger, said, next, end };
}

export interface FleetOptions extends Partial<Intervals> {
  readonly replica?: string;
  readonly now?: () => number;
  readonly journal?: Store["journal"];
  readonly monitor?: Monitor;
  readonly onTick?: (vault: string, result: TickResult) => void;
}

export interface RunningFleet {
  readonly fleet: Fleet;
  readonly logger: Logger;
  /** Resolves with the first line of the log, from the start, that matches. */
  said(pattern: RegExp): Promise<string>;
  /** Resolves with the next line of the log. */
  next(): Promise<unknown>;
  end(): Promise<void>;
}

/** A logger that can be waited for. */
function listening(): Pick<RunningFleet, "logger" | "said" | "next"> {
  const lines: string[] = [];
  const log = new EventEmitter();
  const write = (details: object, message: string): void => {
    const line = `${message} ${JSON.stringify(details)}`;
    lines.push(line);
    log.emit("line", line);
  };
  const logger: Logger = { child: () => logger, debug: write, info: write, warn: write, error: write };
  const said = async (pattern: RegExp): Promise<string> => {
    const found = lines.find((line) => pattern.test(line));
    if (found !== undefined) return found;
    for await (const [line] of on(log, "line") as AsyncIterable<[string]>) if (pattern.test(line)) return line;
    throw new TypeError("unreachable");
  };
  return { logger, said, next: () => once(log, "line") };
}
