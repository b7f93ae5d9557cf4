import { interfaceOf } from "../abi/abi.js";
import { checkAddress, checkReceiver } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IHedgeVault__events, IHedgeVault__writes } from "../generated/abi.js";
import { asArgument, checkDeadline, defaultDeadline } from "../prepare/deadline.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import type { Batch } from "../read/batch.js";
import { type ContractCall, contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { checkShares, inWordsOfShares, ownersApproval, ownersGrants } from "../redeem/ownersShares.js";
import { findEvent } from "../send/findEvent.js";
import type { VaultLayout } from "../state/layout.js";
import type { TokenAmounts } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import type { ExitInKindOptions, ExitInKindPreview, ExitInKindResult } from "./exitInKindTypes.js";
import { addExitReads } from "./exitReads.js";
import { exitValue, givenUp } from "./exitValue.js";
import { exitWarnings } from "./exitWarnings.js";
import { leastAmounts } from "./leastAmounts.js";
import { withoutUnreachable } from "./reachable.js";

/**
 * Prepares to leave with a share of everything the vault holds; it reads no oracle, needs no keeper and works in every mode.
 *
 * Legs that cannot be left now are reported as `preview.mustForfeit`, and the preview is without them; `build()` then refuses until the
 * operation is prepared again with them in `forfeit`.
 *
 * @throws {CrosshedgeError} INSUFFICIENT_SHARES, SLIPPAGE, TOKEN_NOT_IN_BASKET, BAD_ARGUMENT, WRONG_CHAIN, NETWORK and decoded reverts
 * @example
 * const prepared = await prepareExitInKind(vault, { account, shares });
 * if (prepared.preview.mustForfeit.length === 0) await send(prepared, signer);
 */
export function prepareExitInKind(
  vault: CrosshedgeVault,
  options: ExitInKindOptions,
): Promise<Prepared<ExitInKindPreview, ExitInKindResult>> {
  return decoded(async () => {
    const { address, layout } = vault;
    const who = partiesOf(vault, options);
    const { account, owner, shares, listed } = who;
    const { reached, before } = await simulate(vault, options, who);
    const { simulated, value, unreachable } = reached;
    const { conditions, chainId, block } = simulated;
    checkForfeit(listed, [...before.legs, ...layout.assets.map((asset) => asset.address)]);
    const first = unreachable[0];
    const amounts = byAsset(layout, value);
    const minOut = leastAmounts(layout, first ? { ...options, minOut: undefined } : options, value);
    const deadline = options.deadline ?? defaultDeadline(block);
    const mustForfeit = unreachable.map(({ leg }) => leg);
    const preview: ExitInKindPreview = {
      shares,
      owner,
      receiver: who.receiver,
      amounts,
      minOut: byAsset(layout, minOut),
      ...exitValue(conditions, shares, amounts),
      givenUp: givenUp(conditions, before, shares, [...listed, ...mustForfeit]),
      mustForfeit,
      fromQueue: shares > before.owners.balance ? shares - before.owners.balance : 0n,
    };
    return preparedOperation({
      operation: "exitInKind",
      chainId,
      account,
      to: address,
      block,
      preview,
      requirements: ownersApproval(vault, chainId, who, before.owners.allowance >= shares),
      warnings: exitWarnings(conditions, preview, unreachable),
      expiresAt: deadline,
      encode: () => {
        if (first !== undefined) throw first.error;
        return exitCall(vault, who, minOut, listed, deadline).data;
      },
      resultOf: (receipt) => {
        const contract = { address, interface: interfaceOf(IHedgeVault__events) };
        const { args } = findEvent(receipt, contract, "ExitInKind", ({ sender }) => sender === account);
        return { shares: args.shares, amounts: byAsset(layout, [...args.amounts]), forfeit: [...args.forfeit] };
      },
    });
  });
}

interface Parties {
  account: string;
  owner: string;
  receiver: string;
  shares: bigint;
  /** What the user gives up. */
  listed: string[];
}

function partiesOf({ address }: CrosshedgeVault, options: ExitInKindOptions): Parties {
  const account = checkAddress(options.account, "account");
  checkShares(options.shares);
  checkDeadline(options.deadline);
  return {
    account,
    owner: checkAddress(options.owner ?? account, "owner"),
    receiver: checkReceiver(options.receiver ?? account, "receiver", address),
    shares: options.shares,
    listed: [...new Set((options.forfeit ?? []).map((entry) => checkAddress(entry, "forfeit")))],
  };
}

/** The very exit without least amounts, and without the legs that refuse. */
async function simulate(vault: CrosshedgeVault, { deadline, block }: ExitInKindOptions, who: Parties) {
  const { account, owner, shares } = who;
  const none = vault.layout.assets.map(() => 0n);
  const before = (batch: Batch) => addExitReads(batch, vault, who);
  const grants = ownersGrants(vault, who);
  const reached = await withoutUnreachable(
    (forfeit, at) =>
      simulateOperation(vault, {
        account,
        call: exitCall(vault, who, none, forfeit, deadline),
        grants,
        before,
        block: at ?? block,
      }),
    who.listed,
    (refusal, { owners }) =>
      inWordsOfShares(refusal, { account, owner, shares }, owners.balance + (account === owner ? owners.waiting : 0n)),
  );
  return { reached, before: reached.simulated.before };
}

function exitCall(
  { address }: CrosshedgeVault,
  { shares, receiver, owner }: Parties,
  minOut: readonly bigint[],
  forfeit: readonly string[],
  deadline: number | undefined,
): ContractCall<readonly bigint[]> {
  const vault = contractAt(IHedgeVault__writes, address);
  return contractCall(vault, "exitInKind", shares, receiver, owner, [...minOut], [...forfeit], asArgument(deadline));
}

function byAsset({ assets }: VaultLayout, amounts: readonly bigint[]): TokenAmounts {
  return Object.fromEntries(assets.map(({ address }, index) => [address, amounts[index] ?? 0n]));
}

/** The vault would ignore an address that it does not know. */
function checkForfeit(listed: readonly string[], known: readonly string[]): void {
  const stranger = listed.find((address) => !known.includes(address));
  if (stranger === undefined) return;
  throw new CrosshedgeError(
    "BAD_ARGUMENT",
    `\`forfeit\` names ${stranger}, which is no leg and no asset of the vault.`,
  );
}
