import type { Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Prepared } from "../prepare/prepared.js";
import { pinBlock } from "../read/block.js";
import { chainIdOf } from "../read/chainIdOf.js";

type Sendable = Pick<Prepared<unknown, unknown>, "chainId" | "expiresAt" | "operation">;

/**
 * Whether a preparation can be sent now, by the chain that a provider is on.
 *
 * @throws {CrosshedgeError} WRONG_CHAIN, STALE_PREPARATION
 */
export async function checkTerms(provider: Provider, prepared: Sendable): Promise<void> {
  await checkChain(provider, prepared.chainId);
  if (!(await hasExpired(provider, prepared))) return;
  const at = new Date(Number(prepared.expiresAt) * 1_000).toISOString();
  throw new CrosshedgeError("STALE_PREPARATION", `The ${prepared.operation} that was prepared expired at ${at}.`);
}

/** @throws {CrosshedgeError} WRONG_ACCOUNT */
export function checkAccount(actual: string, wanted: string): void {
  if (actual.toLowerCase() === wanted.toLowerCase()) return;
  throw new CrosshedgeError("WRONG_ACCOUNT", `The wallet acts for ${actual}; this was prepared for ${wanted}.`);
}

/**
 * Asked anew each time: a user may switch the chain while a wallet is open.
 *
 * @throws {CrosshedgeError} WRONG_CHAIN
 */
export async function checkChain(provider: Provider, wanted: bigint): Promise<void> {
  const actual = await chainIdOf(provider);
  if (actual === wanted) return;
  throw new CrosshedgeError("WRONG_CHAIN", `The wallet is on chain ${actual}; this was prepared for chain ${wanted}.`, {
    nextStep: `Switch the wallet to chain ${wanted}, then send again.`,
  });
}

/** Whether the contract would refuse it in the next block. */
export async function hasExpired(provider: Provider, { expiresAt }: Pick<Sendable, "expiresAt">): Promise<boolean> {
  return expiresAt !== null && (await pinBlock(provider)).timestamp >= expiresAt;
}
