import "./errors/allErrors.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { decoded } from "./errors/decoded.js";
import type { Outcome } from "./multicall.js";
import { Batch } from "./read/batch.js";
import type { ContractCall } from "./read/call.js";
import { knownBlock } from "./state/readBlock.js";
import { readState } from "./state/readState.js";
import type { VaultState } from "./state/types.js";
import type { CrosshedgeVault } from "./vault.js";

/** What calls would do. */
export interface Simulation {
  /** In order. */
  outcomes: Outcome<unknown>[];
  /** The vault after them, as far as they did not fail. */
  state: VaultState;
}

/**
 * What calls of one account would answer at a block, one after the other, and the vault after them; nothing is sent. The node must let the
 * account have Multicall3's code for as long as it takes (state overrides), and the vault's connection must have a Multicall3.
 *
 * @param from The account that calls
 * @param state The block is this state's; prices are taken to be its too
 * @throws {CrosshedgeError} BAD_ARGUMENT without Multicall3; NETWORK where the node cannot
 */
export function simulateCalls(
  vault: CrosshedgeVault,
  calls: readonly ContractCall<unknown>[],
  from: string,
  { block, prices }: VaultState,
): Promise<Simulation> {
  const { connection, layout, terms } = vault;
  return decoded(async () => {
    const { provider, multicall, multicallCode: code } = connection;
    if (code === undefined) {
      throw new CrosshedgeError("BAD_ARGUMENT", "A simulation needs a Multicall3.", { nextStep: "Give this chain's." });
    }
    const blockHash = block.hash ?? undefined;
    const at = { provider, multicall, blockNumber: block.number, blockHash, as: { address: from, code } };
    const batch = new Batch(at);
    const answers = calls.map((call) => batch.add(call));
    const guess = { funding: terms?.funding ?? [], prices };
    const reading = await readState(connection, layout, knownBlock(block, at), guess, batch);
    if (typeof reading === "string") throw new CrosshedgeError("READ_FAILED", "The vault's legs have changed.");
    return { outcomes: answers.map((answer) => answer.outcome()), state: reading.state };
  });
}
