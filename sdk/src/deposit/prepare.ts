import { MaxUint256, type TransactionReceipt } from "ethers";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import type { Spending } from "../prepare/funds.js";
import { addPermitDomain, type SignedPermit } from "../prepare/permit.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { allowanceRequirements } from "../prepare/requirements.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import type { Batch } from "../read/batch.js";
import { interfaceCall } from "../read/call.js";
import { findEvent } from "../send/findEvent.js";
import { DEFAULT_PATIENCE } from "../slippage.js";
import type { CrosshedgeVault } from "../vault.js";
import { toSpendings } from "./basket.js";
import { depositPreview } from "./preview.js";
import { addRooms, depositRefusal } from "./room.js";
import type {
  DepositPreview,
  DepositResult,
  DepositTerms,
  PrepareDepositBasketOptions,
  PrepareDepositOptions,
} from "./types.js";
import { depositWarnings } from "./warnings.js";

/** How a deposit reaches the vault: which function, and with which arguments before the least shares. */
interface Entry {
  operation: "deposit" | "depositBasket";
  arguments: readonly unknown[];
}

/**
 * Prepares a deposit of one token: simulated as it is, at one block.
 *
 * @returns The preview, what must be approved or signed, warnings, and the transaction
 * @throws {CrosshedgeError} BAD_ARGUMENT, TOKEN_NOT_IN_BASKET, SLIPPAGE, DEPOSIT_WINDOW, PERMIT_UNSUPPORTED, INSUFFICIENT_BALANCE or UNSUPPORTED where
 * what is missing cannot be simulated, and decoded reverts
 * @example
 * const deposit = await prepareDeposit(vault, { account, token: usdc, amount: parseToken("1000", 6) });
 * console.log(formatToken(deposit.preview.shares, 18), deposit.warnings);
 */
export function prepareDeposit(
  vault: CrosshedgeVault,
  { token, amount, ...terms }: PrepareDepositOptions,
): Promise<Prepared<DepositPreview, DepositResult>> {
  return decoded(async () => {
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
  { amounts, ...terms }: PrepareDepositBasketOptions,
): Promise<Prepared<DepositPreview, DepositResult>> {
  return decoded(async () =>
    prepare(vault, terms, toSpendings(amounts, vault.layout.assets), (all) => ({
      operation: "depositBasket",
      arguments: [all.map(({ token }) => token), all.map(({ amount }) => amount)],
    })),
  );
}

async function prepare(
  vault: CrosshedgeVault,
  terms: DepositTerms,
  spendings: readonly Spending[],
  entryOf: (spendings: readonly Spending[]) => Entry,
): Promise<Prepared<DepositPreview, DepositResult>> {
  const { address, connection } = vault;
  const account = checkAddress(terms.account, "account");
  const receiver = checkAddress(terms.receiver ?? account, "receiver");
  const mode = terms.approval ?? "auto";
  const entry = entryOf(spendings);
  const simulated = await simulateOperation(vault, {
    account,
    spendings,
    block: terms.block,
    call: interfaceCall<bigint>(VAULT, address, entry.operation, ...entry.arguments, 0n, receiver, terms.deadline ?? MaxUint256),
    before: (batch: Batch) => ({
    }),
  });
}
