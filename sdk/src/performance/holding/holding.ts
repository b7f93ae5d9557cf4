import { MaxUint256 } from "ethers";
import { erc20 } from "../../abi/erc20.js";
import { checkAddress } from "../../address.js";
import type { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import { decoded } from "../../errors/decoded.js";
import { decodeError } from "../../errors/decodeError.js";
import { IHedgeVault__writes, IRedeemQueue__views } from "../../generated/abi.js";
import { mulDiv, sum } from "../../math.js";
import type { ReadPoint } from "../../multicall.js";
import { Batch } from "../../read/batch.js";
import type { PinnedBlock } from "../../read/block.js";
import { contractCall } from "../../read/call.js";
import { contractAt } from "../../read/contractAt.js";
import { ethCall } from "../../read/ethCall.js";
import { pointAt } from "../../read/pointAt.js";
import { REQUEST_ID } from "../../redeem/redemption.js";
import type { VaultState } from "../../state/types.js";
import { ONE, type Ratio18, type TokenAmount, type TokenAmounts, type Usd18, usdValue } from "../../units.js";
import type { CrosshedgeVault } from "../../vault.js";

/** What leaving in kind would pay. */
export interface InKind {
  /** Token units by vault asset. */
  amounts: TokenAmounts;
  /** At the oracle's mid; null while prices are bad. */
  usd: Usd18 | null;
}

/** What an account has in a vault at one block. */
export interface Holding {
  account: string;
  block: PinnedBlock;
  /** Shares, 1e18: in the account, waiting in the queue, filled and not yet claimed. */
  balance: bigint;
  pending: bigint;
  claimable: bigint;
  /** What the claim pays, settlement tokens. */
  claimableAssets: TokenAmount;
  /** Balance and pending as a share of all shares, fees that are due included. */
  ofSupply: Ratio18;
  /** Balance, pending and claim: at the NAV, and at the low side of its band; null while prices are bad. */
  usd: { mid: Usd18; low: Usd18 } | null;
  /** The claim alone, at mid; part of `usd`. */
  claimableUsd: Usd18 | null;
  /** What leaving in kind with balance and pending would pay, by simulating the very call; null where there is nothing or it would revert. */
  inKind: InKind | null;
  /** Why it would revert. */
  inKindError: CrosshedgeError | null;
}

/**
 * What an account has in a vault at a block, and what it is worth.
 *
 * @param block "latest" by default; for an old one the node must keep its state
 * @throws {CrosshedgeError} BAD_ARGUMENT, READ_FAILED
 * @example
 * const { usd, inKind } = await readHolding(vault, account);
 */
export async function readHolding(
  vault: CrosshedgeVault,
  account: string,
  block: number | "latest" = "latest",
): Promise<Holding> {
  return decoded(async () => {
    const who = checkAddress(account, "account");
    const state = await vault.readState({ blockTag: block });
    const queue = contractAt(IRedeemQueue__views, vault.address);
    const at = pointAt(vault.connection, state.block);
    const batch = new Batch(at);
    const reads = {
      balance: batch.add(erc20.balanceOf(vault.address, who)),
      pending: batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, who)),
      claimable: batch.add(contractCall(queue, "claimableRedeemRequest", REQUEST_ID, who)),
      claimableAssets: batch.add(contractCall(queue, "maxWithdraw", who)),
      supply: batch.add(contractCall(queue, "supplyWithFees")),
    };
    await batch.send();
    const [balance, pending] = [reads.balance.value(), reads.pending.value()];
    const shares = balance + pending;
    const claimableAssets = reads.claimableAssets.value();
    const left = await leave(vault.address, state, at, who, shares);
    return {
      ...{ account: who, block: state.block, balance, pending, claimable: reads.claimable.value(), claimableAssets },
      ofSupply: mulDiv(shares, ONE, reads.supply.value()) ?? 0n,
      ...worthOfHolding(state, shares, reads.supply.value(), claimableAssets),
      ...left,
    };
  });
}

/** What shares and a claim are worth at a state's prices. */
export function worthOfHolding(
  { nav, assets, settlementToken }: VaultState,
  shares: bigint,
  supply: bigint,
  claim: TokenAmount,
): Pick<Holding, "usd" | "claimableUsd"> {
  const asset = assets.find(({ address }) => address === settlementToken);
  const claimableUsd = asset?.price.ok ? usdValue(claim, asset.decimals, asset.price.mid) : null;
  if (!nav.ok || claimableUsd === null) return { usd: null, claimableUsd };
  const worth = (usd: Usd18) => (usd > 0n ? (mulDiv(shares, usd, supply) ?? 0n) : 0n) + claimableUsd;
  return { usd: { mid: worth(nav.mid), low: worth(nav.mid - nav.half) }, claimableUsd };
}

async function leave(
  address: string,
  { assets, nav }: VaultState,
  at: ReadPoint,
  account: string,
  shares: bigint,
): Promise<Pick<Holding, "inKind" | "inKindError">> {
  if (shares === 0n) return { inKind: null, inKindError: null };
  const none = assets.map(() => 0n);
  const exits = contractAt(IHedgeVault__writes, address);
  const call = contractCall(exits, "exitInKind", shares, account, account, none, [], MaxUint256);
  try {
    const paid = call.decode(await ethCall(at, { to: address, data: call.data, from: account }));
    const worths = assets.map(({ decimals, price }, index) => usdValue(paid[index] ?? 0n, decimals, price.mid));
    const amounts = Object.fromEntries(assets.map((asset, index) => [asset.address, paid[index] ?? 0n]));
    return { inKind: { amounts, usd: nav.ok ? sum(worths) : null }, inKindError: null };
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code === "NETWORK") throw error;
    return { inKind: null, inKindError: error };
  }
}
