import { silentLogger } from "@crosshedge/keeper";
import { createFleet } from "../../../../keeper/src/fleet/create-fleet.js";
import type { FleetChain } from "../../../../keeper/src/fleet/fleet-types.js";
import { Intervals } from "../../../../keeper/src/fleet/intervals.js";
import { Monitor } from "../../../../keeper/src/monitor/monitor.js";
import { HeadWatch } from "../../../../keeper/src/rpc/head-watch.js";
import { openQueue } from "../../../../keeper/src/store/queue.js";
import type { TickResult } from "../../../../keeper/src/tick-result.js";
import { type EngineCase, Took } from "../case.js";
import { keeperOnServedChain, waited } from "../keeper-on-served-chain.js";

const ROUNDS = 7;
/** Milliseconds that the keeper itself may take. */
const MOST = 50;
/** One of so many rounds after a deposit brings its plan: the first may find that a heartbeat is due, or the oracle of covariances. */
const TRIES = 4;

type Parts = Record<string, number>;

/** From a new oracle round to the broadcast of the plan that it asks for, and how much of it is the keeper's own. */
export default async function measure(): Promise<EngineCase[]> {
  const served = await keeperOnServedChain();
  const { provider, store, steps, posts, signer, multicall, lane, keeper, vault } = served;
  const heads: number[] = [];
  let ticked: (result: TickResult) => void = () => undefined;
  // A deposit takes several blocks: what is planned between them is not the plan that is measured.
  let isListening = true;
  const chain: FleetChain = {
    ...{ name: "served", vaults: [{ name: "vault", address: vault, intervalSeconds: 3600 }] },
    connect: async () => ({
      ...{ chainId: provider.chainId, signer, provider, multicall },
      heads: (on) => {
        const hear: typeof on = (event) => {
          if (!isListening) return;
          heads.push(performance.now());
          on(event);
        };
        return new HeadWatch({ provider, intervalMs: 50, maxHeadAgeSeconds: null, on: hear });
      },
      lane: async () => lane,
      keeper: async () => keeper,
    }),
  };
  const boss = await openQueue(store, silentLogger);
  const fleet = createFleet([chain], {
    ...{ journal: store.journal, boss, replica: "bench", now: Date.now, logger: silentLogger },
    monitor: new Monitor({ now: Date.now, version: "bench", modelHash: "bench" }),
    intervals: Intervals.parse({ soonSeconds: 3600 }),
    onTick: (_, result) => ticked(result),
  });
  const next = () =>
    new Promise<TickResult>((resolve) => {
      ticked = resolve;
    });
  let price = 2000;
  const planned = async (): Promise<TickResult> => {
    const others: string[] = [];
    while (others.length < TRIES) {
      const tick = next();
      await served.round(price++);
      const result = await tick;
      if (result.kind === "rebalance" && result.state === "landed") return result;
      others.push(`${result.codes.join(" ")} (${result.state})`);
    }
    throw new Error(`rounds after a deposit brought no plan: ${others.join(", ")}`);
  };
  await served.deposit(200_000);
  const first = next();
  await fleet.start();
  await first;

  const measured: Parts[] = [];
  for (let k = 0; k < ROUNDS; k++) {
    isListening = false;
    await served.deposit(40_000);
    isListening = true;
    const { milliseconds } = await planned();
    const at = (step: Parameters<typeof steps.get>[0]): number => steps.get(step)!;
    const begun = at("observed") - milliseconds.observe;
    const head = heads.findLast((time) => time <= begun)!;
    const own = at("sent") - head - waited(posts, head, at("sent"));
    measured.push({
      own,
      "whole, ms": at("sent") - head,
      "notice: a head to the tick's first request, ms": begun - head,
      "observe and model, ms": milliseconds.observe,
      "plan, ms": milliseconds.plan,
      "journal the tick, ms": at("tickWritten") - at("decided"),
      "simulate, ms": milliseconds.simulate,
      "journal the intent, ms": at("intentWritten") - at("laneTaken"),
      "sign, with nonce and fees, ms": at("signed") - at("intentWritten"),
      "journal the attempt, ms": at("attemptWritten") - at("signed"),
      "send, ms": at("sent") - at("attemptWritten"),
    });
  }
  await fleet.stop();
  await boss.stop({ graceful: false });
  await served.close();
  const { own, ...figures } = medians(measured);
  return [
    {
      ...{ name: "keeper: own time from a new oracle round to a broadcast", unit: "tick", once: true, most: MOST },
      own: { name: "without waiting for the chain", run: () => new Took(own!) },
      figures: () => figures,
    },
  ];
}

function medians(rows: readonly Parts[]): Parts {
  const names = Object.keys(rows[0]!);
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return Object.fromEntries(names.map((name) => [name, median(rows.map((row) => row[name]!))]));
}
