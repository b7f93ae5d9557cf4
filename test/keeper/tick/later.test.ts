import { expect } from "chai";
import { createLane } from "../../../keeper/src/lane/create-lane.js";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { walletOf } from "../../../scripts/devnet/keeper-parts.js";
import { START } from "../../support/fixture.js";
import { deposited, keeperOf, moveMarket } from "./support.js";

/** A keeper whose ticks do not wait for blocks. */
async function impatient(f: Awaited<ReturnType<typeof deposited>>) {
  const { provider } = f.world.ethers;
  const { journal } = await openStore({ kind: "memory" });
  const config = { finality: 0, watchSeconds: 0 };
  const wallet = walletOf(f.world, "keeper");
  const lane = await createLane({ provider, wallet, chainId: 31_337, journal, owner: "impatient", config });
  return keeperOf(f, {}, { journal, lane });
}

describe("keeper: a plan that lands after its tick", () => {
  for (const [what, moves] of [
    ["that the vault is as planned", false],
    ["that it is not", true],
  ] as const) {
    it(`is compared with the vault once it has landed: ${what}`, async () => {
      const f = await deposited();
      const { provider } = f.world.ethers;
      const { keeper } = await impatient(f);
      await provider.send("evm_setAutomine", [false]);
      const sent = await keeper.tick();
      expect([sent.kind, sent.state]).to.deep.equal(["rebalance", "inFlight"]);
      await provider.send("evm_mine", []);
      await provider.send("evm_setAutomine", [true]);
      if (moves) await moveMarket(f, { ...START, ALT: 7, ETH: 1700, BTC: 27_000 });
      const { mismatches } = await keeper.tick();
      if (moves) expect(mismatches.join()).to.contain("predicted was");
      else expect(mismatches).to.deep.equal([]);
      expect((await keeper.tick()).mismatches).to.deep.equal([]);
    });
  }
});
