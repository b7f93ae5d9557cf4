import { createKeeper, type KeeperConfigInput } from "@crosshedge/keeper";
import { expect } from "chai";
import type { Provider } from "ethers";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { buildPlan } from "../../keeper/src/plan/build-plan.js";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
import { movePerp, perpPrice } from "../../scripts/devnet/venues.js";
import { depositBasket, refreshFeeds } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectClose } from "./expect-close.js";

const HOUR = 3_600;
/** Of ETH's market over its index. */
const PREMIUM = 0.002;
const RATE = PREMIUM * 365;

const fixture = reusable(async () => {
  const f = await vaultWithHistory();
  await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
  return f;
});

/** A keeper that only plans, and how many requests of each kind it made. */
async function plannerFor(f: Fixture, config: KeeperConfigInput = {}, change: Partial<Provider> = {}) {
  const calls: Record<string, number> = {};
  const provider = new Proxy(f.world.ethers.provider as unknown as Provider, {
    get(target, key) {
      const value = Reflect.get(change, key) ?? Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        calls[String(key)] = (calls[String(key)] ?? 0) + 1;
        return value.apply(target, given);
      };
    },
  });
  const parts = await keeperParts(f.world, "keeper");
  const keeper = await createKeeper({ ...parts, provider, vault: f.deployment, config });
  const eth = f.world.deployment.perp.markets.ETH.base;
  const expected = async () => {
    const planned = await keeper.plan();
    return { ...planned, eth: planned.observation.funding[f.deployment.legs.perp as string]![eth]! };
  };
  return { expected, calls };
}

/** Somebody trades ETH's market far above its index, so that its funding is settled. */
async function tradeAbove(f: Fixture, times: number, hours: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const high = (await perpPrice(f.world, "ETH")) > START.ETH * (1 + PREMIUM);
    await movePerp(f.world, "ETH", START.ETH * (1 + PREMIUM * (high ? 0.9 : 1.1)));
    await f.world.networkHelpers.time.increase(hours * HOUR);
  }
}

describe("keeper's view of funding, against the real venue", () => {
  it("learns it over a day of passes, and shorts more where the market stands above its index", async () => {
    const f = await fixture();
    const { expected, calls } = await plannerFor(f);
    await tradeAbove(f, 2, 0.5);
    await refreshFeeds(f);
    expect((await expected()).eth.rate!).to.be.within(0, 0.05 * RATE);
    for (let hour = 0; hour < 24; hour++) {
      await tradeAbove(f, 1, 1);
      await refreshFeeds(f);
      await expected();
    }
    const { observation, decision, eth } = await expected();
    expect(calls["getLogs"]).to.equal(25);
    // One day of it after thirty without any.
    expect(eth.rate!).to.be.within(0.1 * RATE, 0.5 * RATE);
    expect(decision.reasons.join()).to.match(/WETH brings \$\d+, funding \d+\.\d% \(forecast from 3\d days\)/);

    const short = (funding: typeof observation.funding) =>
      buildPlan({ ...observation, funding }, parseConfig()).predicted!.hedgeExposure[2]!;
    expect(short(observation.funding) < short({})).to.equal(true);
  });

  it("knows the past of a market at the first pass from the venue's logs", async () => {
    const f = await fixture();
    await tradeAbove(f, 64, 12);
    await refreshFeeds(f);
    const { expected, calls } = await plannerFor(f);
    const { eth, observation } = await expected();
    expect(eth.basis).to.match(/^forecast from \d\d days$/);
    expectClose(eth.rate!, RATE, 0.1 * RATE);
    expect(calls["getLogs"]).to.equal(1);
    expect(observation.funding[f.deployment.legs.perp as string]).to.have.property(
      f.world.deployment.perp.markets.BTC.base,
    );
  });

  it("plans without a past that the node does not give, says so, and asks again", async () => {
    const f = await fixture();
    await tradeAbove(f, 1, 1);
    await refreshFeeds(f);
    let refuse = true;
    const { provider } = f.world.ethers;
    const getLogs: Provider["getLogs"] = async (filter) => {
      if (refuse) throw new Error("query returned more than 10000 results");
      return provider.getLogs(filter);
    };
    const { expected } = await plannerFor(f, { execution: { logRange: 5_000 } }, { getLogs });
    const { eth, decision } = await expected();
    expect(eth.rate).to.equal(null);
    expect(eth.basis).to.match(/^the venue's logs could not be read \(.*execution\.logRange/);
    expect(decision.action).to.equal("rebalance");
    expect(decision.reasons.join()).to.match(/WETH is not known \(.*logs could not be read.*counts as zero/);
    refuse = false;
    expect((await expected()).eth.basis).to.match(/^forecast from/);
    refuse = true;
    await refreshFeeds(f);
    expect((await expected()).eth.basis).to.match(/^forecast from .*; the venue's logs could not be read/);
  });

  it("plans while it still reads the past, a part at each pass, and then expects what one that reads all at once does", async () => {
    const f = await fixture();
    await tradeAbove(f, 24, 1);
    await refreshFeeds(f);
    const logRange = Math.ceil((await f.world.ethers.provider.getBlockNumber()) / 7);
    const { expected, calls } = await plannerFor(f, { execution: { logRange, logRequests: 2 } });
    let now = await expected();
    expect(now.eth).to.include({ rate: null });
    expect(now.decision.action).to.equal("rebalance");
    expect(now.decision.reasons.join()).to.match(
      /WETH is not known \(the venue's logs are read up to \d{4}-\d\d-\d\dT\d\d:\d\dZ, a part at each pass\) and counts as zero/,
    );
    const without = buildPlan({ ...now.observation, funding: {} }, parseConfig());
    expect(now.decision.predicted!.hedgeExposure).to.deep.equal(without.predicted!.hedgeExposure);
    let passes = 1;
    for (; now.eth.rate === null; passes++) {
      now = await expected();
      expect(calls["getLogs"]).to.be.at.most(2 * (passes + 1));
    }
    expect(passes).to.be.above(2);
    const { eth } = await (await plannerFor(f)).expected();
    expect(eth.basis).to.match(/^forecast from/);
    expect(now.eth).to.deep.equal(eth);
  });
});
