import type { TransactionReceipt } from "ethers";
import type { Prices } from "../devnet/assets.js";
import { ClearingHouse__factory, UniswapV3Pool__factory } from "../devnet/generated/index.js";
import type { World } from "../devnet/world.js";
import { dollars, fairPrices } from "./fair.js";
import type { CostParts } from "./record.js";
import type { DemoVault } from "./vaults.js";

/** What the local chain charges for gas is meaningless; this is what a rollup that carries these protocols asks. */
export const GAS_PRICE_GWEI = 0.1;

const house = ClearingHouse__factory.createInterface();
const pool = UniswapV3Pool__factory.createInterface();

/** USD that a number of gas units cost. */
export const gasCost = (gasUsed: bigint, { ETH }: Prices): number => Number(gasUsed) * GAS_PRICE_GWEI * 1e-9 * ETH;

/** What one accepted plan cost: the venues' fees, the rest of its loss at fair prices, settled funding, gas. USD. */
export async function costOf(
  world: World,
  { vault, liquidity }: DemoVault,
  receipt: TransactionReceipt,
  quote: Prices,
): Promise<CostParts> {
  const fair = fairPrices(quote);
  const [before, after] = await Promise.all([
    vault.measure(fair, { blockTag: receipt.blockNumber - 1 }),
    vault.measure(fair, { blockTag: receipt.blockNumber }),
  ]);
  const { fees, funding } = await venueCharges(world, liquidity, receipt, quote);
  return { fees, funding, impact: dollars(before.nav - after.nav) - fees, gas: gasCost(receipt.gasUsed, quote) };
}

async function venueCharges(
  world: World,
  leg: DemoVault["liquidity"],
  receipt: TransactionReceipt,
  { USDC, ALT, ETH }: Prices,
): Promise<{ fees: number; funding: number }> {
  const clearingHouse = await world.perp.clearingHouse.getAddress();
  const [poolAddress, legAddress, token0] = await Promise.all([leg.pool(), leg.getAddress(), leg.token0()]);
  const isAlt0 = token0 === (await world.tokens.ALT.getAddress());
  const usdc = await world.tokens.USDC.getAddress();
  const withUsdc = [token0, await leg.token1()].includes(usdc);
  const other = withUsdc ? { price: USDC, unit: 1e6 } : { price: ETH, unit: 1e18 };
  const sides = isAlt0 ? [{ price: ALT, unit: 1e18 }, other] : [other, { price: ALT, unit: 1e18 }];
  const feeRate = Number(await world.uniswap.pools[withUsdc ? "altUsdc" : "altWeth"].fee()) / 1e6;
  let [fees, funding] = [0, 0];
  for (const log of receipt.logs) {
    if (log.address === clearingHouse) {
      const event = house.parseLog(log);
      if (event?.name === "PositionChanged") fees += dollars(event.args.fee);
      if (event?.name === "FundingPaymentSettled") funding += dollars(event.args.fundingPayment);
    } else if (log.address === poolAddress) {
      const event = pool.parseLog(log);
      if (event?.name !== "Swap" || event.args.sender !== legAddress) continue;
      const paid = [event.args.amount0, event.args.amount1] as bigint[];
      const side = paid.findIndex((amount) => amount > 0n);
      fees += ((Number(paid[side]) * feeRate) / sides[side]!.unit) * sides[side]!.price;
    }
  }
  return { fees, funding };
}
