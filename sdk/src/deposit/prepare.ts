import { interfaceOf } from "../abi/abi.js";
import { checkAddress, checkReceiver } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IHedgeVault__writes } from "../generated/abi.js";
import { asArgument, checkDeadline, defaultDeadline } from "../prepare/deadline.js";
import type { Spending } from "../prepare/funds.js";
import { addPermitDomain, type SignedPermit } from "../prepare/permit.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { allowanceRequirements, checkApprovalMode } from "../prepare/requirements.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import { type ContractCall, interfaceCall } from "../read/call.js";
import type { CrosshedgeVault } from "../vault.js";
import { toSpendings } from "./basket.js";
import { depositPreview } from "./preview.js";
import { depositResult } from "./result.js";
import { addRooms, depositRefusal } from "./room.js";
import type {
  DepositPreview,
  DepositResult,
  DepositTerms,
  PrepareDepositBasketOptions,
  PrepareDepositOptions,
} from "./types.js";
import { depositWarnings } from "./warnings.js";

/** What a deposit answers: the shares that it minted. */
function callOf(address: string, method: string, ...args: readonly unknown[]): ContractCall<bigint> {
  return interfaceCall<bigint>(interfaceOf(IHedgeVault__writes), address, method, ...args);
}

/** How a deposit reaches the vault: which function, and with which arguments before the least shares. */
interface Entry {
  operation: "deposit" | "depositBasket";
  arguments: readonly unknown[];
}

/**
 * Prepares a deposit of one token: simulated as it is, at one block.
 *
 * @returns The preview, what must be approved or signed, warnings, and the transaction
 * @throws {CrosshedgeError} BAD_ARGUMENT, WRONG_CHAIN, TOKEN_NOT_IN_BASKET, SLIPPAGE, DEPOSIT_WINDOW, PERMIT_UNSUPPORTED, INSUFFICIENT_BALANCE or
 * UNSUPPORTED where what is missing cannot be simulated, and decoded reverts
 * @example
 * const deposit = await prepareDeposit(vault, { account, token: usdc, amount: parseToken("1000", 6) });
 * console.log(formatToken(deposit.preview.shares, 18), deposit.warnings);
 */
export function prepareDeposit(
  vault: CrosshedgeVault,
  options: PrepareDepositOptions,
): Promise<Prepared<DepositPreview, DepositResult>> {
  return decoded(async () => {
    const { token, amount, ...terms } = options;
    const spendings = toSpendings({ [checkAddress(token, "token")]: amount }, vault.layout.assets);
    return prepare(vault, terms, spendings, ([only]) => ({
      operation: "deposit",
      arguments: [only?.token, only?.amount],
    }));
  });
}

/**
 * Prepares a deposit of several tokens at once: simulated as it is, at one block.
 *
 * @returns The preview, what must be approved or signed, warnings, and the transaction
 * @throws {CrosshedgeError} As {@link prepareDeposit}
 * @example
 * const deposit = await prepareDepositBasket(vault, { account, amounts: { [usdc]: 1_000_000n, [weth]: 10n ** 15n } });
 * const transaction = deposit.build();
 */
export function prepareDepositBasket(
  vault: CrosshedgeVault,
  options: PrepareDepositBasketOptions,
): Promise<Prepared<DepositPreview, DepositResult>> {
  return decoded(async () => {
    const { amounts, ...terms } = options;
    return prepare(vault, terms, toSpendings(amounts, vault.layout.assets), (all) => ({
      operation: "depositBasket",
      arguments: [all.map(({ token }) => token), all.map(({ amount }) => amount)],
    }));
  });
}

/** The calldata's function and arguments, with permits where there are any: their entry takes baskets only. */
function encode(
  address: string,
  entry: Entry,
  spendings: readonly Spending[],
  rest: readonly unknown[],
  permits: readonly SignedPermit[],
) {
  if (permits.length === 0) return callOf(address, entry.operation, ...entry.arguments, ...rest).data;
  const basket = [spendings.map(({ token }) => token), spendings.map(({ amount }) => amount)];
  return callOf(address, "depositBasketWithPermit", ...basket, ...rest, permits).data;
}

async function prepare(
  vault: CrosshedgeVault,
  terms: DepositTerms,
  spendings: readonly Spending[],
  entryOf: (spendings: readonly Spending[]) => Entry,
): Promise<Prepared<DepositPreview, DepositResult>> {
  const { address } = vault;
  const account = checkAddress(terms.account, "account");
  const receiver = checkReceiver(terms.receiver ?? account, "receiver", address);
  const mode = checkApprovalMode(terms.approval ?? "auto");
  checkDeadline(terms.deadline);
  const entry = entryOf(spendings);
  const simulated = await simulateOperation(vault, {
    account,
    spendings,
    block: terms.block,
    call: callOf(address, entry.operation, ...entry.arguments, 0n, receiver, asArgument(terms.deadline)),
    before: (batch) => {
      const rooms = addRooms(batch, address, spendings);
      const domains = spendings.map(({ token }) => ({ token, read: addPermitDomain(batch, token, account) }));
      return () => ({ rooms, domains });
    },
  });
  const { block, chainId, conditions, before, outcome, funds, hasCode } = simulated;
  const rooms = before.rooms(conditions);
  if (!outcome.ok) throw depositRefusal(outcome.error, conditions, rooms);
  const preview = depositPreview(conditions, spendings, { ...terms, receiver }, outcome.value, rooms);
  const deadline = terms.deadline ?? defaultDeadline(block);
  const permitDomain = (asked: string) => {
    const domain = before.domains.find(({ token }) => token === asked);
    return hasCode ? null : (domain?.read(chainId) ?? null);
  };
  return preparedOperation({
    operation: entry.operation,
    chainId,
    account,
    to: address,
    block,
    preview,
    requirements: allowanceRequirements(funds, {
      chainId,
      owner: account,
      spender: address,
      mode,
      deadline,
      permitDomain,
    }),
    warnings: depositWarnings(conditions, preview, funds),
    expiresAt: deadline,
    encode: (permits) =>
      encode(address, entry, spendings, [preview.minShares, receiver, asArgument(deadline)], permits),
    resultOf: (receipt) => depositResult({ address, account }, receipt),
  });
}
