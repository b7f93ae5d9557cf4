import type { ParamsFile } from "@crosshedge/keeper";
import { createProgress } from "@crosshedge/keeper/report";
import { network } from "hardhat";
import { readParams } from "../deploy/config/params.js";
import { createDriver, type Driver } from "../devnet/driver.js";
import { generatePath, heldAfter, type PricePath, readPath } from "../devnet/path.js";
import { deployWorld, type World } from "../devnet/world.js";
import { UsageError } from "../errors.js";
import { dollars } from "./fair.js";
import { depositAll } from "./holder.js";
import { type Lane, openLane, passAll } from "./lanes.js";
import { LEAVING_HOURS, leaveVault } from "./leaving.js";
import { measureVault } from "./measure.js";
import { HOUR, NO_COST } from "./metrics.js";
import type { DemoOptions } from "./options.js";
import type { CostParts, RunRecord, VaultHour, VaultName } from "./record.js";
import { type DemoVault, deployVaults } from "./vaults.js";

export const WARM_UP_DAYS = 30;

/** The price path that the options ask for. */
export function pathOf({ prices, alt, from, days, seed }: DemoOptions): PricePath {
  if (prices) return readPath(prices, { alt, from, days, warmUpDays: WARM_UP_DAYS });
  const start = Date.parse(`${from}T00:00:00Z`) / 1000 - WARM_UP_DAYS * 24 * HOUR;
  return generatePath({ seed, days, warmUpDays: WARM_UP_DAYS, alt, start });
}

/**
 * Walk the world along the path with three vaults side by side, a pass over them every hour; at the end the holders leave.
 * @param stopped Asked each hour; true ends the run early with what there is
 * @throws {UsageError} stopped before the scored period
 */
export async function run(options: DemoOptions, stopped: () => boolean): Promise<RunRecord> {
  const began = performance.now();
  const params = options.params === undefined ? undefined : readParams(options.params);
  const scored = pathOf(options);
  const path = heldAfter(scored, LEAVING_HOURS);
  const world = await deployWorld(await network.create("world"), {
    alt: options.alt,
    prices: path.priceAt(path.start),
    startTime: path.start,
  });
  const driver = await createDriver(world, path, { seed: options.seed });
  const warmUp = createProgress(`Warm-up: ${WARM_UP_DAYS} days of oracle rounds`, 1);
  await driver.warmUp((fraction) => {
    if (stopped()) throw new UsageError("Stopped during the warm-up.", "Nothing was run yet, so there is no report.");
    warmUp.update(fraction);
  });
  warmUp.finish();

  const vaults = await deployVaults(world, options, params);
  const lanes = await Promise.all(vaults.map((demo) => openLane(world, demo, params?.file.keeper)));
  const deposited = await depositAll(world, vaults, options, path.priceAt(driver.now));
  const prices: Record<string, number[]> = { [options.alt]: [], ETH: [], BTC: [] };
  const hours = Math.round((scored.end - scored.scored) / HOUR);
  const progress = createProgress(`${options.days} days, hour by hour`, hours);
  for (let hour = 0; hour <= hours; hour++) {
    if (hour > 0) for (let quarter = 0; quarter < 4; quarter++) await driver.step();
    const quote = path.priceAt(driver.now);
    for (const [symbol, price] of [
      [options.alt, quote.ALT] as const,
      ["ETH", quote.ETH] as const,
      ["BTC", quote.BTC] as const,
    ]) {
      prices[symbol]?.push(price);
    }
    // The first entry is the state before anything was done: the cost of setting up is part of the first hour.
    if (hour > 0) await passAll(world, lanes, driver.now, quote);
    for (const { demo, hours: seen } of lanes) {
      const moment = { time: driver.now, quote, flow: hour === 0 ? deposited : 0 };
      seen.push(await measureVault(world, demo, options, moment));
    }
    if (hour === 0) await passAll(world, lanes, driver.now, quote);
    progress.update(hour, `${lanes[0]?.rebalances.length ?? 0} rebalances`);
    if (stopped()) break;
  }
  progress.finish();
  const seen = await recordOf(world, options, lanes, driver, prices);
  const liquidations = await liquidationsOf(world, vaults[0] as DemoVault);
  const holders = await leaveVault(world, lanes[0] as Lane, driver, path, deposited);
  const published = params === undefined ? null : publishedLosses(params.file);
  return { ...seen, liquidations, published, holders, seconds: Math.round((performance.now() - began) / 100) / 10 };
}

/** Funding that a vault's perp account owes but has not settled, USD. */
async function pendingFunding({ perp }: World, { deployment }: DemoVault): Promise<number> {
  const leg = deployment.legs.perp;
  return leg === undefined ? 0 : dollars(await perp.exchange.getAllPendingFundingPayment(leg));
}

/** Positions of a vault that a venue liquidated, ever. */
async function liquidationsOf({ perp, aave }: World, { deployment: { legs } }: DemoVault): Promise<number> {
  const { clearingHouse } = perp;
  if (legs.perp !== undefined) {
    const filter = clearingHouse.filters["PositionLiquidated(address,address,uint256,uint256,uint256,address)"](
      legs.perp,
    );
    return (await clearingHouse.queryFilter(filter)).length;
  }
  const filter = aave!.pool.filters.LiquidationCall(undefined, undefined, legs.aave);
  return (await aave!.pool.queryFilter(filter)).length;
}

function publishedLosses({ worstCase: { day, fortnight } }: ParamsFile): { day: number; fortnight: number } {
  const share = ({ loss }: { loss: string }): number => Number(loss.replace("%", "")) / 100;
  return { day: share(day), fortnight: share(fortnight) };
}

async function recordOf(
  world: World,
  options: DemoOptions,
  lanes: readonly Lane[],
  driver: Driver,
  prices: Record<string, number[]>,
): Promise<Omit<RunRecord, "holders" | "seconds" | "liquidations" | "published">> {
  const { arbitrageurs, makers } = await driver.profits();
  const others: [VaultName, CostParts][] = [];
  for (const { demo, otherGas } of lanes) {
    others.push([demo.name, { ...NO_COST, gas: otherGas, funding: await pendingFunding(world, demo) }]);
  }
  const hours = lanes.map(({ demo, hours: seen }): [VaultName, VaultHour[]] => [demo.name, seen]);
  return {
    options,
    hours: Object.fromEntries(hours) as Record<VaultName, VaultHour[]>,
    prices,
    rebalances: lanes.flatMap((lane) => lane.rebalances),
    rejections: lanes.flatMap((lane) => lane.rejections),
    cycles: lanes.find(({ demo }) => demo.name === "hedged")?.cycles ?? [],
    otherCost: Object.fromEntries(others) as Record<VaultName, CostParts>,
    participants: { arbitrageur: arbitrageurs, maker: makers },
  };
}
