import { expect } from "chai";
import type { Fixture } from "../../support/fixture.js";
import { type EncodedOrder, planOf } from "../../support/orders.js";

/** What the venue rounds: a unit of USDC at each step. */
const ROUNDING = 10n ** 13n;

/**
 * Sends a plan so many seconds from now, and expects that it finds the NAV which the vault has at that time without the plan, and leaves the one
 * which the vault has after it. Returns the funding that was pending before it.
 */
export async function expectNavs(f: Fixture, list: EncodedOrder[], seconds: number): Promise<bigint> {
  const { time, mine, takeSnapshot } = f.world.networkHelpers;
  const plan = await planOf(f, list);
  const at = (await time.latest()) + seconds;
  const snapshot = await takeSnapshot();
  await time.setNextBlockTimestamp(at);
  await mine();
  const [was] = await f.vault.nav();
  const pending = await f.world.perp.exchange.getAllPendingFundingPayment(f.perp);
  await snapshot.restore();
  await time.setNextBlockTimestamp(at);
  const receipt = await (await f.rebalancer.rebalance(plan)).wait();
  const [event] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced, receipt?.blockNumber);
  const [is] = await f.vault.nav();
  expect(event!.args.outcome.navBefore).to.be.within(was - ROUNDING, was + ROUNDING);
  expect(event!.args.outcome.navAfter).to.be.within(is - ROUNDING, is + ROUNDING);
  return pending;
}
