import { MaxUint256 } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { checkAddress } from "../address.js";
import { type Connection, requireSigner } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { Batch } from "../read/batch.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import { confirm, findEvent } from "../send.js";
import { DEFAULT_PATIENCE } from "../slippage.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken, type TokenAmounts } from "../units.js";
import { leastAmounts } from "./leastAmounts.js";
import type { ExitOptions, ExitPreview, ExitPreviewOptions, ExitReceipt } from "./types.js";

interface Parties {
  caller: string;
  owner: string;
  receiver: string;
  forfeit: string[];
}

function byAsset(layout: VaultLayout, amounts: readonly bigint[]): TokenAmounts {
  return Object.fromEntries(layout.assets.map(({ address }, index) => [address, amounts[index] ?? 0n]));
}

async function parties({ signer }: Connection, options: ExitPreviewOptions): Promise<Parties> {
  const caller = (await signer?.getAddress()) ?? options.owner;
  if (caller === undefined)
    throw new CrosshedgeError("BAD_ARGUMENT", "Without a signer, `owner` says whose shares to preview.");
  if (options.shares <= 0n) throw new CrosshedgeError("BAD_ARGUMENT", "`shares` must be above 0.");
  return {
    caller: checkAddress(caller, "owner"),
    owner: checkAddress(options.owner ?? caller, "owner"),
    receiver: checkAddress(options.receiver ?? caller, "receiver"),
    forfeit: (options.forfeit ?? []).map((leg) => checkAddress(leg, "forfeit")),
  };
}

async function checkShares(connection: Connection, block: PinnedBlock, { caller, owner }: Parties, shares: bigint) {
  const { provider, multicall, address } = connection;
  const batch = new Batch({ provider, multicall, blockNumber: block.number });
  const balance = batch.add(erc20.balanceOf(address, owner));
  const allowance = batch.add(erc20.allowance(address, owner, caller));
  await batch.send();
  if (balance.value() < shares) {
    const [has, asked] = [formatToken(balance.value(), 18), formatToken(shares, 18)];
    throw new CrosshedgeError(
      "INSUFFICIENT_SHARES",
      `${owner} holds ${has} shares, fewer than the ${asked} to leave with.`,
    );
  }
  if (caller !== owner && allowance.value() < shares) {
    throw new CrosshedgeError("INSUFFICIENT_ALLOWANCE", `${owner} does not allow ${caller} to use that many shares.`);
  }
}

async function simulate(
  connection: Connection,
  layout: VaultLayout,
  { caller, owner, receiver, forfeit }: Parties,
  shares: bigint,
  block: PinnedBlock,
): Promise<bigint[]> {
  const none = layout.assets.map(() => 0n);
  const call = connection.vault.exitInKind;
  try {
    const overrides = { from: caller, blockTag: block.number };
    return [...(await call.staticCall(shares, receiver, owner, none, forfeit, MaxUint256, overrides))];
  } catch (caught) {
    throw decodeError(caught);
  }
}

/** Simulates the very exit, without least amounts. */
export async function previewExitInKind(
  connection: Connection,
  layout: VaultLayout,
  options: ExitPreviewOptions,
): Promise<ExitPreview> {
  const who = await parties(connection, options);
  const block = await pinBlock(connection.provider);
  await checkShares(connection, block, who, options.shares);
  const amounts = await simulate(connection, layout, who, options.shares, block);
  return { amounts: byAsset(layout, amounts), blockNumber: block.number };
}

/** Leaves in kind; simulated first, with least amounts below the simulation. */
export async function exitInKind(
  connection: Connection,
  layout: VaultLayout,
  options: ExitOptions,
): Promise<ExitReceipt> {
  requireSigner(connection);
  const { vault, provider, address } = connection;
  const who = await parties(connection, options);
  const block = await pinBlock(provider);
  await checkShares(connection, block, who, options.shares);
  const preview = await simulate(connection, layout, who, options.shares, block);
  const minOut = leastAmounts(layout, options, preview);
  const deadline = options.deadline ?? BigInt(block.timestamp + DEFAULT_PATIENCE);
  try {
    const response = await vault.exitInKind(options.shares, who.receiver, who.owner, minOut, who.forfeit, deadline);
    const receipt = await confirm(response);
    const { args } = findEvent(receipt, { address, interface: vault.interface }, "ExitInKind");
    return {
      hash: receipt.hash,
      blockNumber: receipt.blockNumber,
      shares: args.shares,
      amounts: byAsset(layout, [...args.amounts]),
      forfeit: [...args.forfeit],
    };
  } catch (caught) {
    throw decodeError(caught);
  }
}
