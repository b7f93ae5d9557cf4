import { formatToken } from "../units.js";

/** Two different numbers of shares as text: with four decimals where those tell them apart. */
export function shareTexts(a: bigint, b: bigint): [string, string] {
  const short: [string, string] = [formatToken(a, 18, 4), formatToken(b, 18, 4)];
  return short[0] === short[1] ? [formatToken(a, 18), formatToken(b, 18)] : short;
}
