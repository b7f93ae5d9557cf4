import {
  formatDuration,
  formatPercent,
  formatToken,
  formatUsd,
  isqrt,
  parsePercent,
  parseToken,
  parseUsd,
  usdValue,
} from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { expectCode } from "./support.js";

describe("sdk: units", () => {
  it("formats dollars, rounded half away from zero", () => {
    expect(formatUsd(parseUsd("-1250.505"))).to.equal("-$1,250.51");
    expect(formatUsd(parseUsd("0.004"))).to.equal("$0.00");
    expect(formatUsd(-1n)).to.equal("$0.00");
    expect(formatUsd(parseUsd("1234567.8"), 0)).to.equal("$1,234,568");
  });

  it("reads dollars, tokens and percentages as people write them", () => {
    expect(parseUsd("$1,250.50")).to.equal(1_250_500_000_000_000_000_000n);
    expect(parseToken("1.5", 6)).to.equal(1_500_000n);
    expect(parsePercent("0.5%")).to.equal(5n * 10n ** 15n);
    expect(formatPercent(parsePercent("12.345"))).to.equal("12.35%");
  });

  it("refuses what is no number, or has too many decimals, by name", () => {
    expectCode(() => parseToken("1.0000001", 6), "BAD_ARGUMENT", /at most 6 decimals/);
    expectCode(() => parseUsd("ten"), "BAD_ARGUMENT", /"ten"/);
    expectCode(() => parseToken("1,50", 6), "BAD_ARGUMENT", /"1,50"/);
  });

  it("takes separators for nothing but thousands: what could be meant otherwise is refused", () => {
    expect(parseUsd("-$1,234,567.5")).to.equal(parseUsd("-1_234_567.50"));
    for (const text of ["1.234,567", "0.5,000", "1,2345", "1234,567", "1,234567", "1,,234"]) {
      expectCode(() => parseUsd(text), "BAD_ARGUMENT");
    }
  });

  it("formats and reads any token amount without loss", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 40n), 10n ** 40n), fc.constantFrom(0, 6, 8, 18, 24), (amount, decimals) => {
        expect(parseToken(formatToken(amount, decimals), decimals)).to.equal(amount);
      }),
    );
  });

  it("shows a time in its nearest unit", () => {
    const seconds = [0, 119, 120, -600, 7_199, 7_200, 172_799, 172_800];
    const texts = ["0 s", "119 s", "2 min", "-10 min", "120 min", "2.0 h", "48.0 h", "2.0 days"];
    expect(seconds.map(formatDuration)).to.deep.equal(texts);
  });

  it("values an amount by its own decimals", () => {
    for (const decimals of [6, 8, 18, 24]) {
      expect(usdValue(parseToken("2.5", decimals), decimals, parseUsd("30"))).to.equal(parseUsd("75"));
    }
  });

  it("takes integer square roots, rounded down", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 400n), (value) => {
        const root = isqrt(value);
        expect(root * root <= value && (root + 1n) * (root + 1n) > value).to.equal(true);
      }),
    );
  });
});
