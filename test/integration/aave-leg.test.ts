import { freeAaveVault, shortPosition } from "../support/aave.js";
import { pricesOf, exitInKind } from "../support/actions.js";
import { reusable } from "../support/reusable.js";
const fixture = reusable(freeAaveVault);
describe("explore", () => {
  it("x", async () => {
    const f = await fixture();
    const shares = await shortPosition(f);
    const p = await pricesOf(f);
    console.log(await f.leg.measure(p), await f.leg.marginRatio(p), await f.leg.cash());
    console.log(await f.venue.pool.getUserAccountData(f.leg));
    for (const m of await f.leg.markets()) console.log(m, await f.leg.position(m[0]), await f.leg.quote(m[0]));
    const r = await (await exitInKind(f, f.world.signers.alice, shares / 3n)).wait();
    console.log(r!.gasUsed);
    await exitInKind(f, f.world.signers.alice, shares - shares / 3n);
    console.log(await f.leg.isEmpty(), await f.leg.cash());
  });
});
