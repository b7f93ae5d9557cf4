import { pricesOf } from "../../../support/actions.js";
import type { Figure } from "../case.js";
import { vaultAndDirect } from "../direct.js";

/** Share of the venue's own account value that the NAV of a perp leg may cost. */
const MOST = { ratio: 0.75 };

/** The value of an account with two open markets, asked of the leg at given prices and of the venue at its own. */
export default async function perpNav(): Promise<Figure[]> {
  const { f, direct } = await vaultAndDirect();
  const { vault } = f.world.perp;
  const measure = f.perp.interface.encodeFunctionData("measure", [await pricesOf(f)]);
  const accountValue = vault.interface.encodeFunctionData("getAccountValue", [await f.perp.getAddress()]);
  const gas = Number(await direct.gasOf.staticCall(await f.perp.getAddress(), measure));
  const floor = Number(await direct.gasOf.staticCall(await vault.getAddress(), accountValue));
  return [{ name: "perp NAV of two markets, next to the venue's account value", gas, floor, most: MOST }];
}
