import { HedgeVault__factory, UniswapV3Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { MAX_SLIPPAGE } from "../../../scripts/deploy/parameters.js";
import { liquidityLegIn } from "../../support/actions.js";
import { keyOf } from "../faults/support/chain.js";
import { live } from "../faults/support/life.js";
import { type Desk, openDesk } from "./support.js";

const KEEPER = { key: keyOf("keeper") };

describe("runbook: leg replaced", function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it("empties the old leg, sees the new one without a restart, and works on it", async () => {
    const { chain, done } = desk;
    const { fixture } = chain;
    const { liquidity, deployment, world } = fixture;
    await done(["tick", "--all"], KEEPER);
    const fresh = await liquidityLegIn(fixture, world.deployment.uniswap.pools.altUsdc, 7, MAX_SLIPPAGE);
    const old = await liquidity.getAddress();
    const calls = HedgeVault__factory.createInterface();
    const remove = calls.encodeFunctionData("removeLeg", [old]);
    const add = calls.encodeFunctionData("addLeg", [fresh]);

    const node = (await chain.endpoint(2)).url;
    const running = await live({
      ...{ urls: [node], control: node, storage: { kind: "postgres", url: desk.storage }, key: KEEPER.key },
      ...{ vault: deployment.vault, multicall: chain.multicall, owner: "running", clock: await chain.clock() },
      ...{ blockEvery: null, config: { liquidity: { maxShare: 0 } }, lane: { finality: 0 } },
    });
    try {
      const legs = async () => (await running.keeper.plan()).observation.state.legs.map(({ address }) => address);
      expect(await legs()).to.include(old);
      // The new leg comes first, and the old one is emptied while the delay passes.
      await desk.announced(
        [
          [deployment.vault, add],
          [deployment.vault, remove],
        ],
        () => running.keeper.pass(),
      );
      expect(await liquidity.isEmpty()).to.equal(true);
      const { ticks } = await running.keeper.pass();
      expect(ticks.map(({ refused }) => refused)).to.deep.equal(ticks.map(() => null));
      expect(await legs())
        .to.include(fresh)
        .and.not.include(old);
      await running.lane.release();
    } finally {
      await running.close();
    }

    const back = await done(["tick", "--all"], KEEPER);
    expect(back)
      .to.include("provide liquidity")
      .and.match(/- short .* W(BTC|ETH)/);
    expect(await UniswapV3Leg__factory.connect(fresh, world.signers.alice).isEmpty()).to.equal(false);
    expect(await done(["doctor"], KEEPER)).to.include("parts belong together: as they should");
    expect(await done(["journal", "verify", "--chain"])).to.include("fits together");
  });
});
