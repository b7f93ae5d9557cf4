import type { ContractTransactionResponse } from "ethers";
import { fund } from "../../../scripts/devnet/world.js";
import { hedgedPosition, refreshFeeds } from "../../support/actions.js";
import { type Fixture, vaultWithHistory } from "../../support/fixture.js";
import { liquidityFor, type Range, rangeAround, usdc, wad } from "../../support/orders.js";
import { marketsOf } from "../../support/rebalance.js";
import { callsOf } from "./calls.js";

type Send<Args extends unknown[]> = (...args: Args) => Promise<ContractTransactionResponse>;
export type Liquidity = Range & { liquidity: bigint };
export type Trade = { market: string; size: bigint };

/** DirectVenues with its calls typed. */
export interface Direct {
  getAddress(): Promise<string>;
  open: Send<[range: Liquidity, margin: bigint, trades: Trade[]]>;
  shift: Send<[from: Liquidity, to: Liquidity, zeroForOne: boolean, amountIn: bigint, trades: Trade[]]>;
  addMargin: Send<[amount: bigint]>;
  trade: Send<[trades: Trade[]]>;
  burn: Send<[range: Liquidity]>;
  leave: Send<[range: Liquidity, trades: Trade[], margin: bigint, idle: [bigint, bigint], receiver: string]>;
  gasOf: { staticCall(target: string, data: string): Promise<bigint> };
}

/** A contract with no vault that may trade where the vault's legs do, and has tokens to do it with. */
export async function directBeside(f: Fixture): Promise<Direct> {
  const venues = [await f.liquidity.pool(), f.world.deployment.perp.clearingHouse];
  const direct = (await f.world.ethers.deployContract("DirectVenues", venues)) as unknown as Direct;
  await fund(f.world, await direct.getAddress(), { USDC: usdc(150_000), ALT: wad(10_000) });
  return direct;
}

/** What the vault's first plan puts into its venues. */
export async function firstPositions(f: Fixture): Promise<[Liquidity, bigint, Trade[]]> {
  const range = await rangeAround(f, 1.25);
  const { ETH, BTC } = marketsOf(f);
  const trades = [
    { market: ETH.base, size: -wad(20) },
    { market: BTC.base, size: -wad("0.5") },
  ];
  return [{ ...range, liquidity: await liquidityFor(f, range, wad(4_000), usdc(40_000)) }, usdc(50_000), trades];
}

/** A hedged vault with two open markets, and the same positions held with no vault; an hour and some rounds later. */
export async function vaultAndDirect() {
  const f = await vaultWithHistory();
  const direct = await directBeside(f);
  const positions = await firstPositions(f);
  await hedgedPosition(f);
  const [range, margin, trades] = positions;
  // It trades second, at slightly worse prices, and must be able to pay as much out as the vault's leg.
  await direct.open(range, margin + usdc(500), trades);
  for (let quarter = 0; quarter < 4; quarter++) {
    await f.world.networkHelpers.time.increase(900);
    await refreshFeeds(f);
  }
  return { f, direct, held: range };
}

/** Another range about the price, with most of what the first one holds. */
export async function otherRange(f: Fixture): Promise<Liquidity> {
  const range = await rangeAround(f, 1.2);
  return { ...range, liquidity: await liquidityFor(f, range, wad(3_500), usdc(35_000)) };
}

/** Set to a number, each transaction's calls are printed to that depth. */
const DEPTH = Number(process.env.GAS_CALLS ?? 0);

async function gasUsed({ world }: Fixture, sent: Promise<ContractTransactionResponse>): Promise<number> {
  const transaction = await sent;
  const gas = Number((await transaction.wait())?.gasUsed);
  if (DEPTH > 0) console.log(await callsOf(world, transaction.hash, DEPTH));
  return gas;
}

/** Gas of an operation and of the same venue calls made directly, from one state and at one time. Leaves the state as it was. */
export async function sideBySide(
  f: Fixture,
  operation: () => Promise<ContractTransactionResponse>,
  direct?: () => Promise<ContractTransactionResponse>,
): Promise<{ gas: number; floor?: number }> {
  const { time, takeSnapshot } = f.world.networkHelpers;
  const at = (await time.latest()) + 12;
  const snapshot = await takeSnapshot();
  await time.setNextBlockTimestamp(at);
  const gas = await gasUsed(f, operation());
  await snapshot.restore();
  if (direct === undefined) return { gas };
  await time.setNextBlockTimestamp(at);
  const floor = await gasUsed(f, direct());
  await snapshot.restore();
  return { gas, floor };
}
