import { type GammaTerm, greeks, type VaultState, varianceOf, volatilityLine } from "@crosshedge/sdk";
import { expect } from "chai";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { hedgedVault } from "../support/hedged.js";
import { wad } from "../support/orders.js";
import { seededNormals } from "../support/random.js";

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

describe("sdk: variance and greeks", () => {
  let f: Fixture;
  let state: VaultState;

  before(async () => {
    f = await hedgedVault();
    state = await (await connect(f)).readState();
  });

  /** Σ|x_i·x_j|·1e-18: what half a unit in each entry of the matrices can make. */
  function lastDigits(exposure: readonly bigint[]): bigint {
    let most = 1n;
    exposure.forEach((a, i) => {
      for (const b of exposure.slice(i + 1)) most += abs(a * b) / wad(1) / wad(1) + 1n;
    });
    return most;
  }

  async function expectSame(exposure: bigint[], gammas: GammaTerm[], exactly = false): Promise<void> {
    const { horizon } = state.limits;
    const [total, gamma] = await f.covariance.variance(exposure, gammas, horizon);
    const ours = varianceOf(state.covariance, exposure, gammas, horizon);
    expect(ours?.gamma).to.equal(gamma);
    const off = abs((ours?.total ?? 0n) - total);
    expect(off <= (exactly ? 0n : lastDigits(exposure)), `${ours?.total} is not ${total}`).to.equal(true);
  }

  it("is the covariance oracle's, to the last digit that its matrices show", async () => {
    await expectSame(state.portfolio.exposure, state.portfolio.gammas);
    await expectSame([wad(1_000), 0n, 0n, 0n], state.portfolio.gammas, true);
    await expectSame([0n, 0n, 0n, 0n], state.portfolio.gammas, true);
    const draw = seededNormals(11);
    const usd = (size: number) => BigInt(Math.round(draw() * size)) * 10n ** 14n + 12_345n;
    for (let k = 0; k < 12; k++) {
      const gammas = [0, 1, 2].map((i) => ({ c: usd(1e9), i, j: 3 }));
      await expectSame([usd(1e9), usd(1e9), usd(1e9), usd(1e9)], gammas);
      await expectSame([0n, usd(1e10), 0n, 0n], [...gammas, { c: usd(1e8), i: 0, j: 1 }], true);
    }
    expect(varianceOf(state.covariance, [10n ** 31n, 0n, 0n, 0n], [], 0n)).to.equal(null);
  });

  it("says what part of it the hedge removes", async () => {
    const { exposure, hedgeExposure, gammas } = state.portfolio;
    const { left, unhedged } = await f.covariance.compare(
      ...([exposure, exposure, hedgeExposure, gammas, gammas, state.limits.horizon] as const),
    );
    const { removed } = volatilityLine(state);
    const off = Number(removed) / 1e18 - (1 - Number(left) / Number(unhedged));
    expect(Math.abs(off) < 1e-12).to.equal(true);
    expect((removed ?? 0n) > wad("0.3")).to.equal(true);
  });

  it("gammas are the pool's, symmetric, and without a common move; tokens are the exposures'", () => {
    const { delta, deltaTokens, gamma, vega } = greeks(state) ?? {};
    expect(delta).to.deep.equal(state.portfolio.exposure);
    const [term] = state.portfolio.gammas;
    if (term === undefined || gamma === undefined) throw new Error("no gamma");
    expect(term.c < 0n).to.equal(true);
    expect([gamma[term.i]?.[term.i], gamma[term.i]?.[term.j], gamma[term.j]?.[term.i]]).to.deep.equal([
      term.c,
      -term.c,
      -term.c,
    ]);
    for (const row of gamma) expect(row.reduce((total, entry) => total + entry)).to.equal(0n);
    const eth = (deltaTokens?.[2] ?? 0n) * (state.prices.mid[2] ?? 0n);
    expect(abs(eth / wad(1) - (delta?.[2] ?? 0n)) < 10_000n).to.equal(true);
    expect(vega).to.equal(0n);
    expect(greeks({ ...state, prices: { ...state.prices, ok: false } })).to.equal(null);
  });
});
