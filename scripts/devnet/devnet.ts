import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "@crosshedge/sdk";
import { UsageError } from "../errors.js";
import { ASSETS, FEED_DECIMALS, type Prices } from "./assets.js";
import { deploymentFile, readDeployment, writeDeployment } from "./deployment.js";
import { createDriver, type Driver } from "./driver.js";
import { generatePath, iso, type PricePath, readPath } from "./path.js";
import { inspect, mineOnTop, serve } from "./serve.js";
import { DAY, HOUR, latestTime, QUARTER } from "./time.js";
import { attachWorld, deployWorld, type World } from "./world.js";

export interface DevnetOptions {
  port: number;
  alt: string;
  seed: number;
  days: number;
  warmUpDays: number;
  /** Quarter-hours of prices a second; without it the market moves in real time. */
  speed?: number | undefined;
  /** A CSV file of prices, walked from a date. */
  prices?: string | undefined;
  from?: string | undefined;
  /** A node whose chain has the protocols already. */
  fork?: string | undefined;
  deployment?: string | undefined;
  /** Where deployments/ is; default the working directory. */
  root?: string | undefined;
  log?: (line: string) => void;
  /** Called once the protocols are there: deploys vaults on top, and gives their addresses. */
  deployVaults?: (world: World) => Promise<Deployment["vaults"]>;
}

export interface Devnet {
  readonly url: string;
  readonly world: World;
  /** The file that holds the addresses. */
  readonly file: string;
  readonly driver: Driver | undefined;
  /** Deployed on top, by name. */
  readonly vaults: Deployment["vaults"];
  /** Move the market until stopped, or until the price path ends. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** Start a local chain with every protocol on it, behind JSON-RPC; nothing moves until `run`. */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { log = () => {}, root } = options;
  const started =
    options.fork === undefined ? await startFresh(options, log) : await startFork(options, options.fork, log);
  const { served, world, path } = started;
  try {
    const driver = path && (await createDriver(world, path, { seed: options.seed }));
    if (driver && path && driver.now < path.scored) {
      log(`Replaying ${options.warmUpDays} days of oracle rounds …`);
      await driver.warmUp();
    }
    const vaults = await options.deployVaults?.(world);
    const deployment = vaults === undefined ? world.deployment : { ...world.deployment, vaults };
    const file = deploymentFile(deployment.chainId, root);
    const written = options.fork === undefined ? file : file.replace(/\.json$/, ".fork.json");
    writeDeployment(written, deployment);

    const stopping = new AbortController();
    let running: Promise<void> = Promise.resolve();
    const pause = options.speed === undefined ? QUARTER * 1000 : 1000 / options.speed;
    return {
      url: served.url,
      world,
      file: written,
      vaults,
      driver,
      run: () => (running = driver ? walk(driver, pause, stopping.signal) : untilAborted(stopping.signal)),
      async stop() {
        stopping.abort();
        await running.catch(() => {});
        await served.close();
      },
    };
  } catch (error) {
    await served.close();
    throw error;
  }
}

async function startFresh(options: DevnetOptions, log: (line: string) => void) {
  const path = choosePath(options);
  const served = await serve(options.port);
  try {
    log("Deploying Uniswap v3, Perp v2, Aave v3 and Chainlink …");
    const prices = path.priceAt(path.start);
    const world = await deployWorld(served.connection, { alt: options.alt, prices, startTime: path.start });
    return { served, world, path };
  } catch (error) {
    await served.close();
    throw error;
  }
}

function choosePath({ prices, from, alt, seed, days, warmUpDays }: DevnetOptions): PricePath {
  if (prices === undefined) {
    const start = Math.floor(Date.now() / 1000 / HOUR) * HOUR - warmUpDays * DAY;
    return generatePath({ seed, days, warmUpDays, alt, start });
  }
  if (from === undefined) throw new UsageError("--prices needs a day to begin with.", "Add --from 2024-01-31.");
  return readPath(prices, { alt, from, days, warmUpDays });
}

async function startFork(options: DevnetOptions, url: string, log: (line: string) => void) {
  const origin = await inspect(url);
  const deployment = readDeployment(options.deployment ?? deploymentFile(origin.chainId, options.root));
  if (deployment.chainId !== origin.chainId) {
    throw new UsageError(
      `The addresses are of chain ${deployment.chainId}, the node at ${url} is on chain ${origin.chainId}.`,
      "Name the right file with --deployment.",
    );
  }
  const served = await serve(options.port, { url, ...origin });
  try {
    await mineOnTop(served.connection, origin);
    log(`Forked chain ${origin.chainId} at ${iso(origin.time)}.`);
    const world = await attachWorld(served.connection, deployment);
    return { served, world, path: world.mover && (await pathFromHere(world, options)) };
  } catch (error) {
    await served.close();
    throw error;
  }
}

/** A generated path that begins with the fork's own prices. */
async function pathFromHere(world: World, { seed, days }: DevnetOptions): Promise<PricePath> {
  const first: Partial<Prices> = {};
  for (const asset of ASSETS) {
    const { answer } = await world.feeds[asset].proxy.latestRoundData();
    first[asset] = Number(answer) / 10 ** FEED_DECIMALS;
  }
  const start = Math.floor((await latestTime(world.connection)) / HOUR) * HOUR;
  return generatePath({ seed, days, warmUpDays: 0, alt: world.altSymbol, start, first: first as Prices });
}

async function walk(driver: Driver, pause: number, signal: AbortSignal): Promise<void> {
  while (!driver.done) {
    await sleep(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await driver.step();
  }
  await untilAborted(signal);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
