import { type Kysely, sql } from "kysely";
import type { VaultKey } from "../store/journal.js";
import type { Database } from "../store/schema.js";
import type { Session } from "../store/session.js";

type Reader = Pick<Session, "run">;

/** What an account's mined transactions have cost since a time, unix ms. */
export interface GasSpent {
  readonly wei: bigint;
  readonly transactions: number;
  /** Of the first, unix ms; null where there is none. */
  readonly firstAt: number | null;
}

/** Gas of every mined transaction of an account, cancellations and failures too. */
export async function gasSpent(reader: Reader, chainId: number, signer: string, since: number): Promise<GasSpent> {
  const row = await reader.run((db) =>
    mined(db, chainId, since)
      .where("signer", "=", signer.toLowerCase())
      .select([
        sql<string>`coalesce(sum(gas_used * gas_price), 0)::text`.as("wei"),
        sql<string>`count(*)::text`.as("transactions"),
        sql<string | null>`min(created_at)::text`.as("first_at"),
      ])
      .executeTakeFirstOrThrow(),
  );
  const { wei, transactions, first_at } = row;
  return { wei: BigInt(wei), transactions: Number(transactions), firstAt: first_at === null ? null : Number(first_at) };
}

/** What a vault's landed intents have cost since a time, unix ms; USD. */
export interface VaultSpending {
  readonly gasUsd: number;
  /** Realised, and never below zero: a gain by chance is no income. */
  readonly tradingUsd: number;
  readonly outcomes: number;
  /** Of the first, unix ms; null where there is none. */
  readonly firstAt: number | null;
}

/** Gas and realised trading cost of a vault. */
export async function vaultSpending(
  reader: Reader,
  { chainId, vault }: VaultKey,
  since: number,
): Promise<VaultSpending> {
  const row = await reader.run((db) =>
    db
      .selectFrom("outcomes")
      .where("chain_id", "=", chainId)
      .where("vault", "=", vault.toLowerCase())
      .where("time", ">=", since)
      .select(({ fn }) => [
        fn.coalesce(fn.sum<number | string>("gas_usd"), sql<number>`0`).as("gas"),
        fn.coalesce(fn.sum<number | string>("realised_cost"), sql<number>`0`).as("trading"),
        fn.countAll<number | string>().as("outcomes"),
        fn.min("time").as("first"),
      ])
      .executeTakeFirstOrThrow(),
  );
  const { gas, trading, outcomes, first } = row;
  const firstAt = first === null ? null : Number(first);
  return { gasUsd: Number(gas), tradingUsd: Math.max(0, Number(trading)), outcomes: Number(outcomes), firstAt };
}

function mined(db: Kysely<Database>, chainId: number, since: number) {
  return db
    .selectFrom("attempts")
    .where("chain_id", "=", chainId)
    .where("status", "in", ["mined", "final"])
    .where("created_at", ">=", since);
}
