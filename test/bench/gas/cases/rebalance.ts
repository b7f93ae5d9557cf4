import { PUBLIC_LIMITS, percent } from "../../../../scripts/deploy/parameters.js";
import { depositBasket, firstOrders } from "../../../support/actions.js";
import { type Fixture, vaultWithHistory } from "../../../support/fixture.js";
import { type EncodedOrder, orders, planOf, usdc, wad } from "../../../support/orders.js";
import {
  later,
  marketsOf,
  perpOf,
  poolOf,
  publicLimited,
  strangerOf,
  thinPosition,
  unhedgedPosition,
  usdcFirst,
} from "../../../support/rebalance.js";
import type { Figure } from "../case.js";
import { directBeside, firstPositions, otherRange, sideBySide, vaultAndDirect } from "../direct.js";

/** Share of the floor that a plan may cost, measured before and after, each order guarded; and what it should. */
const MOST = { ratio: 1.5 };
const GOAL = { ratio: 1.35 };

export default async function rebalance(): Promise<Figure[]> {
  return [...(await ofKeeper()), await first(), await hedge(), await deleverage()];
}

/** The sender of a plan made for the state of now. */
async function planned(f: Fixture, ...list: EncodedOrder[]) {
  const plan = await planOf(f, list);
  return () => f.rebalancer.rebalance(plan);
}

/** A new range and a larger short, with and without a swap; then orders one by one. */
async function ofKeeper(): Promise<Figure[]> {
  const { f, direct, held } = await vaultAndDirect();
  const { ETH } = marketsOf(f);
  const to = await otherRange(f);
  const trades = [{ market: ETH.base, size: -wad(1) }];
  const [zeroForOne, swapped, added] = [await usdcFirst(f), usdc(1_000), usdc(1_000)];
  const burn = orders.burn(poolOf(f), held.liquidity);
  const swap = orders.swap(poolOf(f), zeroForOne, swapped);
  const mint = orders.mint(poolOf(f), to, to.liquidity);
  const size = orders.size(perpOf(f), ETH.base, -wad(1));
  const margin = orders.margin(perpOf(f), added);
  const shift = (amountIn: bigint) => () => direct.shift(held, to, zeroForOne, amountIn, trades);
  return [
    {
      name: "rebalance: another range, one size",
      ...(await sideBySide(f, await planned(f, burn, mint, size), shift(0n))),
      most: MOST,
      goal: GOAL,
    },
    {
      name: "rebalance: another range after a swap, one size",
      ...(await sideBySide(f, await planned(f, burn, swap, mint, size), shift(swapped))),
      most: MOST,
      goal: GOAL,
    },
    { name: "rebalance: size alone", ...(await sideBySide(f, await planned(f, size), () => direct.trade(trades))) },
    {
      name: "rebalance: margin alone",
      ...(await sideBySide(f, await planned(f, margin), () => direct.addMargin(added))),
    },
    { name: "rebalance: burn alone", ...(await sideBySide(f, await planned(f, burn), () => direct.burn(held))) },
  ];
}

async function first(): Promise<Figure> {
  const f = await vaultWithHistory();
  const direct = await directBeside(f);
  await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  const positions = await firstPositions(f);
  const plan = await planned(f, ...(await firstOrders(f)));
  return { name: "rebalance: first plan", ...(await sideBySide(f, plan, () => direct.open(...positions))) };
}

async function hedge(): Promise<Figure> {
  const f = await vaultWithHistory();
  await unhedgedPosition(f);
  await publicLimited(f, { alarmVolatility: percent(25) });
  await strangerOf(f).raiseAlarm();
  await later(f, PUBLIC_LIMITS.grace as bigint);
  const list = [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(7))];
  return { name: "hedge: a stranger's first short", ...(await sideBySide(f, () => strangerOf(f).hedge(list))) };
}

async function deleverage(): Promise<Figure> {
  const f = await vaultWithHistory();
  await thinPosition(f);
  const { liquidity } = await f.liquidity.position();
  const list = [orders.burn(poolOf(f), (liquidity * 80n) / 1_000n), orders.margin(perpOf(f), usdc(4_700))];
  return { name: "deleverage: burn into margin", ...(await sideBySide(f, () => strangerOf(f).deleverage(list))) };
}
