import type { OracleRound } from "../../../keeper/src/model/rounds.js";
import { readRows } from "../../integration/support/shared-data.js";

/** Every mainnet round of ETH/USD and BTC/USD over 300 days. */
export const CHAINLINK_FILES = ["chainlink_eth_usd.csv.gz", "chainlink_btc_usd.csv.gz"] as const;
export const PRICES_FILE = "prices_1h.csv.gz";

/** The rounds of those files, by feed. */
export function readChainlink(): OracleRound[][] {
  return CHAINLINK_FILES.map((file) =>
    readRows(file).map((row) => ({
      roundId: BigInt(row.roundId!),
      answer: BigInt(row.answer!),
      updatedAt: Number(row.updatedAt),
    })),
  );
}

/** Hourly exchange closes of some assets from one time to another, unix seconds; NaN where there is none. */
export function readPrices(assets: readonly string[], from: number, to: number): { time: number; prices: number[] }[] {
  const [first, last] = [from, to].map((time) => new Date(time * 1000).toISOString().slice(0, 19));
  return readRows(PRICES_FILE)
    .filter(({ time }) => time!.slice(0, 19) >= first! && time!.slice(0, 19) <= last!)
    .map((row) => ({
      time: Date.parse(row.time!) / 1000,
      prices: assets.map((asset) => (row[asset] === "" ? Number.NaN : Number(row[asset]))),
    }));
}
