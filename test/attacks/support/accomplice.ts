import { MaxUint256 } from "ethers";
import { fund, movePerp, movePool } from "../../../scripts/devnet/world.js";
import type { Fixture } from "../../support/fixture.js";
import { wad } from "../../support/orders.js";
import type { Owner } from "./ledger.js";

/**
 * The strongest accomplice that there can be: all liquidity of every pool and perp market is his, and so is the contract that moves them. What
 * the vault loses to a market he gains, but for what the perp venue's insurance takes of its fees.
 */
export async function wholeMarket(f: Fixture): Promise<Owner[]> {
  const { mover, signers } = f.world;
  if (mover === undefined) throw new TypeError("nobody moves this world's markets");
  // So much that the contract has to mint nothing, and its balances tell what it gained.
  await fund(f.world, await mover.getAddress(), {
    USDC: 10n ** 15n,
    ALT: wad(10 ** 8),
    WETH: wad(10 ** 5),
    WBTC: 10n ** 12n,
  });
  await thinMarket(f);
  return [mover, signers.maker, signers.keeper];
}

/** Part of the perp market's liquidity that stays: in a thin market it costs little to hold the price off. */
const STAYS = 50n;

async function thinMarket(f: Fixture): Promise<void> {
  const { clearingHouse, orderBook, markets } = f.world.perp;
  const { maker } = f.world.signers;
  const { base } = markets.ETH;
  const [id] = await orderBook.getOpenOrderIds(maker, base);
  const { lowerTick, upperTick, liquidity } = await orderBook.getOpenOrderById(id as string);
  await clearingHouse.connect(maker).removeLiquidity({
    baseToken: base,
    lowerTick,
    upperTick,
    liquidity: liquidity - liquidity / STAYS,
    minBase: 0,
    minQuote: 0,
    deadline: MaxUint256,
  });
}

/** The accomplice moves the ALT pool to a multiple of a price. */
export const pushPool = async (f: Fixture, price: number, factor = 1): Promise<void> =>
  movePool(f.world, "altUsdc", price * factor);

/** The accomplice moves the perp market of ETH to a multiple of a price. */
export const pushPerp = async (f: Fixture, price: number, factor = 1): Promise<void> =>
  movePerp(f.world, "ETH", price * factor);
