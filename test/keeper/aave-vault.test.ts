import { createKeeper } from "@crosshedge/keeper";
import { expect } from "chai";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
import { accountOf, hedgedAaveVault } from "../support/aave.js";
import { depositBasket, exitInKind } from "../support/actions.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectClose } from "./expect-close.js";

const fixture = reusable(hedgedAaveVault);

describe("keeper, against a vault that hedges on Aave", () => {
  it("makes a hedged position from a plain deposit, as predicted, then rests", async () => {
    const f = await fixture();
    const shares = await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const keeper = await createKeeper({
      ...(await keeperParts(f.world, "keeper")),
      vault: f.deployment,
      config: { execution: { gasLimit: 15_000_000 } },
    });
    const first = await keeper.pass();
    expect(first.action, [...first.reasons, first.refused?.message].join("; ")).to.equal("rebalanced");
    expect(first.mismatches).to.deep.equal([]);
    const { outcome } = first.actual!;
    expectClose(outcome.varianceAfter, first.predicted!.gate!.varianceAfter, 0.01 * outcome.varianceAfter);
    const { ETH, BTC, ALT } = await accountOf(f);
    // Which of them depends on the history of prices, which goes on from fixture to fixture.
    expect([ETH, BTC, ALT].filter((debt) => debt > 0n).length).to.be.at.least(2);
    expect(outcome.varianceAfter).to.be.below(0.2 * outcome.varianceUnhedged);
    const second = await keeper.pass();
    expect(second.action, [...second.reasons, second.refused?.message].join("; ")).to.equal("nothing");
    await exitInKind(f, f.world.signers.alice, shares);
    expect(await f.leg.isEmpty()).to.equal(true);
  });
});
