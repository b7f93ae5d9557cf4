import { KeeperError } from "../errors.js";
import type { Session } from "./session.js";

/** What a configured name stands for. */
export interface TargetIdentity {
  readonly chainId: number;
  readonly vault: string;
  /** Hash of block 0. */
  readonly genesis: string;
}

/** A configured name, or a chain's id, does not stand for what it stood for: another start would not help. */
export class WrongTargetError extends KeeperError {
  constructor(
    message: string,
    nextStep = "Correct the configuration, give it another name, or start with empty storage: journals of two vaults or chains are never mixed.",
  ) {
    super(message, nextStep);
  }
}

/**
 * Write down what a name stands for at its first use, and refuse something else later: one journal never mixes two vaults or chains.
 * @throws {WrongTargetError} the name stood for another vault or chain, or the chain of that id was another one
 */
export async function checkTarget(session: Session, name: string, identity: TargetIdentity): Promise<void> {
  const [vault, genesis] = [identity.vault.toLowerCase(), identity.genesis.toLowerCase()];
  const chain_id = identity.chainId;
  await session.transaction(async (db) => {
    await db
      .insertInto("targets")
      .values({ name, chain_id, vault, genesis })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    const known = await db
      .selectFrom("targets")
      .selectAll()
      .where((eb) => eb.or([eb("name", "=", name), eb("chain_id", "=", chain_id)]))
      .execute();
    const own = known.find((target) => target.name === name)!;
    if (own.chain_id !== chain_id) {
      throw new WrongTargetError(
        `"${name}" is on chain ${own.chain_id} in this storage, and on chain ${chain_id} now.`,
      );
    }
    if (own.vault !== vault)
      throw new WrongTargetError(`"${name}" is vault ${own.vault} in this storage, and ${vault} now.`);
    const other = known.find((target) => target.genesis !== genesis);
    if (other !== undefined) {
      throw new WrongTargetError(
        `Chain ${chain_id} began with block ${other.genesis} in this storage, and with ${genesis} now.`,
        "A devnet that was started anew is a new chain: move the old storage away, or name a new one with --storage. If it should be the same chain, correct the nodes' addresses.",
      );
    }
  });
}
