import { createKeeper, type KeeperConfigInput, type TickResult } from "@crosshedge/keeper";
import { expect } from "chai";
import type { World } from "../../scripts/devnet/world.js";
import { depositBasket } from "../support/actions.js";
import { type Fixture, vaultWithHistory, vaultWithoutHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";

const GAS_LIMIT = 15_000_000;

async function keeperFor(f: Fixture, config: KeeperConfigInput = {}) {
  return createKeeper({
    provider: f.world.ethers.provider,
    signer: f.world.signers.keeper,
    vault: f.deployment,
    multicall: await f.world.multicall.getAddress(),
    config: { ...config, execution: { gasLimit: GAS_LIMIT } },
  });
}

function show(result: TickResult): string {
  return JSON.stringify({ ...result, orders: result.orders.map(({ reason }) => reason) }, (_, v) => (typeof v === "bigint" ? v.toString() : v), 1);
}

describe("keeper, against the real vault", () => {
  it("provides liquidity, margin and shorts from a plain deposit, then rests", async () => {
    const f = await vaultWithHistory();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const keeper = await keeperFor(f);
    const first = await keeper.tick();
    expect(first.action, show(first)).to.equal("rebalanced");
    expect(first.mismatches).to.deep.equal([]);
    const second = await keeper.tick();
    expect(second.action, show(second)).to.equal("nothing");
    console.log(show(first));
  });
});
