import { checkAddress, checkReceiver } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { PinnedBlock } from "../read/block.js";
import type { CrosshedgeVault } from "../vault.js";
import { checkShares } from "./ownersShares.js";
import { redemption } from "./redemption.js";
import type { Redemption } from "./types.js";

/** Which part of a controller's shares in the queue, and for whom. */
export interface PositionOptions {
  /** Who sends it: the controller, or an operator of his. */
  account: string;
  /** Shares, 1e18; all of them by default, which costs one more request to the node. */
  shares?: bigint;
  /** Whose shares; the account's by default. */
  controller?: string;
  /** Who gets what comes out; the controller by default. */
  receiver?: string;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** The options checked, with every default. @throws {CrosshedgeError} NOTHING_TO_DO, BAD_ARGUMENT */
export async function partOfPosition(
  vault: CrosshedgeVault,
  options: PositionOptions,
  of: keyof Pick<Redemption, "pending" | "claimable">,
) {
  const account = checkAddress(options.account, "account");
  const controller = checkAddress(options.controller ?? account, "controller");
  const receiver = checkReceiver(options.receiver ?? controller, "receiver", vault.address);
  if (options.shares !== undefined) checkShares(options.shares);
  const standing = options.shares === undefined ? await redemption(vault, controller, options) : null;
  const [shares, block] = standing ? [standing[of], standing.block] : [options.shares ?? 0n, options.block];
  if (shares > 0n) return { account, controller, receiver, shares, block };
  const what = of === "pending" ? "waits in the queue" : "was filled that could be claimed";
  throw new CrosshedgeError("NOTHING_TO_DO", `Nothing of ${controller} ${what}.`);
}
