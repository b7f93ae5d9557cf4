import { createKeeper, type KeeperConfigInput, type PassResult } from "@crosshedge/keeper";
import { prepareClaim, prepareRequestRedeem, readReport, redemption, send } from "@crosshedge/sdk";
import { expect } from "chai";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
import { connect } from "../support/connect.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc } from "../support/orders.js";
import { newRounds, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

describe("keeper: the redemption queue, against the real vault", () => {
  async function keeperOf(f: Fixture, config: KeeperConfigInput = {}) {
    return createKeeper({
      ...(await keeperParts(f.world, "keeper")),
      vault: f.deployment,
      config: { ...config, execution: { gasLimit: 15_000_000 } },
    });
  }
  const kinds = (result: PassResult) =>
    result.duties.flatMap(({ kind, transaction }) => (transaction === null ? [] : [kind]));

  it("settles what waits once newer rounds are there, and not before", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f);
    const keeper = await keeperOf(f, { hedge: { minTrade: 0.5 }, liquidity: { manage: false } });
    await send(await prepareRequestRedeem(vault, { account: bob.address, shares: bobs }), bob);
    const before = await keeper.pass();
    expect(kinds(before)).to.deep.equal([]);
    await newRounds(f);
    const after = await keeper.pass();
    expect(kinds(after), JSON.stringify(after.duties.map(({ refused }) => refused))).to.deep.equal(["settle"]);
    const { claimable } = await redemption(vault, bob.address);
    expect(claimable).to.be.within(bobs - 2n, bobs);
    const { assets } = await send(await prepareClaim(vault, { account: bob.address }), bob);
    expect(assets).to.be.within(usdc(4_850), usdc(5_000));
    expect(kinds(await keeper.pass())).to.deep.equal([]);
  });

  it("raises the cash for a claim that idle tokens do not cover, and pays it", async () => {
    const f = await fixture();
    const { alice } = f.world.signers;
    await withBob(f);
    const vault = await connect(f);
    const keeper = await keeperOf(f);
    const shares = (await f.vault.balanceOf(alice)) / 2n;
    await send(await prepareRequestRedeem(vault, { account: alice.address, shares }), alice);
    await newRounds(f);
    let paid = 0n;
    for (let pass = 0; pass < 4; pass++) {
      const result = await keeper.pass();
      expect(result.action, result.reasons.join("; ") + (result.refused?.message ?? "")).to.be.oneOf([
        "rebalanced",
        "nothing",
      ]);
      expect(result.mismatches).to.deep.equal([]);
      const { claimable, pending } = await redemption(vault, alice.address);
      if (claimable > 0n) paid += (await send(await prepareClaim(vault, { account: alice.address }), alice)).assets;
      if (pending === 0n) break;
      await f.world.networkHelpers.time.increase(400);
      await newRounds(f);
    }
    expect((await redemption(vault, alice.address)).pending).to.be.within(0n, shares / 1_000n);
    expect(paid).to.be.within(usdc(70_000), usdc(76_000));
    const { hedgeRatio } = await readReport(vault);
    expect((hedgeRatio ?? 0n) > 3n * 10n ** 17n, "what is left is hedged").to.equal(true);
  });

  it("gives a sign of life when there is nothing to do, and keeps the cooldown", async () => {
    const f = await fixture();
    await withBob(f);
    const { limits } = await (await connect(f)).readState();
    await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...limits, cooldown: 300n });
    const keeper = await keeperOf(f);
    const first = await keeper.pass();
    expect(first.action, first.reasons.join("; ") + (first.refused?.message ?? "")).to.equal("rebalanced");
    const soon = await keeper.plan();
    expect(soon.decision.reasons.join()).to.match(/the cooldown lasts \d+ more seconds/);
    const sign = await f.rebalancer.lastSign();
    await f.world.networkHelpers.time.increase(6_000);
    await newRounds(f);
    const later = await keeper.pass();
    expect(later.action, later.reasons.join("; ")).to.equal("nothing");
    expect(kinds(later)).to.deep.equal(["heartbeat"]);
    expect((await f.rebalancer.lastSign()) > sign + 5_000n).to.equal(true);
    expect(kinds(await keeper.pass())).to.deep.equal([]);
  });
});
