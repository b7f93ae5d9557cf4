import { expect } from "chai";
import type { Scenario } from "../../../keeper/src/model/stress/scenario.js";
import { Observer } from "../../../keeper/src/observe/observe.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { legTerms } from "../../../keeper/src/stress/margin-health.js";
import { runScenario, type ScenarioResult, type StressBase } from "../../../keeper/src/stress/run-scenario.js";
import { baseCovariance, stressMarket } from "../../../keeper/src/stress/stress-market.js";
import { movePool, setFeed } from "../../../scripts/devnet/venues.js";
import { liquidate, movePrices, thinMargin } from "../../integration/support/weather.js";
import { hedgedPosition, pricesOf } from "../../support/actions.js";
import { connect } from "../../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../../support/fixture.js";
import { reusable } from "../../support/reusable.js";
import { expectClose } from "../expect-close.js";

const freshVault = reusable(vaultWithHistory);
const ASSETS = ["USDC", "ALT", "ETH", "BTC"] as const;
const MICRO = 1e-6;
const usd = (value: bigint): number => Number(value) / 1e18;

async function baseOf(f: Fixture): Promise<StressBase> {
  const vault = await connect(f);
  const { provider, multicall } = vault.connection;
  const situation = await new Observer(vault, provider, multicall, parseConfig({})).observe();
  const { state } = situation;
  const book = openBook(situation);
  return {
    ...{ book, limits: state.limits, terms: legTerms(state, 0), liquidationPenalty: 0 },
    ...{ market: stressMarket(situation, book), covariance: baseCovariance(situation) },
  };
}

/** By asset: USDC, ALT, ETH, BTC. */
const moved = (...factors: number[]): Scenario => ({ name: "moved", steps: [{ kind: "move", factors }] });

/** What the liquidity has earned and not collected, USD. */
async function uncollected(f: Fixture): Promise<number> {
  const [i, j] = (await f.liquidity.indices()).map(Number) as [number, number];
  const { mid } = await pricesOf(f);
  const { fees0, fees1 } = await f.liquidity.amounts(mid[i]!, mid[j]!);
  const unit = async (asset: number) => (asset === 0 ? 1e6 : 10 ** Number(await f.world.tokens.ALT.decimals()));
  return (Number(fees0) / (await unit(i))) * usd(mid[i]!) + (Number(fees1) / (await unit(j))) * usd(mid[j]!);
}

/** Every feed at its factor; what the vault is worth then by the chain, without what funding took on the way. */
async function report(f: Fixture, factors: readonly number[]): Promise<number> {
  const cash = await f.perp.cash();
  for (const [i, asset] of ASSETS.entries()) await setFeed(f.world, asset, START[asset] * factors[i]!);
  const [{ nav }] = await f.vault.portfolio();
  return usd(nav) - usd((await f.perp.cash()) - cash) * factors[0]!;
}

/** √variance / NAV by the covariance oracle. */
async function volatilityOf(f: Fixture, horizon: bigint): Promise<number> {
  const [{ nav, exposure, gammas }] = await f.vault.portfolio();
  const terms = gammas.map(({ c, i, j }) => ({ c, i, j }));
  const [variance] = await f.covariance.variance([...exposure], terms, horizon);
  return Math.sqrt(usd(variance)) / usd(nav);
}

describe("stress, against the chain", () => {
  const cases = {
    "hedges up, the rest down": [1, 0.8, 1.2, 1.1],
    "everything down": [1, 0.8, 0.8, 0.8],
    "through the lower edge": [1, 0.5, 1, 1],
    "through the upper edge, hedges up": [1, 1.6, 1.3, 1.25],
    "the settlement token down": [0.99, 1, 0.95, 0.97],
  };
  for (const [name, factors] of Object.entries(cases)) {
    it(`predicts to a millionth of a dollar what the chain measures once its feeds report: ${name}`, async () => {
      const f = await freshVault();
      await hedgedPosition(f);
      const base = await baseOf(f);
      const predicted = runScenario(base, moved(...factors));
      const before = usd((await f.vault.portfolio())[0].nav);
      const nav = await report(f, factors);
      expectClose(nav, before + predicted.change, MICRO);
      expect(Math.abs(predicted.change)).to.be.above(1_000);
      expectClose(await volatilityOf(f, base.limits.horizon), predicted.volatility!, 1e-4);
      // The venue's own prices lag a fall, and count where they are worse for the shorts.
      if (factors[2]! > 1) expectClose(usd(await f.perp.marginRatio(await pricesOf(f))), leastMargin(predicted)!, 1e-4);
    });
  }

  it("is right about a pool that follows its feed, but for the fees that it pays", async () => {
    const f = await freshVault();
    await hedgedPosition(f);
    const factors = [1, 0.9, 0.9, 0.95];
    const predicted = runScenario(await baseOf(f), moved(...factors));
    const before = usd((await f.vault.portfolio())[0].nav);
    const cash = await f.perp.cash();
    await report(f, factors);
    await movePool(f.world, "altUsdc", START.ALT * 0.9);
    const fees = await uncollected(f);
    expect(fees).to.be.above(1);
    const funding = usd((await f.perp.cash()) - cash);
    expectClose(usd((await f.vault.portfolio())[0].nav) - fees - funding, before + predicted.change, MICRO);
  });

  it("says at which price the venue liquidates: just before it refuses, just beyond it does", async () => {
    const f = await freshVault();
    await hedgedPosition(f);
    await thinMargin(f, 0.2);
    const base = await baseOf(f);
    const gone = (factor: number): boolean =>
      runScenario(base, moved(1, 1, factor, factor)).legs.some(({ liquidated }) => liquidated);
    let [low, high] = [1, 1.5];
    for (let i = 0; i < 30; i++) {
      const middle = (low + high) / 2;
      if (gone(middle)) high = middle;
      else low = middle;
    }
    expect(high).to.be.within(1.1, 1.16);
    await movePrices(f, high * 0.993);
    await refused(liquidate(f, "ETH"));
    await movePrices(f, high * 1.007, high * 0.993);
    await liquidate(f, "ETH");
    expect((await f.perp.position(f.world.deployment.perp.markets.ETH.base)).size).to.be.above(-(10n ** 19n) * 2n);
  });
});

function leastMargin({ legs }: ScenarioResult): number | null {
  return legs[0]!.leastMargin;
}

async function refused(action: Promise<unknown>): Promise<void> {
  const outcome = await action.then(
    () => "done",
    (error: Error) => error.message,
  );
  expect(outcome).to.include("CH_EAV");
}
