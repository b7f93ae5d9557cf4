import { createKeeper, type KeeperConfigInput, type KeeperOptions } from "@crosshedge/keeper";
import { keeperParts } from "../../../scripts/devnet/keeper-parts.js";
import { movePerp, movePool, reportRounds } from "../../../scripts/devnet/venues.js";
import { depositBasket } from "../../support/actions.js";
import { type Fixture, type START, vaultWithHistory } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";
import { reusable } from "../../support/reusable.js";

export const GAS_LIMIT = 15_000_000;

/** A vault with history, in which Alice has just put $200,000 that nobody hedges. */
export const deposited = reusable(async () => {
  const f = await vaultWithHistory();
  await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
  return f;
});

/** A keeper of the fixture's vault, and what it was made of. */
export async function keeperOf(f: Fixture, config: KeeperConfigInput = {}, options: Partial<KeeperOptions> = {}) {
  const parts = { ...(await keeperParts(f.world, "keeper")), ...options };
  const execution = { gasLimit: GAS_LIMIT, ...config.execution };
  const keeper = await createKeeper({ ...parts, vault: f.deployment, config: { ...config, execution } });
  return { keeper, ...parts };
}

/** All feeds, the pool and the perps at new prices, half an hour later. */
export async function moveMarket(f: Fixture, prices: typeof START, minutes = 31): Promise<void> {
  const now = await f.world.networkHelpers.time.latest();
  await reportRounds(f.world, prices, now + minutes * 60);
  await movePool(f.world, "altUsdc", prices.ALT);
  await movePerp(f.world, "ETH", prices.ETH);
  await movePerp(f.world, "BTC", prices.BTC);
}
