import type { AbstractSigner } from "ethers";
import { KeeperError } from "../errors.js";
import { createLane, type LaneOptions } from "../lane/create-lane.js";
import type { Lane } from "../lane/lane.js";
import type { Logger } from "../logger.js";
import type { ChainTarget, VaultTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { relayRoute } from "../rpc/route.js";
import { knownAccounts } from "../store/known-accounts.js";
import type { Store } from "../store/open-store.js";
import { checkTarget } from "../store/targets.js";

/** Hash of a chain's first block, which tells it from another of the same id. */
export async function genesisOf(provider: ChainProvider): Promise<string> {
  const block = (await provider.send("eth_getBlockByNumber", ["0x0", false])) as { hash?: string } | null;
  if (typeof block?.hash === "string") return block.hash;
  throw new KeeperError("The node does not know the chain's first block.", "Use one that keeps all headers.");
}

/**
 * Check that each vault is the one that the storage knows by its name, and write new ones down.
 *
 * @throws {KeeperError} the configuration means another vault or chain than before
 */
export async function checkIdentity(
  { session }: Store,
  provider: ChainProvider,
  vaults: readonly VaultTarget[],
): Promise<void> {
  const genesis = await genesisOf(provider);
  for (const { name, address } of vaults) {
    await checkTarget(session, name, { chainId: provider.chainId, vault: address, genesis });
  }
}

/** Tell of an account that has sent transactions before and that this journal has never seen: it may be another than was meant. */
export async function warnOfNewJournal(
  { session }: Store,
  provider: ChainProvider,
  signer: string,
  logger: Logger,
): Promise<void> {
  const { chainId } = provider;
  const accounts = await knownAccounts(session);
  if (accounts.some((known) => known.chainId === chainId && known.signer === signer.toLowerCase())) return;
  const used = await provider.getTransactionCount(signer);
  if (used === 0) return;
  logger.warn(
    { chainId, signer, transactions: used },
    "the journal is new to an account that has sent before: is it the right storage?",
  );
}

/** The lane of a chain's signer, as it is configured. */
export function openLane(
  { chain: { relay, lane } }: ChainTarget,
  provider: ChainProvider,
  signer: AbstractSigner,
  rest: Pick<LaneOptions, "journal" | "owner" | "logger" | "listener" | "nativePriceUsd">,
): Promise<Lane> {
  const route = relay === undefined ? {} : { route: relayRoute({ ...relay, url: relay.url.reveal() }) };
  const { chainId } = provider;
  return createLane({ provider, wallet: signer.connect(provider), chainId, config: lane, ...route, ...rest });
}
