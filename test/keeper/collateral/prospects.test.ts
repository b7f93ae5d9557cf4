import { expect } from "chai";
import { breakEvenFeeApr } from "../../../keeper/src/model/lvr.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { poolProspects } from "../../../keeper/src/plan/pool-prospects.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { expectClose } from "../expect-close.js";
import { BTC_MARKET, ETH_MARKET, POOL_LEG, SIGMA } from "../situation.js";
import { rateFor, SECOND_LEG, twoPools } from "./two-pool-scene.js";

const config = parseConfig();
const prospectsOf = (situation: Situation, size = 0, input = config) =>
  poolProspects(situation, openBook(situation), SIGMA, size, input);

describe("prospects of a pool", () => {
  const blank = twoPools({});
  const known = (apr: number, funding?: number) =>
    twoPools(funding === undefined ? {} : { funding }, [
      rateFor(blank, POOL_LEG, apr),
      rateFor(blank, SECOND_LEG, apr),
    ]);

  it("are exposure and gamma of a dollar, as the chain measures a position's", () => {
    const position = { tickLower: -255_540, tickUpper: -251_040, liquidity: 10n ** 16n };
    const situation = twoPools({ idle: [0, 0, 0, 0], position });
    const { nav, exposure, gammas } = measureBook(openBook(situation));
    const [pool] = prospectsOf(situation).pools;
    const usd = Number(nav);
    exposure.slice(1).forEach((value, k) => void expectClose(Number(value) / usd, pool!.risk.exposure[k + 1]!, 0.01));
    const c = Number(gammas[0]!.c) / usd;
    expectClose(pool!.risk.gamma.c, c, 0.02 * Math.abs(c));
  });

  it("have no income before fees are known", () => {
    expect(prospectsOf(blank).pools.map(({ income }) => income)).to.deep.equal([null, null]);
  });

  it("are fees shared with the own liquidity, less LVR by the volatility of the pair", () => {
    const [alone] = prospectsOf(known(0.5)).pools;
    expectClose(alone!.income!.fees, 0.5, 0.02);
    // ALT has a volatility of 100%, USDC of 1%.
    expectClose(alone!.income!.lvr, breakEvenFeeApr(1.25, Math.sqrt(1.0001)), 1e-9);
    const size = 10_000_000;
    const [shared] = prospectsOf(known(0.5), size).pools;
    const others = (Number(blank.pools[POOL_LEG]!.liquidity) * alone!.income!.fees) / 0.5;
    const rate = rateFor(blank, POOL_LEG, 1);
    expectClose(shared!.income!.fees, (0.5 * others) / (others + size / rate), 0.02);
    const [, weth] = prospectsOf(known(0.5)).pools;
    expect(weth!.income!.lvr).to.be.below(alone!.income!.lvr);
  });

  it("are what the shorts earn or pay, and what keeping them costs", () => {
    const carry = (funding: number) => prospectsOf(known(0.5, funding)).pools[0]!.income!.carry;
    // Half a dollar of ALT, by its betas on ETH and BTC from their correlations and volatilities.
    const beta = (a: number, b: number) =>
      (0.8 - 0.75 * 0.85) / (1 - 0.7225) / a + (0.75 - 0.8 * 0.85) / (1 - 0.7225) / b;
    expectClose(carry(0.2), 0.2 * 0.5 * beta(0.8, 0.65), 1e-9);
    expectClose(carry(-0.2), -carry(0.2), 1e-12);
    const { rehedging } = prospectsOf(known(0.5)).pools[0]!.income!;
    expect(rehedging).to.be.within(0.001, 0.2);
    const calm = prospectsOf(known(0.5), 0, parseConfig({ hedge: { riskAversion: 1 } })).pools[0]!.income!;
    expect(calm.rehedging).to.be.below(rehedging);
    const none = prospectsOf(known(0.5, 0.2), 0, parseConfig({ hedge: { policy: "none" } })).pools[0]!.income!;
    expect([none.carry, none.rehedging]).to.deep.equal([0, 0]);
  });

  it("count with the markets that can be traded", () => {
    const shut = twoPools({ closed: [ETH_MARKET, BTC_MARKET], funding: 0.2 }, [1, 1]);
    expect(prospectsOf(shut).pools[0]!.income!.carry).to.equal(0);
    // Unhedged, the whole of ALT's variance is left.
    expect(prospectsOf(shut).covariance[0]![0]!).to.be.above(0.25);
    expect(prospectsOf(blank).covariance[0]![0]!).to.be.below(0.12);
  });
});
