import { checkAddress } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { type TokenAmount, type Usd18, usdValue } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { queueOperation } from "./queueOperation.js";

/** Who settles the queue. */
export interface SettleOptions {
  /** Who sends it: the keeper at any time, anybody once the queue has waited for `maxWait`. */
  account: string;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What a settlement would do. */
export interface SettlePreview {
  /** Filled, of all controllers together, 1e18; none where nothing is due, or no cash is left. */
  readonly shares: bigint;
  /** Set aside for them, settlement tokens. */
  readonly assets: TokenAmount;
  /** The same in USD; null where the price cannot be used. */
  readonly usd: Usd18 | null;
  /** Shares that go on waiting, 1e18. */
  readonly stillQueued: bigint;
}

/** A settlement that was mined. */
export interface SettleResult {
  /** Filled, 1e18. */
  readonly shares: bigint;
  /** Set aside for them, settlement tokens. */
  readonly assets: TokenAmount;
  /** NAV before it, and half the width of its band: it was priced at `nav − half`. */
  readonly nav: Usd18;
  readonly half: Usd18;
  /** Shares that are due and not filled, 1e18. */
  readonly stillDue: bigint;
  /** Shares that wait for newer prices, 1e18. */
  readonly stillWaiting: bigint;
}

/**
 * Prepares to settle the queue: what is due is priced and filled as far as the cash goes.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, WRONG_CHAIN, NETWORK and decoded reverts, such as SettleTooEarly
 * @example
 * const prepared = await prepareSettle(vault, { account: keeper });
 * if (prepared.preview.shares > 0n) await send(prepared, signer);
 */
export function prepareSettle(
  vault: CrosshedgeVault,
  options: SettleOptions,
): Promise<Prepared<SettlePreview, SettleResult>> {
  return decoded(async () =>
    queueOperation(vault, {
      operation: "settle",
      account: checkAddress(options.account, "account"),
      call: contractCall(contractAt(IRedeemQueue__writes, vault.address), "settle"),
      block: options.block,
      show: ({ shares, assets }, { conditions }) => {
        const cash = conditions.assets.find(({ address }) => address === conditions.settlementToken);
        const usd = cash?.price.ok ? usdValue(assets, cash.decimals, cash.price.mid) : null;
        return {
          preview: { shares, assets, usd, stillQueued: conditions.queue.shares - shares },
          warnings: [...commonWarnings(conditions), ...(shares === 0n ? [warning("NOTHING_FILLED")] : [])],
        };
      },
      event: "Settled",
      resultOf: ({ shares, assets, nav, half, stillDue, stillWaiting }) => ({
        shares,
        assets,
        nav,
        half,
        stillDue,
        stillWaiting,
      }),
    }),
  );
}
