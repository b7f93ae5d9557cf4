import type { ColumnType, Generated } from "kysely";

/** Times are unix milliseconds of the keeper's own clock unless a name says otherwise; hashes, addresses and calldata are lower-case 0x hex. */
type Json = string;
type Bytes = Uint8Array;
type Big = ColumnType<string, string | bigint, string | bigint>;

/** What a configured name stood for when it was first used: a name that stands for something else is refused. */
export interface TargetRow {
  name: string;
  chain_id: number;
  vault: string;
  /** Hash of the chain's block 0: two chains may share an id. */
  genesis: string;
}

/** A vault that is not to be acted for until it is resumed. */
export interface PauseRow {
  chain_id: number;
  vault: string;
  since: number;
  reason: string;
}

/** One decision with everything it was made from. */
export interface TickRow {
  id: Generated<number>;
  chain_id: number;
  vault: string;
  started_at: number;
  ended_at: number | null;
  block: number;
  block_hash: string;
  block_time: number;
  epoch: string;
  /** The situation, canonical JSON with typed bigints, compressed; null after it was pruned. */
  inputs: Bytes | null;
  inputs_hash: string;
  config: Json;
  config_hash: string;
  /** Hash of the code of model and plan. */
  model_hash: string;
  /** Of the decision record, as logged on-chain with a plan. */
  decision_hash: string;
  decision: Json;
  action: string;
  reasons: Json;
  /** True for a tick that had no key to act with. */
  shadow: boolean;
  /** What came of it; null while it runs, and after a crash. */
  result: Json | null;
}

/** A fill is an empty transaction for a nonce that a reorg left unused before others of the account. The last line is a rescuer's. */
export type IntentKind =
  | ("rebalance" | "poke" | "sync" | "accrueFees" | "settle" | "clearAlarm" | "heartbeat" | "fill")
  | ("raiseAlarm" | "hedge" | "deleverage");

/**
 * - open: may still land
 * - landed: mined and succeeded, not final yet
 * - reverted: mined and failed, not final yet
 * - final: landed or reverted for good; `succeeded` says which
 * - void: can never land: its nonce was used by something else for good, or nothing was ever signed
 */
export type IntentStatus = "open" | "landed" | "reverted" | "final" | "void";

/** One thing that shall happen on-chain once. Unique by (chain_id, vault, key) among those that are not void. */
export interface IntentRow {
  id: Generated<number>;
  chain_id: number;
  vault: string;
  signer: string;
  tick_id: number | null;
  kind: IntentKind;
  /** What makes it the same thing: `epoch:7` for a plan, `poke:<cursor>`, `heartbeat:<last sign>`, … */
  key: string;
  target: string;
  data: string;
  gas_limit: Big;
  /** Unix seconds after which it is cancelled. */
  deadline: number;
  /** USD that it moves, for the cap of its fee; null where it moves nothing. */
  notional: number | null;
  /** It cannot wait for a lower fee. */
  urgent: Generated<boolean>;
  status: IntentStatus;
  succeeded: boolean | null;
  /** Nonce that its attempts share; null before the first is signed. */
  nonce: number | null;
  created_at: number;
  updated_at: number;
  /** Why it is what it is, in words. */
  note: string | null;
}

/**
 * - signed: committed here, perhaps never sent
 * - sent: a node has taken it, or may have
 * - mined: in a block
 * - final: in a block that cannot be left any more
 * - replaced: another transaction of its nonce is final
 */
export type AttemptStatus = "signed" | "sent" | "mined" | "final" | "replaced";

/** One signed transaction. Committed before it is sent, so its hash is always known. */
export interface AttemptRow {
  hash: string;
  /** Order in which they were written. */
  sequence: Generated<number>;
  intent_id: number;
  chain_id: number;
  signer: string;
  nonce: number;
  /** True for the empty transaction that cancels. */
  cancels: boolean;
  raw: Bytes;
  max_fee: Big;
  max_priority_fee: Big;
  /** "public", or the name of the private relay. */
  route: string;
  /** The relay may include it up to this block; null in public. */
  expires_block: number | null;
  status: AttemptStatus;
  block: number | null;
  block_hash: string | null;
  succeeded: boolean | null;
  gas_used: Big | null;
  gas_price: Big | null;
  created_at: number;
  updated_at: number;
  /** What nodes said when it was sent, in words. */
  note: string | null;
}

/** Who may sign for an account on a chain. The term grows with each change of hands and fences writes of the one before. */
export interface LaneRow {
  chain_id: number;
  signer: string;
  term: number;
  owner: string;
  /** By the database's clock where it is a server, so that replicas need not agree on the time. */
  expires_at: number;
}

/** A replica of the keeper that lives, as of a time by the clock that leases go by. */
export interface BeatRow {
  owner: string;
  at: number;
}

/** What a landed intent cost and did, beside what was predicted. USD; shares are fractions. */
export interface OutcomeRow {
  intent_id: number;
  chain_id: number;
  vault: string;
  time: number;
  /** Of trading; gas is apart. */
  predicted_cost: number | null;
  realised_cost: number | null;
  predicted_slippage: number | null;
  realised_slippage: number | null;
  predicted_variance_removed: number | null;
  realised_variance_removed: number | null;
  gas_usd: number | null;
  details: Json;
}

export interface Database {
  targets: TargetRow;
  pauses: PauseRow;
  ticks: TickRow;
  intents: IntentRow;
  attempts: AttemptRow;
  lanes: LaneRow;
  beats: BeatRow;
  outcomes: OutcomeRow;
}
