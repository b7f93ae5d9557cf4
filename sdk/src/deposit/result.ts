import type { TransactionReceipt } from "ethers";
import { type Events, interfaceOf } from "../abi/abi.js";
import { IHedgeVault__events } from "../generated/abi.js";
import type { IHedgeVault } from "../generated/index.js";
import { findEvent } from "../send/findEvent.js";
import type { DepositResult } from "./types.js";

/**
 * What a mined deposit of an account did.
 *
 * @throws {CrosshedgeError} EVENT_MISSING where the receipt is of another transaction
 */
export function depositResult(
  { address, account }: { address: string; account: string },
  receipt: TransactionReceipt,
): DepositResult {
  const contract = { address, interface: interfaceOf(IHedgeVault__events) };
  const log = findEvent(receipt, contract, "BasketDeposit", ({ sender }) => sender === account);
  const args = log.args as unknown as Events<IHedgeVault>["BasketDeposit"];
  const { tokens, amounts, shares, receiver, navBefore, half } = args;
  const paid = tokens.map((token, index) => [token, amounts[index] ?? 0n]);
  return { shares, receiver, navBefore, half, amounts: Object.fromEntries(paid) as Record<string, bigint> };
}
