import { returnsOf, type Table } from "../../../keeper/src/backtest/data/table.js";
import { FilteredMoves } from "../../../keeper/src/model/margin/filtered-moves.js";

/** What an account of two shorts needs, by the sum of their quantiles and by its own. */
export function describePortfolio({ columns }: Table): string {
  const [eth, btc] = ["ETH", "BTC"].map((name) => returnsOf(columns.get(name)!));
  const [first, second, both] = [new FilteredMoves(), new FilteredMoves(), new FilteredMoves()];
  const ratios: number[] = [];
  eth!.forEach((value, row) => {
    const other = btc![row]!;
    first.add(value);
    second.add(other);
    both.add(Math.log((Math.exp(value) + Math.exp(other)) / 2));
    if (row % 24 !== 0) return;
    const [a, b, own] = [first, second, both].map((moves) => moves.quantile(0.005));
    if (a == null || b == null || own == null) return;
    ratios.push((Math.expm1(a) + Math.expm1(b)) / 2 / Math.expm1(own));
  });
  ratios.sort((a, b) => a - b);
  const at = (share: number): string => ratios[Math.floor(share * (ratios.length - 1))]!.toFixed(2);
  return `\nShorts of ETH and BTC in equal parts at 99.5%: the sum of their quantiles is ${at(0.5)} times the account's own (median of ${ratios.length} days; ${at(0.05)} to ${at(0.95)} on nine days in ten)`;
}
