import { expect } from "chai";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import { rowAt, type Table } from "../../../keeper/src/backtest/data/table.js";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import type { ReplayResult } from "../../../keeper/src/stress/replay.js";
import type { StressReport } from "../../../keeper/src/stress/stress-report.js";
import { stressVault } from "../../../keeper/src/stress/stress-vault.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";
import { expectClose } from "../expect-close.js";
import { situationOf } from "../situation.js";

/** Liquidity of half the vault in ALT/USDC, ALT standing for LINK, shorts of four fifths of its exposure, margin of half of them. */
const SITUATION = situationOf({
  idle: [31_000, 0, 0, 0],
  position: { tickLower: -255_540, tickUpper: -251_100, liquidity: (3n * 10n ** 17n) / 2n },
  perp: { cash: 20_500, eth: -16, btc: -0.3 },
});

describe("replays of real prices", () => {
  let report: StressReport;
  let prices: Table;

  before(async function () {
    const missing = missingData("prices_1h.csv.gz", "depeg.csv.gz");
    if (missing !== undefined) {
      console.log(`      ${missing}`);
      return this.skip();
    }
    this.timeout(30_000);
    prices = await readTable(sharedFile("prices_1h.csv.gz"), "price", () => ["BTC", "ETH", "LINK"]);
    const pegs = await readTable(sharedFile("depeg.csv.gz"), "price", () => ["USDC_USD_chainlink"]);
    const columns = { ALT: "LINK", USDC: "USDC_USD_chainlink" };
    const history = { tables: [prices, pegs], columns };
    report = stressVault(SITUATION, { config: parseConfig({}), prices: history, topUpLatency: 24 });
  });

  const named = (name: string): ReplayResult => report.replays.find((one) => one.name === name)!;
  /** Price at the end of a window over that at its start. */
  const factor = (column: string, { from, hours }: ReplayResult): number => {
    const series = prices.columns.get(column)!;
    return series[rowAt(prices.grid, from + hours * 3_600)]! / series[rowAt(prices.grid, from)]!;
  };

  it("walk all known events, unliquidated at a margin of half of the shorts", () => {
    expect(report.replays.map(({ name }) => name)).to.deep.equal(["March 2020", "May 2021", "LUNA", "FTX", "USDC"]);
    for (const { path, hours, legs } of report.replays) {
      expect(path.times).to.have.length(hours + 1);
      expect(path.hedged.every(Number.isFinite) && path.unhedged.every(Number.isFinite)).to.equal(true);
      expect(legs[0]!.liquidated).to.equal(false);
    }
    expect(report.worst.replay!.name).to.equal("March 2020");
  });

  it("end where the shorts and the position's formula say", () => {
    for (const name of ["March 2020", "May 2021", "LUNA", "FTX"]) {
      const one = named(name);
      const [eth, btc] = [factor("ETH", one), factor("BTC", one)];
      const shorts = -16 * 2_000 * (eth - 1) - 0.3 * 30_000 * (btc - 1);
      // What the shorts gain is paid in USDC.
      expectClose(one.hedge, shorts, 2e-3 * Math.abs(shorts));
    }
    const march = named("March 2020");
    const price = (tick: number): number => 1.0001 ** tick * 1e12;
    const range = { liquidity: 1.5e5, lower: price(-255_540), upper: price(-251_100) };
    const value = (at: number): number => lpGreeks(range, at).value;
    const change = value(10 * factor("LINK", march)) - value(10);
    expectClose(march.unhedged.share, change / report.nav, 1e-6);
    expectClose(march.share, (change + march.hedge) / report.nav, 1e-6);
  });

  it("show what the hedge is for, and what it is not for", () => {
    for (const name of ["March 2020", "May 2021", "LUNA", "FTX"]) {
      const { worst, unhedged } = named(name);
      expect(-worst.share / -unhedged.worst, name).to.be.below(0.75);
    }
    // A stable that falls takes cash, margin and liquidity with it, and ETH in dollars of it rises.
    const { worst, unhedged, hedge, topUps } = named("USDC");
    expect(worst.share).to.be.below(-0.08);
    expect(unhedged.worst).to.be.below(-0.08);
    expect(hedge).to.be.below(0);
    expect(topUps.number).to.be.above(0);
  });
});
