import type { Insertable, Selectable } from "kysely";
import type { AttemptRow, IntentRow, OutcomeRow, TickRow } from "./schema.js";

export type Tick = Selectable<TickRow>;
export type NewTick = Omit<Insertable<TickRow>, "ended_at" | "result" | "id">;
export type Intent = Selectable<IntentRow>;
export type NewIntent = Omit<
  Insertable<IntentRow>,
  "id" | "status" | "succeeded" | "nonce" | "created_at" | "updated_at" | "note"
>;
export type Attempt = Selectable<AttemptRow>;
export type NewAttempt = Pick<
  Insertable<AttemptRow>,
  "hash" | "intent_id" | "nonce" | "cancels" | "raw" | "max_fee" | "max_priority_fee" | "route" | "expires_block"
>;
export type Outcome = Selectable<OutcomeRow>;

/** The right to sign for one account on one chain, until it expires or somebody takes it over. */
export interface LaneHold {
  readonly chainId: number;
  readonly signer: string;
  readonly owner: string;
  readonly term: number;
}

/** USD. */
export interface VaultCosts {
  readonly gasUsd: number;
  readonly tradingUsd: number;
  /** Intents that they are the costs of. */
  readonly intents: number;
  /** When the first of them was, unix ms; null where there is none. */
  readonly firstAt: number | null;
}

/** Which vault. */
export interface VaultKey {
  readonly chainId: number;
  readonly vault: string;
}

/**
 * What the keeper has decided, meant and signed. Every method that writes has committed when it resolves. Writes of attempts and of intents'
 * nonces are fenced: they fail with a LaneLostError where the hold's term is not the lane's any more, and then change nothing.
 */
export interface Journal {
  /** @returns The tick's id */
  beginTick(tick: NewTick): Promise<number>;
  endTick(id: number, result: object): Promise<void>;
  tick(id: number): Promise<Tick | null>;
  /** Latest first. */
  ticks(where: Partial<VaultKey>, limit: number): Promise<Tick[]>;

  /** Write an intent down, or give the one that is there: the same key twice among what is not void is the same intent. */
  openIntent(intent: NewIntent): Promise<{ readonly intent: Intent; readonly created: boolean }>;
  intent(id: number): Promise<Intent | null>;
  /** The one of a key that is not void. */
  intentOfKey(where: VaultKey, key: string): Promise<Intent | null>;
  /** Those of an account that are not final and not void, oldest first. */
  unsettled(chainId: number, signer: string): Promise<Intent[]>;
  /** Accounts of a chain that have any such, in order. */
  unsettledSigners(chainId: number): Promise<string[]>;
  /** Latest first. */
  intents(where: Partial<VaultKey>, limit: number): Promise<Intent[]>;
  /** Oldest first; one, or none where the tick sent nothing. */
  intentsOfTick(tickId: number): Promise<Intent[]>;
  updateIntent(
    hold: LaneHold,
    id: number,
    change: Partial<Pick<Intent, "status" | "succeeded" | "nonce" | "note">>,
  ): Promise<void>;

  /** Write a signed transaction down, and its nonce into its intent. */
  addAttempt(hold: LaneHold, attempt: NewAttempt): Promise<void>;
  updateAttempt(
    hold: LaneHold,
    hash: string,
    change: Partial<Omit<Attempt, "hash" | "sequence" | "intent_id" | "raw" | "nonce">>,
  ): Promise<void>;
  /** Of one intent, oldest first. */
  attempts(intentId: number): Promise<Attempt[]>;
  /** Every transaction ever signed for a nonce. */
  attemptsOfNonce(chainId: number, signer: string, nonce: number): Promise<Attempt[]>;

  /** Take a lane that is free, expired or one's own; null while somebody else holds it. The term grows unless it was one's own. */
  takeLane(chainId: number, signer: string, owner: string, milliseconds: number): Promise<LaneHold | null>;
  /** @throws {LaneLostError} somebody else has it */
  renewLane(hold: LaneHold, milliseconds: number): Promise<void>;
  /** Give it back; nothing where it is somebody else's already. */
  releaseLane(hold: LaneHold): Promise<void>;

  /** Write down that a replica lives: a write that really commits, for whoever asks whether the journal can be written. */
  beat(owner: string): Promise<void>;
  /** Replicas that have written so within the time, in order. */
  living(milliseconds: number): Promise<string[]>;
  /** A replica ends: it does not live any more. */
  leave(owner: string): Promise<void>;

  /** The last record of an intent counts. */
  recordOutcome(outcome: Insertable<OutcomeRow>): Promise<void>;
  /** Latest first. */
  outcomes(where: VaultKey, limit: number): Promise<Outcome[]>;

  /** What an account has paid for gas, in wei, by the transactions mined since a time in unix ms. */
  gasSpent(
    chainId: number,
    signer: string,
    since: number,
  ): Promise<{ readonly wei: bigint; readonly transactions: number; readonly firstAt: number | null }>;
  /** What a vault's intents have cost since a time in unix ms, USD. */
  costs(where: VaultKey, since: number): Promise<VaultCosts>;

  /**
   * Forget a vault's ticks that began before a time in unix ms: those that decided nothing as a whole, of others the inputs, so that they can
   * be explained still, but not replayed.
   *
   * @returns How many of each
   */
  pruneTicks(where: VaultKey, before: number): Promise<{ readonly idle: number; readonly inputs: number }>;

  pause(where: VaultKey, reason: string): Promise<void>;
  resume(where: VaultKey): Promise<void>;
  /** Why a vault is paused; null where it is not. */
  paused(where: VaultKey): Promise<string | null>;
}
