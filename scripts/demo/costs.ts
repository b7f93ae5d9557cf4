import type { TransactionReceipt } from "ethers";
import { ASSETS, type Asset, DECIMALS, POOL_NAMES, POOLS, type Prices } from "../devnet/assets.js";
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
  { vault, deployment }: DemoVault,
  receipt: TransactionReceipt,
  quote: Prices,
): Promise<CostParts> {
  const fair = fairPrices(quote);
  const [before, after] = await Promise.all([
    vault.measure(fair, { blockTag: receipt.blockNumber - 1 }),
    vault.measure(fair, { blockTag: receipt.blockNumber }),
  ]);
  const { fees, funding } = await venueCharges(world, Object.values(deployment.legs), receipt, quote);
  return { fees, funding, impact: dollars(before.nav - after.nav) - fees, gas: gasCost(receipt.gasUsed, quote) };
}

/** Fees of swaps and perp trades that the vault's legs made, and the funding that was settled with them. */
async function venueCharges(
  world: World,
  legs: readonly string[],
  receipt: TransactionReceipt,
  quote: Prices,
): Promise<{ fees: number; funding: number }> {
  const clearingHouse = await world.perp.clearingHouse.getAddress();
  const pools = await poolsByAddress(world);
  let [fees, funding] = [0, 0];
  for (const log of receipt.logs) {
    const spot = pools.get(log.address);
    if (log.address === clearingHouse) {
      const event = house.parseLog(log);
      if (event?.name === "PositionChanged") fees += dollars(event.args.fee);
      if (event?.name === "FundingPaymentSettled") funding += dollars(event.args.fundingPayment);
    } else if (spot !== undefined) {
      const event = pool.parseLog(log);
      if (event?.name !== "Swap" || !legs.includes(event.args.sender)) continue;
      const paid = [event.args.amount0, event.args.amount1] as [bigint, bigint];
      const side = paid[0] > 0n ? 0 : 1;
      const asset = spot.assets[side];
      fees += (Number(paid[side]) / 10 ** DECIMALS[asset]) * quote[asset] * (spot.fee / 1e6);
    }
  }
  return { fees, funding };
}

/** The world's pools, each with its two assets in the pool's order. */
async function poolsByAddress({ uniswap, tokens }: World) {
  const symbols = { ETH: "WETH", BTC: "WBTC", ALT: "ALT", USDC: "USDC" } as const;
  const addresses = new Map<string, Asset>();
  for (const asset of ASSETS) addresses.set(await tokens[symbols[asset]].getAddress(), asset);
  const entries = POOL_NAMES.map(async (name) => {
    const { [name]: contract } = uniswap.pools;
    const pair = await Promise.all([contract.token0(), contract.token1()]);
    const assets = pair.map((token) => addresses.get(token) as Asset) as [Asset, Asset];
    return [await contract.getAddress(), { assets, fee: POOLS[name].fee }] as const;
  });
  return new Map(await Promise.all(entries));
}
