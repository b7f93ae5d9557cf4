import { createKeeper, type KeeperConfigInput, type PassResult } from "@crosshedge/keeper";
import { expect } from "chai";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
import { movePerp, movePool, reportRounds } from "../../scripts/devnet/venues.js";
import { depositBasket } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory, vaultWithoutHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectClose } from "./expect-close.js";

const GAS_LIMIT = 15_000_000;
const freshVault = reusable(vaultWithHistory);
const youngVault = reusable(vaultWithoutHistory);

async function keeperFor(f: Fixture, config: KeeperConfigInput = {}, who: "keeper" | "stranger" = "keeper") {
  const parts = await keeperParts(f.world, who);
  const keeper = await createKeeper({
    ...parts,
    vault: f.deployment,
    config: { ...config, execution: { gasLimit: GAS_LIMIT } },
  });
  return { keeper, ...parts };
}

/** All feeds, the pool and the perps at new prices, half an hour later. */
async function moveMarket(f: Fixture, prices: typeof START, minutes = 31): Promise<void> {
  const now = await f.world.networkHelpers.time.latest();
  await reportRounds(f.world, prices, now + minutes * 60);
  await movePool(f.world, "altUsdc", prices.ALT);
  await movePerp(f.world, "ETH", prices.ETH);
  await movePerp(f.world, "BTC", prices.BTC);
}

const actions = ({ orders }: PassResult) => orders.map(({ action }) => action);
const why = ({ reasons, refused }: PassResult) => [...reasons, refused?.message ?? ""].join("; ");

describe("keeper, against the real vault", () => {
  it("makes a hedged position from a plain deposit, as predicted, then rests", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { keeper, journal } = await keeperFor(f);
    const before = await f.rebalancer.epoch();
    const first = await keeper.pass();
    expect(first.action, why(first)).to.equal("rebalanced");
    expect(first.mismatches).to.deep.equal([]);
    const { outcome } = first.actual!;
    expectClose(outcome.varianceAfter, first.predicted!.gate!.varianceAfter, 0.001 * outcome.varianceAfter);
    expect(outcome.varianceAfter).to.be.below(0.6 * outcome.varianceUnhedged);
    expect(await f.rebalancer.epoch()).to.equal(before + 1n);
    const [event] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced());
    expect(event!.args.decisionHash).to.equal(first.decisionHash);
    const second = await keeper.pass();
    expect(second.action, why(second)).to.equal("nothing");
    expect((await journal.ticks({}, 10)).map(({ action }) => action)).to.deep.equal([
      "nothing",
      "nothing",
      "rebalance",
    ]);
  });

  it("makes the range anew after the price has left it, and hedges what it holds then", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { keeper } = await keeperFor(f);
    await keeper.pass();
    await moveMarket(f, { ...START, ALT: 7.7, ETH: 1900, BTC: 29_000 });
    const result = await keeper.pass();
    expect(result.action, why(result)).to.equal("rebalanced");
    expect(actions(result)).to.include.members(["burn", "swap", "mint"]);
    expect(result.mismatches).to.deep.equal([]);
    const again = await keeper.pass();
    expect(again.action, why(again)).to.equal("nothing");
  });

  it("adds margin alone, which the chain does not measure", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    await (await keeperFor(f)).keeper.pass();
    await moveMarket(f, START);
    const wider = { margin: { low: 0.6, target: 0.75, high: 1.5 }, liquidity: { manage: false } };
    const result = await (await keeperFor(f, wider)).keeper.pass();
    expect(actions(result), why(result)).to.deep.equal(["margin"]);
    expect(result.action, why(result)).to.equal("rebalanced");
  });

  it("shorts a dollar of ETH for a dollar of ALT where it is naive, and nothing where it shall not hedge", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { keeper } = await keeperFor(f, { hedge: { policy: "naive" } });
    const result = await keeper.pass();
    expect(result.action, why(result)).to.equal("rebalanced");
    expectClose(result.hedgeRatios["WETH"], 1, 0.01);
    const none = await (await keeperFor(f, { hedge: { policy: "none" } })).keeper.plan();
    expect(none.decision.orders.every((order) => order.action !== "size" || order.size > 0n)).to.equal(true);
  });

  it("folds the oracle's grid first, and then acts on it", async () => {
    const f = await youngVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { keeper } = await keeperFor(f);
    const planned = await keeper.plan();
    expect(planned.due).to.be.above(80);
    expect(planned.decision.reasons.join()).to.include("covariance oracle is not usable");
    const result = await keeper.pass();
    expect(result.poked).to.equal(planned.due);
    expect(await f.covariance.usable()).to.equal(true);
    expect(result.action, why(result)).to.equal("rebalanced");
  });

  it("never sends what the simulation refuses, and counts it by its name", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { keeper } = await keeperFor(f, {}, "stranger");
    const nonce = await f.world.signers.stranger.getNonce();
    const result = await keeper.pass();
    expect(result.action).to.equal("refused");
    expect(result.refused!.name).to.equal("AccessManagedUnauthorized");
    expect(keeper.refusals).to.deep.equal({ AccessManagedUnauthorized: 1 });
    expect(await f.world.signers.stranger.getNonce()).to.equal(nonce);
  });

  it("trades nothing on stale prices", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    await f.world.networkHelpers.time.increase(3 * 86_400);
    const { keeper } = await keeperFor(f);
    const result = await keeper.pass();
    expect(actions(result)).to.deep.equal([]);
    expect(result.reasons.join()).to.include("price");
  });

  it("goes on while a feed's proxy does not even tell its decimals", async () => {
    const f = await freshVault();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { ethers, deployment } = f.world;
    await ethers.provider.send("hardhat_setCode", [deployment.feeds.BTC, "0x5f5ffd"]);
    const { keeper } = await keeperFor(f);
    const { decision, observation } = await keeper.plan();
    expect(decision.action).to.equal("nothing");
    expect(observation.collateral.map(({ downMove }) => downMove)).to.deep.equal([null, null, null, null]);
    expect(observation.collateral[0]!.depeg).to.equal(0.02);
  });
});
