import { MaxUint256 } from "ethers";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { type Simulated, simulateOperation } from "../prepare/simulateOperation.js";
import { contractCall, interfaceCall } from "../read/call.js";
import { addOwnersShares, checkShares, inWordsOfShares, ownersApproval, ownersGrants } from "../redeem/ownersShares.js";
import { findEvent } from "../send/findEvent.js";
import { DEFAULT_PATIENCE } from "../slippage.js";
import type { TokenAmounts } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import type { ExitInKindOptions, ExitInKindPreview, ExitInKindResult } from "./exitInKindTypes.js";
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
 * @throws {CrosshedgeError} INSUFFICIENT_SHARES, SLIPPAGE, BAD_ARGUMENT, NETWORK and decoded reverts
 * @example
 * const prepared = await prepareExitInKind(vault, { account, shares });
 * if (prepared.preview.mustForfeit.length === 0) await send(prepared, signer);
 */
export function prepareExitInKind(
  vault: CrosshedgeVault,
  options: ExitInKindOptions,
): Promise<Prepared<ExitInKindPreview, ExitInKindResult>> {
  return decoded(() => prepare(vault, options));
}

async function prepare(
  vault: CrosshedgeVault,
  options: ExitInKindOptions,
): Promise<Prepared<ExitInKindPreview, ExitInKindResult>> {
  const { shares, deadline } = options;
  const account = checkAddress(options.account, "account");
  const owner = checkAddress(options.owner ?? account, "owner");
  const receiver = checkAddress(options.receiver ?? account, "receiver");
  const listed = [...new Set((options.forfeit ?? []).map((entry) => checkAddress(entry, "forfeit")))];
  checkShares(shares);
  const { address, layout, connection } = vault;
  const abi = connection.vault.interface;
  const use = { account, owner, shares };
  const byAsset = (amounts: readonly bigint[]): TokenAmounts =>
    Object.fromEntries(layout.assets.map((asset, index) => [asset.address, amounts[index] ?? 0n]));
  const exit = (minOut: readonly bigint[], forfeit: readonly string[], until: bigint) =>
    interfaceCall<bigint[]>(abi, address, "exitInKind", shares, receiver, owner, minOut, forfeit, until);
  const before = (batch: Parameters<typeof addOwnersShares>[0]) => {
    const owners = addOwnersShares(batch, vault, use);
    const portfolio = batch.add(contractCall(connection.vault, "portfolio"));
    const supply = batch.add(contractCall(connection.queue, "supplyWithFees"));
    const legs = batch.add(contractCall(connection.vault, "legs"));
    return () => ({
      owners: owners(),
      equity: [...(portfolio.orNull()?.[0].equity ?? [])],
      supply: supply.value(),
      legs: [...legs.value()],
    });
  };
  type Before = ReturnType<ReturnType<typeof before>>;
  const none = layout.assets.map(() => 0n);
  const simulate = (forfeit: readonly string[], earlier: Simulated<bigint[], Before> | null) =>
    simulateOperation(vault, {
      account,
      call: exit(none, forfeit, deadline ?? MaxUint256),
      grants: ownersGrants(vault, use),
      before,
      block: earlier?.block ?? options.block,
    });
  const { simulated, value, unreachable } = await withoutUnreachable(simulate, listed, (error, { owners }) =>
    inWordsOfShares(error, use, owners.balance + (account === owner ? owners.waiting : 0n)),
  );
  const { conditions, chainId, block } = simulated;
  const { owners, ...held } = simulated.before;
  checkForfeit(listed, [...held.legs, ...layout.assets.map((asset) => asset.address)]);
  const first = unreachable[0];
  const mustForfeit = unreachable.map(({ leg }) => leg);
  const amounts = byAsset(value);
  const minOut = leastAmounts(layout, first ? { ...options, minOut: undefined } : options, value);
  const until = deadline ?? BigInt(block.timestamp + DEFAULT_PATIENCE);
  const preview: ExitInKindPreview = {
    shares,
    owner,
    receiver,
    amounts,
    minOut: byAsset(minOut),
    ...exitValue(conditions, shares, amounts),
    givenUp: givenUp(conditions, held, shares, [...listed, ...mustForfeit]),
    mustForfeit,
    fromQueue: shares > owners.balance ? shares - owners.balance : 0n,
  };
  return preparedOperation({
    operation: "exitInKind",
    chainId,
    block,
    account,
    to: address,
    encode: () => {
      if (first !== undefined) throw first.error;
      return exit(minOut, listed, until).data;
    },
    preview,
    requirements: ownersApproval(vault, chainId, use, owners.allowance >= shares),
    warnings: exitWarnings(conditions, preview, unreachable),
    expiresAt: until,
    resultOf: (receipt) => {
      const { args } = findEvent(receipt, { address, interface: abi }, "ExitInKind");
      return { shares: args.shares, amounts: byAsset([...args.amounts]), forfeit: [...args.forfeit] };
    },
  });
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
