import type { NetworkConnection } from "hardhat/types/network";
import type { MarketMover } from "../generated/own/index.js";
import { MarketMover__factory } from "../generated/own/index.js";
import type { Signers } from "../signers.js";
import type { Feeds } from "./feeds.js";
import type { PerpContracts } from "./perp.js";
import type { Tokens } from "./tokens.js";

/** Free collateral that the arbitrageur keeps on Perp v2: a multiple of all liquidity there. */
export const ARBITRAGE_MARGIN = 10n ** 16n;
const ETHER_SUPPLY = 2n ** 100n;

/** The contract that plays the rest of the market: it may mint, report rounds and trade on margin. */
export async function deployMover(
  connection: NetworkConnection,
  { deployer, feedOwner, arbitrageur }: Signers,
  { tokens, feeds, perp }: { tokens: Tokens; feeds: Feeds; perp: PerpContracts },
): Promise<MarketMover> {
  const factory = new MarketMover__factory(arbitrageur);
  const mover = await factory.deploy(tokens.WETH, tokens.USDC, perp.clearingHouse, perp.vault);
  await connection.networkHelpers.setBalance(await mover.getAddress(), ETHER_SUPPLY);
  for (const token of [tokens.USDC, tokens.ALT, tokens.WBTC]) await token.connect(deployer).setMinter(mover, true);
  for (const { aggregator } of Object.values(feeds)) {
    await aggregator.changeOracles([], [mover], [feedOwner.address], 1, 1, 0);
  }
  await mover.step(ARBITRAGE_MARGIN, [], [], [], []);
  return mover;
}
