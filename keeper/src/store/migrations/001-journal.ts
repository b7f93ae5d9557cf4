import { type ColumnDataType, type CreateTableBuilder, type Kysely, sql } from "kysely";

const INTENT_STATUSES = sql`status in ('open', 'landed', 'reverted', 'final', 'void')`;
const ATTEMPT_STATUSES = sql`status in ('signed', 'sent', 'mined', 'final', 'replaced')`;

type Columns = Readonly<Record<string, ColumnDataType>>;

/** Whole amounts of any size. */
const BIG: ColumnDataType = "numeric(78, 0)";

const VAULT: Columns = { chain_id: "bigint", vault: "text" };

/** The journal's tables as they were at first. */
export async function journal(db: Kysely<unknown>): Promise<void> {
  await table(db, "targets", { name: "text", chain_id: "bigint", vault: "text", genesis: "text" }, {})
    .addPrimaryKeyConstraint("targets_key", ["name"])
    .execute();

  await table(db, "pauses", { ...VAULT, since: "bigint", reason: "text" }, {})
    .addPrimaryKeyConstraint("pauses_key", ["chain_id", "vault"])
    .execute();

  const tick: Columns = {
    ...{ ...VAULT, started_at: "bigint", block: "bigint", block_hash: "text", block_time: "bigint", epoch: BIG },
    ...{ inputs_hash: "text", config: "text", config_hash: "text", model_hash: "text", decision_hash: "text" },
    ...{ decision: "text", action: "text", reasons: "text", shadow: "boolean" },
  };
  await table(db, "ticks", tick, { ended_at: "bigint", inputs: "bytea", result: "text" }, "id").execute();
  await db.schema.createIndex("ticks_of_vault").on("ticks").columns(["chain_id", "vault", "id"]).execute();

  const intent: Columns = {
    ...{ ...VAULT, signer: "text", kind: "text", key: "text", target: "text", data: "text", gas_limit: BIG },
    ...{ deadline: "bigint", status: "text", created_at: "bigint", updated_at: "bigint" },
  };
  const intentLater: Columns = {
    ...{ tick_id: "bigint", notional: "float8", succeeded: "boolean", nonce: "bigint", note: "text" },
  };
  await table(db, "intents", intent, intentLater, "id")
    .addColumn("urgent", "boolean", (column) => column.notNull().defaultTo(false))
    .addCheckConstraint("intents_status", INTENT_STATUSES)
    .addForeignKeyConstraint("intents_tick", ["tick_id"], "ticks", ["id"])
    .execute();
  await db.schema
    .createIndex("intents_once")
    .on("intents")
    .columns(["chain_id", "vault", "key"])
    .unique()
    .where(sql.ref("status"), "<>", sql.lit("void"))
    .execute();
  await db.schema.createIndex("intents_of_signer").on("intents").columns(["chain_id", "signer", "status"]).execute();

  const attempt: Columns = {
    ...{ hash: "text", intent_id: "bigint", chain_id: "bigint", signer: "text", nonce: "bigint", cancels: "boolean" },
    ...{ raw: "bytea", max_fee: BIG, max_priority_fee: BIG, route: "text", status: "text" },
    ...{ created_at: "bigint", updated_at: "bigint" },
  };
  const attemptLater: Columns = {
    ...{ expires_block: "bigint", block: "bigint", block_hash: "text", succeeded: "boolean" },
    ...{ gas_used: BIG, gas_price: BIG, note: "text" },
  };
  await table(db, "attempts", attempt, attemptLater, "sequence")
    .addUniqueConstraint("attempts_hash", ["hash"])
    .addCheckConstraint("attempts_status", ATTEMPT_STATUSES)
    .addForeignKeyConstraint("attempts_intent", ["intent_id"], "intents", ["id"])
    .execute();
  await db.schema.createIndex("attempts_of_intent").on("attempts").column("intent_id").execute();
  await db.schema.createIndex("attempts_of_nonce").on("attempts").columns(["chain_id", "signer", "nonce"]).execute();

  await table(
    db,
    "lanes",
    { chain_id: "bigint", signer: "text", term: "bigint", owner: "text", expires_at: "bigint" },
    {},
  )
    .addPrimaryKeyConstraint("lanes_key", ["chain_id", "signer"])
    .execute();

  await table(db, "beats", { owner: "text", at: "bigint" }, {})
    .addPrimaryKeyConstraint("beats_key", ["owner"])
    .execute();

  const outcomeLater: Columns = {
    ...{ predicted_cost: "float8", realised_cost: "float8", predicted_slippage: "float8", realised_slippage: "float8" },
    ...{ predicted_variance_removed: "float8", realised_variance_removed: "float8", gas_usd: "float8" },
  };
  await table(db, "outcomes", { intent_id: "bigint", ...VAULT, time: "bigint", details: "text" }, outcomeLater)
    .addPrimaryKeyConstraint("outcomes_key", ["intent_id"])
    .addForeignKeyConstraint("outcomes_intent", ["intent_id"], "intents", ["id"])
    .execute();
  await db.schema.createIndex("outcomes_of_vault").on("outcomes").columns(["chain_id", "vault", "time"]).execute();
}

/** @param id Column that counts its rows, the primary key */
function table(db: Kysely<unknown>, name: string, always: Columns, sometimes: Columns, id?: string) {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  if (id !== undefined) {
    builder = builder.addColumn(id, "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity());
  }
  for (const [column, type] of Object.entries(always)) builder = builder.addColumn(column, type, (c) => c.notNull());
  for (const [column, type] of Object.entries(sometimes)) builder = builder.addColumn(column, type);
  return builder;
}
