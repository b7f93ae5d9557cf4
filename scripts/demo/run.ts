import { createKeeper, type Keeper, type TickResult } from "@crosshedge/keeper";
import { CrosshedgeVault } from "@crosshedge/sdk";
import { parseUnits } from "ethers";
import { network } from "hardhat";
import type { Prices } from "../devnet/assets.js";
import { createDriver, type Driver } from "../devnet/driver.js";
import { generatePath, type PricePath, readPath } from "../devnet/path.js";
import { deployWorld, fund, type World } from "../devnet/world.js";
import { costOf, gasCost } from "./costs.js";
import { describeOrders } from "./describe-orders.js";
import { dollars } from "./fair.js";
import { measureVault } from "./measure.js";
import { HOUR, NO_COST } from "./metrics.js";
import type { DemoOptions } from "./options.js";
import { createProgress } from "./progress.js";
import type { CostParts, RebalanceRecord, RejectionRecord, RunRecord, VaultHour, VaultName } from "./record.js";
import { type DemoVault, deployVaults, keeperOf } from "./vaults.js";

/** What each holder brings, USD at the first prices. */
export const DEPOSIT_USD = 200_000;
/** A fixed limit spares the local chain its search for one. */
const GAS_LIMIT = 15_000_000;
const POLICIES = { hedged: "minVariance", unhedged: "none", naive: "naive" } as const;

/** One vault with its keeper and what has been seen of both. */
interface Lane {
  readonly demo: DemoVault;
  readonly keeper: Keeper;
  readonly holder: CrosshedgeVault;
  readonly hours: VaultHour[];
  readonly rebalances: RebalanceRecord[];
  readonly rejections: RejectionRecord[];
  /** USD spent on transactions that are no plan: pokes. */
  otherGas: number;
}

/** The holder's round trip through the SDK, USD at fair prices. */
export interface RoundTrip {
  readonly deposited: number;
  readonly received: number;
  readonly amounts: Readonly<Record<string, bigint>>;
}

export interface RunResult {
  readonly record: RunRecord;
  readonly exit: RoundTrip;
}

/** The price path that the options ask for. */
export function pathOf({ prices, alt, from, days, seed }: DemoOptions): PricePath {
  if (prices) return readPath(prices, { alt, from, days });
  const warmUpDays = 30;
  const start = Date.parse(`${from}T00:00:00Z`) / 1000 - warmUpDays * 24 * HOUR;
  return generatePath({ seed, days, warmUpDays, alt, start });
}

/**
 * Walk the world along the path with three vaults side by side, a keeper's pass for each every hour, and exit at the end.
 * @param stopped Asked each hour; true ends the run early with what there is
 */
export async function run(options: DemoOptions, stopped: () => boolean): Promise<RunResult> {
  const began = performance.now();
  const path = pathOf(options);
  const connection = await network.create("world");
  const world = await deployWorld(connection, {
    alt: options.alt,
    prices: path.priceAt(path.start),
    startTime: path.start,
  });
  const driver = await createDriver(world, path, { seed: options.seed });
  const warmUp = createProgress("Warm-up: 30 days of oracle rounds", 1);
  await driver.warmUp((fraction) => warmUp.update(fraction));
  warmUp.finish();

  const lanes = await openLanes(world, options);
  const first = path.priceAt(driver.now);
  const deposited = await depositAll(world, lanes, options, first);
  const prices = { [options.alt]: [] as number[], ETH: [] as number[], BTC: [] as number[] };
  const hours = Math.round((path.end - path.scored) / HOUR);
  const progress = createProgress(`${options.days} days, hour by hour`, hours);
  for (let hour = 0; hour <= hours; hour++) {
    if (hour > 0) for (let quarter = 0; quarter < 4; quarter++) await driver.step();
    const quote = path.priceAt(driver.now);
    prices[options.alt]?.push(quote.ALT);
    prices.ETH.push(quote.ETH);
    prices.BTC.push(quote.BTC);
    for (const lane of lanes) {
      const flow = hour === 0 ? deposited : 0;
      if (hour > 0) await pass(world, lane, options, driver.now, quote);
      lane.hours.push(await measureVault(world, lane.demo, options, { time: driver.now, quote, flow }));
      if (hour === 0) await pass(world, lane, options, driver.now, quote);
    }
    progress.update(hour, noteOf(lanes));
    if (stopped()) break;
  }
  progress.finish();

  const record = await recordOf(world, options, lanes, driver, prices, began);
  return { record, exit: await leave(world, lanes[0] as Lane, deposited, path.priceAt(driver.now)) };
}

async function openLanes(world: World, options: DemoOptions): Promise<Lane[]> {
  const multicall = await world.multicall.getAddress();
  const demos = await deployVaults(world, options);
  return Promise.all(
    demos.map(async (demo) => ({
      demo,
      keeper: await createKeeper({
        provider: world.ethers.provider,
        signer: keeperOf(world, demo.name),
        vault: demo.deployment,
        multicall,
        config: { hedge: { policy: POLICIES[demo.name] }, execution: { gasLimit: GAS_LIMIT } },
      }),
      holder: await CrosshedgeVault.connect({ address: demo.deployment.vault, signer: world.signers.alice, multicall }),
      hours: [],
      rebalances: [],
      rejections: [],
      otherGas: 0,
    })),
  );
}

/** The same basket into each vault, through the SDK. Returns what one is worth, USD. */
async function depositAll(world: World, lanes: Lane[], { pool }: DemoOptions, prices: Prices): Promise<number> {
  const units = (usd: number, price: number, decimals: number) => parseUnits((usd / price).toFixed(6), decimals);
  const [usdc, alt, weth] = pool === "usdc" ? [0.7, 0.3, 0] : [0.4, 0.3, 0.3];
  const amounts = {
    USDC: units(DEPOSIT_USD * usdc, prices.USDC, 6),
    ALT: units(DEPOSIT_USD * alt, prices.ALT, 18),
    WETH: weth > 0 ? units(DEPOSIT_USD * weth, prices.ETH, 18) : 0n,
  };
  for (const { holder } of lanes) {
    await fund(world, world.signers.alice.address, amounts);
    const entries = Object.entries(amounts).filter(([, amount]) => amount > 0n);
    const byAddress = entries.map(async ([symbol, amount]) => {
      const token = world.tokens[symbol as keyof typeof amounts];
      return [await token.getAddress(), amount] as const;
    });
    await holder.depositBasket({ amounts: Object.fromEntries(await Promise.all(byAddress)) });
  }
  return DEPOSIT_USD;
}

/** One keeper's pass, and what the chain made of it. */
async function pass(world: World, lane: Lane, { pool }: DemoOptions, time: number, quote: Prices): Promise<void> {
  const { demo, keeper } = lane;
  const from = await world.ethers.provider.getBlockNumber();
  const result: TickResult = await keeper.tick();
  const { name } = demo;
  if (result.action === "refused") {
    lane.rejections.push({ time, vault: name, reason: result.refused?.name ?? result.reasons[0] ?? "unknown" });
  }
  let ownGas = 0n;
  for (const event of await demo.rebalancer.queryFilter(demo.rebalancer.filters.Rebalanced, from + 1)) {
    const [receipt, transaction] = await Promise.all([event.getTransactionReceipt(), event.getTransaction()]);
    ownGas += receipt.gasUsed;
    const { outcome } = event.args;
    lane.rebalances.push({
      time,
      vault: name,
      accepted: outcome.reduced ? "reduced" : "insideLimits",
      varianceBefore: Number(outcome.varianceBefore) / 1e18,
      varianceAfter: Number(outcome.varianceAfter) / 1e18,
      orders: describeOrders(world, pool, transaction.data),
      gasUsed: Number(receipt.gasUsed),
      cost: await costOf(world, demo, receipt, quote),
    });
  }
  lane.otherGas += gasCost(result.gasUsed - ownGas, quote);
}

/** The holder leaves with everything, through the SDK. */
async function leave(world: World, { demo, holder }: Lane, deposited: number, prices: Prices): Promise<RoundTrip> {
  const shares = await demo.vault.balanceOf(world.signers.alice);
  const { amounts } = await holder.exitInKind({ shares });
  const worth = [prices.USDC, prices.ALT, prices.ETH, prices.BTC];
  const received = holder.assets.reduce(
    (sum, { address, decimals }, i) => sum + (Number(amounts[address] ?? 0n) / 10 ** decimals) * (worth[i] as number),
    0,
  );
  const bySymbol = holder.assets.map(({ address, symbol }) => [symbol, amounts[address] ?? 0n] as const);
  return { deposited, received, amounts: Object.fromEntries(bySymbol) };
}

function noteOf(lanes: Lane[]): string {
  const [hedged] = lanes;
  return hedged ? `${hedged.rebalances.length} rebalances` : "";
}

/** Funding that a vault's perp account owes but has not settled, USD. */
async function pendingFunding({ perp }: World, { deployment }: DemoVault): Promise<number> {
  return dollars(await perp.exchange.getAllPendingFundingPayment(deployment.legs.perp as string));
}

async function recordOf(
  world: World,
  options: DemoOptions,
  lanes: Lane[],
  driver: Driver,
  prices: Record<string, number[]>,
  began: number,
): Promise<RunRecord> {
  const { arbitrageurs, makers } = await driver.profits();
  const others = await Promise.all(
    lanes.map(async ({ demo, otherGas }) => [
      demo.name,
      { ...NO_COST, gas: otherGas, funding: await pendingFunding(world, demo) },
    ]),
  );
  const hours = Object.fromEntries(lanes.map((lane) => [lane.demo.name, lane.hours])) as Record<VaultName, VaultHour[]>;
  return {
    options,
    hours,
    prices,
    rebalances: lanes.flatMap((lane) => lane.rebalances),
    rejections: lanes.flatMap((lane) => lane.rejections),
    otherCost: Object.fromEntries(others) as Record<VaultName, CostParts>,
    participants: { arbitrageur: arbitrageurs, maker: makers },
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}
