import { toBeHex } from "ethers";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ReadPoint } from "../multicall.js";
import type { StateOverrides } from "../read/ethCall.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken } from "../units.js";
import { type BalanceSlot, findBalanceSlots } from "./balanceSlots.js";
import type { Funds, Spending } from "./funds.js";
import type { Source } from "./shot.js";

/** By connection and token; null where it could not be found. */
const known = new WeakMap<Connection, Map<string, BalanceSlot | null>>();

/** Finds out where the tokens of an operation keep balances, once a token. It is no failure where the node or the token does not tell. */
export async function learnSlots(
  connection: Connection,
  { account, spendings = [] }: { account: string; spendings?: readonly Spending[] },
  at: ReadPoint,
): Promise<void> {
  const slots = known.get(connection) ?? new Map<string, BalanceSlot | null>();
  known.set(connection, slots);
  const unknown = spendings.map(({ token }) => token).filter((token) => !slots.has(token));
  if (unknown.length === 0) return;
  try {
    const found = await findBalanceSlots(at, unknown, account);
    for (const token of unknown) slots.set(token, found.get(token) ?? null);
  } catch {
    // Asked again at the next operation; a missing balance is an error until then.
  }
}

/**
 * Overrides that give an account the balances that an operation needs.
 *
 * @throws {CrosshedgeError} INSUFFICIENT_BALANCE where it is not known how
 */
export function givenBalances(
  { connection, layout }: Source,
  account: string,
  funds: readonly Funds[],
): StateOverrides {
  const missing = funds.filter(({ balance, amount }) => balance < amount);
  return Object.fromEntries(
    missing.map((entry) => {
      const slot = known.get(connection)?.get(entry.token) ?? null;
      if (slot === null) throw insufficient(layout, account, entry);
      return [entry.token, { stateDiff: { [slot(account)]: toBeHex(entry.amount, 32) } }];
    }),
  );
}

function insufficient({ assets }: VaultLayout, account: string, { token, amount, balance }: Funds): CrosshedgeError {
  const { symbol, decimals } = assets.find(({ address }) => address === token) ?? { symbol: token, decimals: 18 };
  const [has, needs] = [formatToken(balance, decimals), formatToken(amount, decimals)];
  return new CrosshedgeError("INSUFFICIENT_BALANCE", `${account} holds ${has} ${symbol}, but ${needs} are needed.`);
}
