import type { CrosshedgeVault } from "@crosshedge/sdk";
import { reportRounds } from "../../scripts/devnet/venues.js";
import { movePerp, movePool } from "../../scripts/devnet/world.js";
import { changeSettings, depositBasket, exitInKind, firstOrders } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { liquidityFor, orders, rangeAround, usdc, wad } from "../support/orders.js";
import { newRounds, request, settle } from "../support/queue.js";
import { later, limited, marketsOf, perpOf, poolOf, send } from "../support/rebalance.js";

const HOUR = 3_600;

/** A vault to which everything happens once, and the blocks between. */
export interface Eventful {
  f: Fixture;
  vault: CrosshedgeVault;
  /** Blocks: nothing but prices and funding between `quiet` and `busy`, everything else between `busy` and `end`. */
  blocks: { start: number; quiet: number; busy: number; end: number };
}

let made: Promise<Eventful> | undefined;

/** Made once for all tests that only read. */
export function eventful(): Promise<Eventful> {
  made ??= make();
  return made;
}

async function make(): Promise<Eventful> {
  const f = await vaultWithHistory();
  const { alice, bob, stranger, deployer } = f.world.signers;
  const block = () => f.world.ethers.provider.getBlockNumber();
  await changeSettings(f, { feeRecipient: deployer.address, managementFee: wad("0.02"), performanceFee: wad("0.1") });
  const start = await block();
  await depositBasket(f, alice, usdc(100_000), wad(5_000));
  await send(f, await firstOrders(f));
  const quiet = await block();

  await hours(f, 14);
  const busy = await block();

  await later(f, 1_200);
  await depositBasket(f, bob, usdc(4_000), wad(100));
  await changeOfRange(f);
  await f.vault.connect(bob).transfer(stranger, wad(500));
  await exitInKind(f, alice, wad(20_000));
  await f.world.networkHelpers.time.increase(30 * HOUR);
  await reportRounds(f.world, { ...START, ALT: START.ALT * 1.15 }, (await f.world.networkHelpers.time.latest()) + 1);
  await movePool(f.world, "altUsdc", START.ALT * 1.15);
  await f.vault.accrueFees();
  await later(f, 1_200);
  await request(f, bob, wad(2_000));
  await newRounds(f);
  await settle(f);
  await f.vault.connect(bob).redeem(await f.vault.maxRedeem(bob), bob, bob);
  await request(f, bob, wad(300));
  await f.vault.connect(bob).cancelRedeemRequest(wad(100), bob, bob);
  await later(f, HOUR);
  const end = await block();
  return { f, vault: await connect(f), blocks: { start, quiet, busy, end } };
}

/** Prices that wander by the hour, pools and perps that follow. */
async function hours(f: Fixture, count: number): Promise<void> {
  const { time } = f.world.networkHelpers;
  for (let hour = 1; hour <= count; hour++) {
    const wave = Math.sin(hour * 2.1) * 0.02;
    const prices = {
      USDC: 1,
      ALT: START.ALT * (1 + wave * 1.2),
      ETH: START.ETH * (1 + wave),
      BTC: START.BTC * (1 + wave * 0.7),
    };
    await reportRounds(f.world, prices, (await time.latest()) + HOUR);
    await movePool(f.world, "altUsdc", prices.ALT);
    if (hour % 7 === 0) await movePerp(f.world, "ETH", prices.ETH * 1.01);
  }
}

/** The keeper takes its liquidity out, swaps, provides it elsewhere, trades both hedges and takes margin home. */
async function changeOfRange(f: Fixture): Promise<void> {
  await limited(f, { maxLoss: wad("0.01"), maxVolatility: wad(10), minHedge: 0n, hedgeFloor: wad(10) });
  const [, , liquidity] = await f.liquidity.position();
  const [ETH, BTC] = [marketsOf(f).ETH.base, marketsOf(f).BTC.base];
  const range = await rangeAround(f, 1.4);
  await send(f, [
    orders.burn(poolOf(f), liquidity),
    orders.swap(poolOf(f), (await f.liquidity.token0()) !== (await f.world.tokens.USDC.getAddress()), wad(100)),
    orders.mint(poolOf(f), range, await liquidityFor(f, range, wad(3_000), usdc(30_000))),
    orders.size(perpOf(f), ETH, wad(4)),
    orders.size(perpOf(f), BTC, -wad("0.1")),
    orders.margin(perpOf(f), -usdc(1_000)),
  ]);
}
