import { type CrosshedgeVault, decodeError, keeperLiveness } from "@crosshedge/sdk";
import { expect } from "chai";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { connect } from "../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, wad } from "../support/orders.js";
import {
  later,
  marketsOf,
  perpOf,
  publicLimited,
  strangerOf,
  thinPosition,
  unhedgedPosition,
} from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

describe("sdk: keeper liveness", () => {
  let f: Fixture;
  let vault: CrosshedgeVault;

  beforeEach(async () => {
    f = await fixture();
    vault = await connect(f);
  });

  const now = async () => keeperLiveness(await vault.readState());

  /** The custom error of a public call; null where it passes. */
  async function refusal(call: Promise<unknown>): Promise<string | null> {
    return call.then(
      () => null,
      (caught: unknown) => {
        const { revert } = decodeError(caught);
        return revert?.kind === "custom" ? revert.name : String(caught);
      },
    );
  }

  it("counts to the deadline, after which anybody may deleverage", async () => {
    const before = await now();
    expect(before).to.include({ isSilent: false, lastSign: Number(await f.rebalancer.lastSign()) });
    expect([before.open.deleverage, before.reasons]).to.deep.equal([false, []]);
    await f.world.networkHelpers.time.increaseTo(before.deadline);
    expect(await now()).to.include({ isSilent: false, silentFor: before.deadline - before.lastSign });
    await f.world.networkHelpers.mine();
    const after = await now();
    expect([after.isSilent, after.open.deleverage, after.reasons]).to.deep.equal([true, true, ["KEEPER_SILENT"]]);
    await f.rebalancer.heartbeat();
    expect((await now()).isSilent).to.equal(false);
  });

  it("follows an alarm: raise, grace, hedge, clear", async () => {
    await unhedgedPosition(f);
    await publicLimited(f, { alarmVolatility: wad("0.1"), maxStep: wad("0.05") });
    const stranger = strangerOf(f);
    const hedge = () => refusal(stranger.hedge.staticCall([orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(3))]));
    expect(await now()).to.deep.nested.include({
      "open.raiseAlarm": true,
      "open.clearAlarm": false,
      "open.hedge": false,
    });
    await stranger.raiseAlarm();
    const raised = await now();
    expect(raised.open).to.include({ raiseAlarm: false, hedge: false });
    expect(await hedge()).to.equal("AlarmTooYoung");
    const state = await vault.readState();
    expect(raised.alarm.hedgeOpensAt).to.equal(state.alarmAt + Number(state.publicLimits.grace));
    await later(f, state.publicLimits.grace);
    expect((await now()).open.hedge).to.equal(true);
    expect(await hedge()).to.equal(null);
    await publicLimited(f, { alarmVolatility: wad(9), maxStep: wad("0.05") });
    expect((await now()).open).to.include({ hedge: false, clearAlarm: true });
    expect([await hedge(), await refusal(stranger.clearAlarm.staticCall())]).to.deep.equal(["Calm", null]);
  });

  it("sees a broken margin floor", async () => {
    await thinPosition(f);
    expect(await now()).to.deep.include({ reasons: ["MARGIN_BELOW_FLOOR"] });
    await setFeed(f.world, "ETH", START.ETH);
    await movePerp(f.world, "ETH", START.ETH);
    expect((await now()).open.deleverage).to.equal(false);
  });
});
