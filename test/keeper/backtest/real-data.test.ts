import { expect } from "chai";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import { Inputs, Settings } from "../../../keeper/src/backtest/options.js";
import { runBacktest } from "../../../keeper/src/backtest/run/run-backtest.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";

const missing = missingData("prices_1h.csv.gz", "chainlink_eth_usd.csv.gz", "chainlink_btc_usd.csv.gz");

describe(`backtest on real data${missing === undefined ? "" : `: ${missing}`}`, () => {
  before(function () {
    if (missing !== undefined) this.skip();
  });

  it("two tokens: ahead of naive, and the day's oracle is ahead of all", async () => {
    const inputs = Inputs.parse({ prices: sharedFile("prices_1h.csv.gz"), assets: ["LINK", "UNI"] });
    const settings = Settings.parse({ from: "2022-01", to: "2022-12" });
    const { scores } = await runBacktest(await loadMarket(inputs), inputs, settings, { threads: 0 });
    const { pooled, naive, oracle, static: best, default: chosen } = scores.summary;
    expect(naive.he).to.be.within(0.5, 0.75);
    expect(pooled[chosen]!.heNet).to.be.greaterThan(naive.he);
    expect(oracle.he).to.be.greaterThan(best.he);
  });

  it("ETH with BTC, learnt from nothing but oracle rounds: as good as from hourly prices", async () => {
    const settings = Settings.parse({ from: "2023-05-07", to: "2024-01-28" });
    const effect = async (rounds: Record<string, string>): Promise<number> => {
      const inputs = Inputs.parse({ prices: sharedFile("prices_1h.csv.gz"), assets: ["ETH"], rounds });
      const { scores } = await runBacktest(await loadMarket(inputs), inputs, settings, { threads: 0 });
      return scores.summary.pooled[scores.summary.default]!.he;
    };
    const bars = await effect({});
    const fed = await effect({
      ETH: sharedFile("chainlink_eth_usd.csv.gz"),
      BTC: sharedFile("chainlink_btc_usd.csv.gz"),
    });
    expect(bars).to.be.greaterThan(0.6);
    expect(fed / bars).to.be.greaterThan(0.99);
  });
});
