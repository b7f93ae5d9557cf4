import { expect } from "chai";
import { centred } from "../../../keeper/src/backtest/account/lp-path.js";
import { type DeployedVault, deployedVault, type Place } from "../../../keeper/src/calibrate/deployed-vault.js";
import type { DayForecast } from "../../../keeper/src/calibrate/forecasts.js";
import type { VaultShape } from "../../../keeper/src/calibrate/shape.js";
import { edgeValues, pairGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { movePrices } from "../../../keeper/src/stress/stressed-book.js";
import { expectClose } from "../expect-close.js";
import { SHAPE } from "./support.js";

const PRICES = [1, 8, 3_000, 40_000];
const SHARE = 0.5;
const FACTOR = 1.3;
const CHOICES = {
  ...{ rangeFactor: FACTOR, recentreAt: 0.9, maxShare: 0.65, riskAversion: 100, hedgePerExposure: 1.5 },
  ...{ marginTarget: 0.6, marginLow: 0.48 },
};
/** Betas of every asset on ETH and BTC. */
const day = (time: number, eth: number, btc: number): DayForecast => {
  const risky = [
    [0, 0],
    [eth, btc],
    [1, 0],
    [0, 1],
  ] as const;
  return { time, betas: risky, covariance: PRICES.map((_, i) => PRICES.map((_, j) => (i === j ? 1 : 0))) };
};

function deployed(place: Place, shape: VaultShape = SHAPE, forecasts = [day(1, 0.5, 0.3)]): DeployedVault {
  return deployedVault(shape, { choices: CHOICES, share: SHARE, prices: PRICES, forecasts }, place);
}
const measured = ({ book }: DeployedVault) => {
  const { nav, exposure, hedgeExposure, marginRatio } = measureBook(book);
  const usd = (value: bigint): number => Number(value) / 1e18;
  return {
    nav: usd(nav),
    shorts: SHAPE.hedges.map(({ asset }) => usd(hedgeExposure[asset]!)),
    own: exposure.map((value, asset) => usd(value - hedgeExposure[asset]!)),
    ratio: usd(marginRatio["hedge"] ?? 0n),
  };
};

describe("a vault as its parameters deploy it", () => {
  it("is worth a million wherever the price stands, and holds there what a range made at the centre holds", () => {
    const edges = edgeValues(FACTOR);
    for (const [place, alt] of [
      ["centre", SHARE / 2],
      ["lower", SHARE * edges.lower],
      ["upper", 0],
    ] as const) {
      const { nav, own } = measured(deployed(place));
      expectClose(nav, 1e6, 1e-3);
      // The range's ticks are the pool's: up to 60 of them, six in a thousand.
      expectClose(own[1]! / 1e6, alt, 0.01);
    }
  });

  it("shorts by the betas, of the day that wants most, with margin at its target", () => {
    const forecasts = [day(1, 0.5, 0.3), day(2, 0.9, 0.4), day(3, 0.7, 0.5)];
    const vault = deployed("centre", SHAPE, forecasts);
    const { own, shorts, ratio } = measured(vault);
    expect(vault.forecast.time).to.equal(2);
    expectClose(shorts[0]!, -0.9 * own[1]!, 0.01);
    expectClose(shorts[1]!, -0.4 * own[1]!, 0.01);
    expectClose(ratio, 0.6, 1e-9);
  });

  it("shorts no more than the capital beside the pool bears, all of it margin then", () => {
    const vault = deployed("lower", SHAPE, [day(1, 2, 1)]);
    const { shorts, own, ratio } = measured(vault);
    expectClose(ratio, 0.48, 1e-9);
    expectClose(shorts[0]! / shorts[1]!, 2, 1e-9);
    expect(-shorts[0]!).to.be.lessThan(2 * own[1]!);
    expect(Number(vault.book.idle[0]) / 1e18).to.be.lessThan(1);
  });

  it("has the same at a venue that lends, whose ratio counts the collateral's weight", () => {
    const lending = { ...SHAPE, weight: 0.8, maintenance: 0 };
    const { nav, shorts, own, ratio } = measured(deployed("centre", lending, [day(1, 0.5, 0.1)]));
    expectClose(nav, 1e6, 1e-3);
    expectClose(shorts[0]!, -0.5 * own[1]!, 0.01);
    expectClose(ratio, 0.6, 1e-9);
  });

  it("loses what the position's formula and the shorts' sizes say", () => {
    const vault = deployed("centre");
    const { shorts } = measured(vault);
    const after = measureBook(movePrices(vault.book, [1, 0.8, 1.2, 1.1]));
    const range = centred(PRICES[1]!, FACTOR, SHARE * 1e6);
    const pool = pairGreeks(range, PRICES[1]! * 0.8, 1).value - SHARE * 1e6;
    const change = Number(after.nav) / 1e18 - 1e6;
    expectClose(change, pool + 0.2 * shorts[0]! + 0.1 * shorts[1]!, 0.01 * Math.abs(change));
  });
});
