import { type CrosshedgeVault, queueOutlook, readSettlement } from "@crosshedge/sdk";
import { expect } from "chai";
import { movePool } from "../../scripts/devnet/world.js";
import { WIDEST_BAND } from "../../sdk/src/constants.js";
import { changeSettings } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { emptyBlock } from "./preparing.js";

const fixture = reusable(async () => {
  const f = await vaultWithHistory();
  return { ...f, ...(await withBob(f)) };
});
const DAY = 86_400;

describe("sdk: what the redemption queue can expect", () => {
  let f: Awaited<ReturnType<typeof fixture>>;
  let vault: CrosshedgeVault;

  beforeEach(async () => {
    f = await fixture();
    vault = await connect(f);
  });

  /** What is foretold at a time, and what a settlement does at that very time. */
  async function foretoldAndDone() {
    const block = await emptyBlock(f);
    const state = await vault.readState();
    const [outlook, simulated] = [queueOutlook(state), await readSettlement(vault, state)];
    await block.back();
    await block.next();
    const { shares, assets } = await settle(f);
    return { outlook, simulated, done: { shares, assets } };
  }

  it("is what a settlement fills, share for share: all of it, or as far as the cash goes", async () => {
    const { alice, bob } = f.world.signers;
    await changeSettings(f, { managementFee: wad("0.02"), feeRecipient: f.world.signers.stranger.address });
    await f.world.networkHelpers.time.increase(DAY / 2);
    await request(f, bob, f.bobs / 10n);
    await newRounds(f);
    const small = await foretoldAndDone();
    expect(small.outlook).to.include({ fillable: small.done.shares, assets: small.done.assets, fraction: wad(1) });
    expect(small.simulated).to.include({ ...small.done, fraction: wad(1), refusal: null });
    expect(small.done.shares).to.equal(f.bobs / 10n);

    await request(f, alice, f.alices / 2n);
    await newRounds(f);
    const { outlook, simulated, done } = await foretoldAndDone();
    expect(outlook).to.include({ fillable: done.shares, assets: done.assets });
    expect(simulated).to.include({ ...done, fraction: outlook.fraction });
    expect(outlook.fraction !== null && outlook.fraction > 0n && outlook.fraction < wad("0.5")).to.equal(true);
    expect(outlook.assets > 0n && outlook.obstacles.length === 0).to.equal(true);
  });

  it("tells from the vault what is not due yet, and by when it will be", async () => {
    await request(f, f.world.signers.bob, f.bobs / 10n);
    const state = await vault.readState();
    const outlook = queueOutlook(state);
    const { shares, fraction } = await readSettlement(vault, state);
    expect([outlook.fraction, shares, fraction]).to.deep.equal([wad(1), 0n, 0n]);
    expect(outlook.pricedAt <= (outlook.since ?? 0)).to.equal(true);
    expect(outlook.newPricesBy).to.be.above(state.block.timestamp);
    await f.world.networkHelpers.time.increaseTo(outlook.newPricesBy - 60);
    await newRounds(f);
    const due = await vault.readState();
    expect(queueOutlook(due).pricedAt > (outlook.since ?? 0)).to.equal(true);
    expect((await readSettlement(vault, due)).fraction).to.equal(wad(1));
  });

  it("knows what a request would be told that joins", async () => {
    const state = await vault.readState();
    expect(queueOutlook(state)).to.include({ shares: 0n, fraction: null, since: null });
    const joined = queueOutlook(state, f.alices);
    expect(joined.shares).to.equal(f.alices);
    expect(joined.anybodyMaySettleAt).to.equal(state.block.timestamp + Number(state.settings.maxWait));
    await request(f, f.world.signers.alice, f.alices);
    expect(queueOutlook(await vault.readState()).fillable - joined.fillable < wad(1)).to.equal(true);
  });

  it("does not wait for the prices of assets that hardly count, and names a band that is too wide", async () => {
    const state = await vault.readState();
    const { block, nav } = state;
    const [first, ...others] = state.assets;
    if (first === undefined) throw new TypeError("no assets");
    // A millionth of the NAV, priced long ago, by a feed that may stay silent for long.
    const feed = { ...first.feed, heartbeat: 2n * 10n ** 9n };
    const dust = { ...first, feed, updatedAt: 1, exposure: nav.mid / 1_000_000n };
    const outlook = queueOutlook({ ...state, assets: [dust, ...others] });
    expect(outlook.pricedAt > 1 && outlook.newPricesBy < block.timestamp + 365 * DAY).to.equal(true);
    const counted = queueOutlook({ ...state, assets: [{ ...dust, exposure: -nav.mid }, ...others] });
    expect([counted.pricedAt, counted.newPricesBy]).to.deep.equal([1, 2 * 10 ** 9 + 1]);

    const widest = (nav.mid * WIDEST_BAND) / wad(1);
    const obstacles = (half: bigint) => queueOutlook({ ...state, nav: { ...nav, half } }).obstacles;
    expect([obstacles(widest), obstacles(widest + 1n)]).to.deep.equal([[], ["BAND_TOO_WIDE"]]);
  });

  it("names what stands in the way, and the vault says so too", async () => {
    await request(f, f.world.signers.bob, f.bobs / 10n);
    await newRounds(f);
    await movePool(f.world, "altUsdc", START.ALT * 1.08);
    const off = await vault.readState();
    expect(queueOutlook(off)).to.deep.include({ obstacles: ["POOL_DISAGREES"], fillable: 0n, fraction: 0n });
    expect((await readSettlement(vault, off)).refusal?.revert).to.have.property("name", "PoolDisagrees");

    await f.world.networkHelpers.time.increase(30 * DAY);
    const dead = await vault.readState();
    expect(queueOutlook(dead)).to.deep.include({ obstacles: ["BAD_PRICE"], price: null });
    // It has waited so long that anybody may settle: nothing is overridden.
    expect((await readSettlement(vault, dead)).refusal?.revert).to.have.property("name", "BadPrice");

    await changeSettings(f, { minCash: wad("0.2") });
    await newRounds(f);
    await movePool(f.world, "altUsdc", START.ALT);
    await f.world.networkHelpers.time.increase(1_800);
    const poor = await vault.readState();
    expect(queueOutlook(poor)).to.deep.include({ obstacles: ["NO_CASH"], fillable: 0n });
    expect(await readSettlement(vault, poor)).to.include({ shares: 0n, refusal: null });
  });
});
