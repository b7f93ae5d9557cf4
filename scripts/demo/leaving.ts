import { createProgress } from "@crosshedge/keeper/report";
import type { Driver } from "../devnet/driver.js";
import type { PricePath } from "../devnet/path.js";
import type { World } from "../devnet/world.js";
import { dollars, fairPrices } from "./fair.js";
import { claimAll, leaveInKind, partOf, requestAll } from "./holder.js";
import type { Lane } from "./lanes.js";
import type { HolderTrips } from "./record.js";

/** How long the demo waits for the queue: two rounds of the slowest feed, and the settlements that they allow. */
export const LEAVING_HOURS = 60;

/**
 * Once the scored period is over: Dave goes through the queue while the keeper goes on, then Alice leaves in kind.
 * @param deposited What the vault began with, USD
 */
export async function leaveVault(
  world: World,
  { demo, keeper }: Lane,
  driver: Driver,
  path: PricePath,
  deposited: number,
): Promise<HolderTrips> {
  const worthNow = async (holder: "alice" | "dave") => {
    const fair = fairPrices(path.priceAt(driver.now));
    return (await partOf(world, demo, holder)) * dollars((await demo.vault.measure(fair)).nav);
  };
  const parts = { alice: await partOf(world, demo, "alice"), dave: await partOf(world, demo, "dave") };
  const worth = await worthNow("dave");
  const shares = await requestAll(world, demo);
  const progress = createProgress("The queue: until it is filled", LEAVING_HOURS);
  let hours = 0;
  const filled = async () => (await demo.vault.claimableRedeemRequest(0, world.signers.dave.address)) >= shares;
  while (hours < LEAVING_HOURS && !(await filled())) {
    for (let quarter = 0; quarter < 4; quarter++) await driver.step();
    await keeper?.pass();
    hours++;
    progress.update(hours);
  }
  progress.finish();
  const queue = await claimAll(world, demo, { shares, hours, worth, deposited: deposited * parts.dave });
  const last = { worth: await worthNow("alice"), deposited: deposited * parts.alice };
  return { queue, inKind: await leaveInKind(world, demo, last, path.priceAt(driver.now)) };
}
