import { expect } from "chai";
import type { Scenario } from "../../../keeper/src/model/stress/scenario.js";
import { Observer } from "../../../keeper/src/observe/observe.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { legTerms } from "../../../keeper/src/stress/margin-health.js";
import { runScenario, type StressBase } from "../../../keeper/src/stress/run-scenario.js";
import { baseCovariance, stressMarket } from "../../../keeper/src/stress/stress-market.js";
import { type AaveFixture, freeAaveVault, priceForHealth, report, shortPosition } from "../../support/aave.js";
import { pricesOf } from "../../support/actions.js";
import { connect } from "../../support/connect.js";
import { START } from "../../support/fixture.js";
import { reusable } from "../../support/reusable.js";
import { expectClose } from "../expect-close.js";

const fixture = reusable(freeAaveVault);
/** What interest of the seconds between makes up for, USD. */
const FEW_CENTS = 0.05;
const usd = (value: bigint): number => Number(value) / 1e18;
const moved = (...factors: number[]): Scenario => ({ name: "moved", steps: [{ kind: "move", factors }] });

async function baseOf(f: AaveFixture): Promise<StressBase> {
  const vault = await connect(f);
  const { provider, multicall } = vault.connection;
  const situation = await new Observer(vault, provider, multicall, parseConfig({})).observe();
  const book = openBook(situation);
  return {
    ...{ book, limits: situation.state.limits, terms: legTerms(situation.state, 1), liquidationPenalty: 0 },
    ...{ market: stressMarket(situation, book), covariance: baseCovariance(situation) },
  };
}

describe("stress, against the chain, on a venue that lends", () => {
  const cases = {
    "debts up, the rest down": [1, 0.8, 1.2, 1.1],
    "the settlement token down": [0.985, 1, 1.1, 0.97],
  };
  for (const [name, factors] of Object.entries(cases)) {
    it(`predicts NAV, exposures and margin once the feeds report: ${name}`, async () => {
      const f = await fixture();
      await shortPosition(f);
      const base = await baseOf(f);
      const predicted = runScenario(base, moved(...factors));
      const before = usd((await f.vault.portfolio())[0].nav);
      const [USDC, ALT, ETH, BTC] = factors as [number, number, number, number];
      await report(f.world, { USDC, ALT: START.ALT * ALT, ETH: START.ETH * ETH, BTC: START.BTC * BTC });
      const [portfolio] = await f.vault.portfolio();
      expectClose(usd(portfolio.nav), before + predicted.change, FEW_CENTS);
      const prices = base.book.prices.map((price, i) => (price * BigInt(Math.round(factors[i]! * 1e6))) / 1_000_000n);
      measureBook({ ...base.book, prices }).exposure.forEach((exposure, i) => {
        expectClose(usd(exposure), usd(portfolio.exposure[i]!), FEW_CENTS);
      });
      const ratio = usd(await f.leg.marginRatio(await pricesOf(f)));
      expectClose(measuredRatio(base, prices), ratio, 1e-5);
    });
  }

  it("says at which price the account's health factor is one", async () => {
    const f = await fixture();
    await shortPosition(f);
    const base = await baseOf(f);
    for (const [health, liquidated] of [
      [1.001, false],
      [0.999, true],
    ] as const) {
      const price = await priceForHealth(f, health);
      const { legs } = runScenario(base, moved(1, 1, price / START.ETH, 1));
      expect(legs[0]!.liquidated, `at a health of ${health}`).to.equal(liquidated);
    }
  });
});

function measuredRatio({ book }: StressBase, prices: bigint[]): number {
  const [ratio] = Object.values(measureBook({ ...book, prices }).marginRatio);
  return usd(ratio!);
}
