import { Matrix, solve } from "ml-matrix";
import { KeeperError } from "../../errors.js";

/** Debts among n firms, and what each owns outside of them; one unit of account. */
export interface DebtNetwork {
  /** n × n: what row i owes column j, 0 or more, nothing to itself. */
  readonly owed: readonly (readonly number[])[];
  /** n: assets that are no claim on another firm, 0 or more. */
  readonly assets: readonly number[];
  /** n: part of its assets that each pays out if it defaults, above 0 to 1: the rest is lost in the default. Ones where it is left out. */
  readonly recovery?: readonly number[];
}

/** What every firm pays when all pay at once. */
export interface Clearing {
  /** n: paid in all. */
  readonly payments: readonly number[];
  /** n: left to the owners after all is received and paid. */
  readonly equity: readonly number[];
  /** n: true for a firm that pays less than it owes. */
  readonly defaults: readonly boolean[];
  /** Rounds in which another firm was found in default, n at most. */
  readonly rounds: number;
}

/** A shortfall by less than this part of what is owed is rounding. */
const ROUNDING = 1e-12;

/**
 * The greatest clearing payments p = min(p̄, c + Π'p), by the fictitious default algorithm: all pay, those who then cannot are in default, and
 * so on until nobody is added (Eisenberg and Noe 2001). With a recovery α below one a defaulter pays α(c + Π'p) (Rogers and Veraart 2013).
 *
 * @throws {KeeperError} A network that is none
 */
export function clear(network: DebtNetwork): Clearing {
  const { owed, assets, recovery = assets.map(() => 1) } = network;
  checkNetwork({ owed, assets, recovery });
  const total = owed.map((row) => row.reduce((sum, value) => sum + value, 0));
  const share = (from: number, to: number): number => (total[from]! > 0 ? owed[from]![to]! / total[from]! : 0);
  const received = (to: number, payments: readonly number[]): number =>
    payments.reduce((sum, paid, from) => sum + share(from, to) * paid, 0);

  let payments = total;
  let failed: number[] = [];
  let rounds = 0;
  for (;;) {
    const short = total.flatMap((due, i) =>
      failed.includes(i) || assets[i]! + received(i, payments) < due * (1 - ROUNDING) ? [i] : [],
    );
    if (short.length === failed.length) break;
    failed = short;
    rounds += 1;
    payments = pay(failed);
  }
  const defaults = total.map((_, i) => failed.includes(i));
  const equity = payments.map((paid, i) => (defaults[i] ? 0 : Math.max(0, assets[i]! + received(i, payments) - paid)));
  return { payments, equity, defaults, rounds };

  /** Those in default share what they have, given that all others pay in full: p_D = α(c_D + Π'p)_D. */
  function pay(defaulters: readonly number[]): number[] {
    const others = total.map((due, i) => (defaulters.includes(i) ? 0 : due));
    const size = defaulters.length;
    const system = new Matrix(size, size);
    const known = new Matrix(size, 1);
    defaulters.forEach((i, row) => {
      known.set(row, 0, recovery[i]! * (assets[i]! + received(i, others)));
      defaulters.forEach((j, column) => {
        system.set(row, column, (row === column ? 1 : 0) - recovery[i]! * share(j, i));
      });
    });
    const solved = solve(system, known);
    defaulters.forEach((i, row) => {
      others[i] = Math.min(total[i]!, Math.max(0, solved.get(row, 0)));
    });
    return others;
  }
}

function checkNetwork({ owed, assets, recovery }: Required<DebtNetwork>): void {
  const n = assets.length;
  if (owed.length !== n || owed.some((row) => row.length !== n)) {
    throw new KeeperError(
      "The debts are not a square matrix over the firms.",
      "Give a row and a column for each firm.",
    );
  }
  const good = (value: number): boolean => Number.isFinite(value) && value >= 0;
  if (!assets.every(good) || !owed.every((row) => row.every(good))) {
    throw new KeeperError("A debt or an asset is negative or no number.", "Book what is owed as a debt, in its row.");
  }
  if (owed.some((row, i) => row[i] !== 0)) {
    throw new KeeperError("A firm owes something to itself.", "Leave the diagonal of the debts at zero.");
  }
  if (recovery.length !== n || !recovery.every((part) => part > 0 && part <= 1)) {
    throw new KeeperError(
      "A recovery is no part of a firm's assets.",
      "Give a number above 0, up to 1, for each firm.",
    );
  }
}
