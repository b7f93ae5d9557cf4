import { PriceOracle__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { EACAggregatorProxy__factory } from "../../../scripts/devnet/generated/factories/@chainlink/abi/v0.6/EACAggregatorProxy__factory.js";
import { FluxAggregator__factory } from "../../../scripts/devnet/generated/factories/@chainlink/abi/v0.6/FluxAggregator__factory.js";
import { setFeed } from "../../../scripts/devnet/world.js";
import { START } from "../../support/fixture.js";
import { openScene, type Scene } from "./support/scene.js";

describe("faults: the feeds", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(8);
  });
  afterEach(() => scene.end());

  const rounds = () => scene.aside(() => scene.chain.rounds(1));
  const once = async () => {
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge();
  };
  const sent = async () => (await scene.store.db.selectFrom("intents").selectAll().execute()).map(({ kind }) => kind);

  /** An aggregator of 8 decimals, or of a sequencer's state, that the feeds' owner reports to. */
  async function aggregator(decimals: number, least: bigint) {
    const { deployer, feedOwner } = scene.chain.fixture.world.signers;
    const factory = new FluxAggregator__factory(deployer);
    const flux = await factory.deploy(ZeroAddress, 0, 0, ZeroAddress, least, 2n ** 100n, decimals, "test");
    await flux.changeOracles([], [feedOwner.address], [feedOwner.address], 1, 1, 0);
    return flux.connect(feedOwner);
  }

  it("a stale oracle: nothing is traded on old prices, and the plan lands with the next rounds", async () => {
    await scene.chain.mine(1, 3 * 3_600);
    const life = await scene.keeper();
    const stale = await life.ticks(3);
    expect(stale.flatMap(({ codes }) => codes)).to.include("hold.prices");
    expect(await sent()).to.not.include("rebalance");
    await rounds();
    await life.ticks(7);
    await once();
  });

  it("a feed's phase changes between two ticks: the keeper goes on with the rounds of both", async () => {
    const life = await scene.keeper({ config: { hedge: { minTrade: 0.5 }, liquidity: { manage: false } } });
    await life.ticks(1);
    const { world } = scene.chain.fixture;
    await scene.aside(async () => {
      const next = await aggregator(8, 1n);
      await next.submit(1, BigInt(START.ETH) * 10n ** 8n);
      const { proxy } = world.feeds.ETH;
      await proxy.proposeAggregator(await next.getAddress());
      await proxy.confirmAggregator(await next.getAddress());
      for (const asset of ["ALT", "BTC", "USDC"] as const) await setFeed(world, asset, START[asset]);
    });
    expect((await life.ticks(1))[0]!.codes).to.not.include("hold.prices");
    const restarted = await scene.keeper({ owner: "test-1" });
    await restarted.ticks(6);
    await once();
  });

  it("a dead sequencer: nothing is traded until it is back and the grace is over", async () => {
    const { fixture } = scene.chain;
    const { deployer } = fixture.world.signers;
    const uptime = await scene.aside(async () => {
      const flux = await aggregator(0, 0n);
      const proxy = await new EACAggregatorProxy__factory(deployer).deploy(flux, ZeroAddress);
      await flux.submit(1, 1n);
      // The vault's oracle as it would be with this feed: where it stands is in its code alone.
      const sequencer = { feed: await proxy.getAddress(), grace: 1_800n };
      const twin = await new PriceOracle__factory(deployer).deploy(fixture.deployment.accessManager, sequencer, [], []);
      const code = await fixture.world.ethers.provider.getCode(twin);
      await scene.chain.request("hardhat_setCode", [await fixture.prices.getAddress(), code]);
      return flux;
    });
    const life = await scene.keeper();
    const dead = await life.ticks(2);
    expect(dead.flatMap(({ codes }) => codes)).to.include("hold.prices");
    await scene.aside(() => uptime.submit(2, 0n));
    await rounds();
    expect(
      (await life.ticks(2)).flatMap(({ codes }) => codes),
      "grace",
    ).to.include("hold.prices");
    expect(await sent()).to.not.include("rebalance");
    await scene.chain.mine(1, 1_800);
    await rounds();
    await life.ticks(7);
    await once();
  });
});
