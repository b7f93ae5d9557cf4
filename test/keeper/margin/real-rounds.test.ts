import { expect } from "chai";
import { ExpectedMoves } from "../../../keeper/src/model/margin/expected-moves.js";
import { FilteredMoves } from "../../../keeper/src/model/margin/filtered-moves.js";
import { RoundStream } from "../../../keeper/src/model/round-stream.js";
import type { OracleRound } from "../../../keeper/src/model/rounds.js";
import { missingData } from "../../integration/support/shared-data.js";
import { CHAINLINK_FILES, PRICES_FILE, readChainlink, readPrices } from "../support/market.js";

const DAY = 86_400;
const QUESTION = { horizonHours: 24, exceedance: 0.005 };

describe("margin from the feeds' rounds alone", function () {
  this.timeout(60_000);

  it("is what hourly exchange prices ask for, on ten months of ETH and BTC", function () {
    const absent = missingData(...CHAINLINK_FILES, PRICES_FILE);
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    const rounds: OracleRound[][] = readChainlink();
    const ticks = new RoundStream(rounds.length).add(rounds);
    const [from, to] = [ticks[0]!.time, ticks.at(-1)!.time];
    const prices = readPrices(["ETH", "BTC"], from, to);
    for (const [asset, name] of ["ETH", "BTC"].entries()) {
      const byRounds = new ExpectedMoves([asset], QUESTION);
      const byExchange = new FilteredMoves({ horizonHours: 24 });
      const ratios: number[] = [];
      let next = 0;
      for (const [hour, { time, prices: now }] of prices.entries()) {
        if (hour > 0) byExchange.add(Math.log(now[asset]! / prices[hour - 1]!.prices[asset]!));
        for (; next < ticks.length && ticks[next]!.time <= time; next++) {
          const tick = ticks[next]!;
          byRounds.observe(tick.asset, tick.time, tick.logPrice);
        }
        if (time % DAY !== 0) continue;
        const [own, other] = [byRounds.of(asset)!.move, byExchange.marginMove(QUESTION.exceedance)];
        if (own !== null && other !== null) ratios.push(own / other);
      }
      ratios.sort((a, b) => a - b);
      const at = (share: number): number => ratios[Math.floor(share * (ratios.length - 1))]!;
      expect(ratios.length, name).to.be.above(190);
      expect(at(0.5), name).to.be.within(0.93, 1.07);
      expect(at(0.05), name).to.be.above(0.85);
    }
  });
});
