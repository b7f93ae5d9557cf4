import type { ContractTransactionReceipt, ContractTransactionResponse, TransactionReceipt } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { checkAddress } from "../address.js";
import { type Connection, requireSigner } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { Batch } from "../read/batch.js";
import { pinBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { confirm, findEvent } from "../send.js";
import { formatToken } from "../units.js";
import { REQUEST_ID } from "./redemption.js";
import type {
  CancelRedeemOptions,
  ClaimOptions,
  ClaimReceipt,
  RedeemRequestOptions,
  RedeemRequestReceipt,
} from "./types.js";

type Mined = ContractTransactionReceipt | TransactionReceipt;

async function read(connection: Connection) {
  const { provider, multicall } = connection;
  const { number } = await pinBlock(provider);
  return new Batch({ provider, multicall, blockNumber: number });
}

function eventArgs({ address, queue }: Connection, receipt: Mined, name: string) {
  return findEvent(receipt, { address, interface: queue.interface }, name).args;
}

/** Puts shares into the queue; simulated first. */
export async function requestRedeem(
  connection: Connection,
  { shares, ...who }: RedeemRequestOptions,
): Promise<RedeemRequestReceipt> {
  const caller = await requireSigner(connection).getAddress();
  const owner = checkAddress(who.owner ?? caller, "owner");
  const controller = checkAddress(who.controller ?? caller, "controller");
  if (shares <= 0n) throw new CrosshedgeError("BAD_ARGUMENT", "`shares` must be above 0.");
  const batch = await read(connection);
  const balance = batch.add(erc20.balanceOf(connection.address, owner));
  await batch.send();
  if (balance.value() < shares) {
    const [has, asked] = [formatToken(balance.value(), 18), formatToken(shares, 18)];
    throw new CrosshedgeError(
      "INSUFFICIENT_SHARES",
      `${owner} holds ${has} shares, fewer than the ${asked} to redeem.`,
    );
  }
  const receipt = await simulated(connection.queue.requestRedeem, shares, controller, owner);
  const args = eventArgs(connection, receipt, "RedeemRequest");
  return { hash: receipt.hash, blockNumber: receipt.blockNumber, shares: args.shares, controller: args.controller };
}

/** Takes shares back that wait; simulated first. */
export async function cancelRedeemRequest(
  connection: Connection,
  options: CancelRedeemOptions,
): Promise<RedeemRequestReceipt> {
  const caller = await requireSigner(connection).getAddress();
  const controller = checkAddress(options.controller ?? caller, "controller");
  const receiver = checkAddress(options.receiver ?? controller, "receiver");
  const batch = await read(connection);
  const pending = batch.add(contractCall(connection.queue, "pendingRedeemRequest", REQUEST_ID, controller));
  await batch.send();
  const shares = options.shares ?? pending.value();
  if (shares <= 0n) {
    throw new CrosshedgeError("NOTHING_TO_DO", `${controller} has no shares in the queue that wait.`);
  }
  if (shares > pending.value()) {
    const [waits, asked] = [formatToken(pending.value(), 18), formatToken(shares, 18)];
    throw new CrosshedgeError("INSUFFICIENT_SHARES", `${waits} shares of ${controller} wait, fewer than ${asked}.`);
  }
  const receipt = await simulated(connection.queue.cancelRedeemRequest, shares, receiver, controller);
  const args = eventArgs(connection, receipt, "RedeemRequestCancelled");
  return { hash: receipt.hash, blockNumber: receipt.blockNumber, shares: args.shares, controller };
}

/** Claims everything that was filled; simulated first. */
export async function claim(connection: Connection, options: ClaimOptions): Promise<ClaimReceipt> {
  const caller = await requireSigner(connection).getAddress();
  const controller = checkAddress(options.controller ?? caller, "controller");
  const receiver = checkAddress(options.receiver ?? controller, "receiver");
  const batch = await read(connection);
  const claimable = batch.add(contractCall(connection.queue, "maxRedeem", controller));
  await batch.send();
  if (claimable.value() === 0n) {
    throw new CrosshedgeError("NOTHING_TO_DO", `Nothing of ${controller} was filled that could be claimed.`);
  }
  const receipt = await simulated(connection.queue.redeem, claimable.value(), receiver, controller);
  const { shares, assets } = eventArgs(connection, receipt, "Withdraw");
  return { hash: receipt.hash, blockNumber: receipt.blockNumber, shares, assets, receiver };
}

/** Lets an account request, cancel and claim for the signer, or no longer; returns the transaction's hash. */
export async function setOperator(connection: Connection, operator: string, approved: boolean): Promise<string> {
  requireSigner(connection);
  return (await simulated(connection.queue.setOperator, checkAddress(operator, "operator"), approved)).hash;
}

/** Fills what is due, as far as the cash goes: the keeper's call, and anybody's once the queue has waited too long. */
export async function settle(connection: Connection): Promise<{ hash: string; shares: bigint; assets: bigint }> {
  requireSigner(connection);
  const receipt = await simulated(connection.queue.settle);
  const { shares, assets } = eventArgs(connection, receipt, "Settled");
  return { hash: receipt.hash, shares, assets };
}

interface Method<A extends unknown[]> {
  (...args: A): Promise<ContractTransactionResponse>;
  staticCall(...args: A): Promise<unknown>;
}

/** The very call is simulated, sent and waited for. */
async function simulated<A extends unknown[]>(method: Method<A>, ...args: A): Promise<Mined> {
  await method.staticCall(...args);
  return confirm(await method(...args));
}
