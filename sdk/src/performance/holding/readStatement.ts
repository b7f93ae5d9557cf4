import { erc20 } from "../../abi/erc20.js";
import { checkAddress } from "../../address.js";
import { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import { decoded } from "../../errors/decoded.js";
import { IHedgeVault__views, IPriceOracle__views, IRedeemQueue__views } from "../../generated/abi.js";
import { collectHistory } from "../../history/collectHistory.js";
import type { VaultEvent } from "../../history/events.js";
import { Batch } from "../../read/batch.js";
import { pinBlock } from "../../read/block.js";
import { contractCall } from "../../read/call.js";
import { contractAt } from "../../read/contractAt.js";
import { REQUEST_ID } from "../../redeem/redemption.js";
import type { Usd18 } from "../../units.js";
import type { CrosshedgeVault } from "../../vault.js";
import { readAtBlocks, type SamplingOptions } from "../sampling.js";
import { statementOf } from "./statement.js";
import type { AccountMark, Statement } from "./statementTypes.js";

/** Which period a statement is for. */
export interface StatementOptions extends SamplingOptions<AccountMark> {
  /** Block at whose end the period begins. */
  from: number;
  /** Block at whose end it ends. */
  to: number;
  /** What the shares held at `from` cost, USD; their market value by default. */
  openingCost?: Usd18;
}

/**
 * A statement of an account's holdings over a period. The node must keep the states of the period.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, READ_FAILED, NOT_ENOUGH_DATA, ABORTED
 * @example
 * console.log(toCsv(statementTable(await readStatement(vault, account, { from, to }))));
 */
export function readStatement(vault: CrosshedgeVault, account: string, options: StatementOptions): Promise<Statement> {
  return decoded(async () => {
    const { from, to, openingCost, ...reading } = options;
    const { signal, onProgress } = reading;
    const who = checkAddress(account, "account");
    if (!(from < to)) throw new CrosshedgeError("BAD_ARGUMENT", "`from` must be before `to`.");
    onProgress?.({ stage: "events", done: 0, total: to - from });
    const { events } = await collectHistory(vault, {
      from: from + 1,
      to,
      names: [
        ...(["BasketDeposit", "ExitInKind", "RedeemRequest", "RedeemRequestCancelled", "Settled"] as const),
        ...(["Withdraw", "FeesAccrued", "Transfer"] as const),
      ],
      ...(signal && { signal }),
    });
    const blocks = [...new Set([from, to, ...events.flatMap((event) => blocksOf(event, who))])];
    const read = (block: number) => readMark(vault, who, block);
    const marks = await readAtBlocks(blocks, reading, ({ block }) => block.number, read);
    return statementOf({ vault: vault.address, account: who, layout: vault.layout, marks, events, openingCost });
  });
}

/** Blocks at which the account must be read for an event. */
function blocksOf({ name, args, blockNumber }: VaultEvent, account: string): number[] {
  if (name === "Settled") return [blockNumber - 1, blockNumber];
  if (name === "FeesAccrued" || Object.values(args).includes(account)) return [blockNumber];
  return [];
}

async function readMark(
  { connection, address, layout }: CrosshedgeVault,
  account: string,
  blockNumber: number,
): Promise<AccountMark> {
  const { provider, multicall } = connection;
  const [views, queue] = [contractAt(IHedgeVault__views, address), contractAt(IRedeemQueue__views, address)];
  const oracle = contractAt(IPriceOracle__views, layout.priceOracle);
  const batch = new Batch({ provider, multicall, blockNumber });
  const reads = {
    balance: batch.add(erc20.balanceOf(address, account)),
    pending: batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, account)),
    claimable: batch.add(contractCall(queue, "claimableRedeemRequest", REQUEST_ID, account)),
    claimableAssets: batch.add(contractCall(queue, "maxWithdraw", account)),
    nav: batch.add(contractCall(views, "nav")),
    totalSupply: batch.add(erc20.totalSupply(address)),
    supplyWithFees: batch.add(contractCall(queue, "supplyWithFees")),
  };
  const prices = layout.assets.map((asset) => batch.add(contractCall(oracle, "price", asset.address)));
  const [block] = await Promise.all([pinBlock(provider, blockNumber), batch.send()]);
  // It reverts where a venue does not let a position be valued.
  const { mid, half, ok } = reads.nav.orNull() ?? { mid: 0n, half: 0n, ok: false };
  return {
    block,
    balance: reads.balance.value(),
    pending: reads.pending.value(),
    claimable: reads.claimable.value(),
    claimableAssets: reads.claimableAssets.value(),
    nav: { mid, half, ok },
    totalSupply: reads.totalSupply.value(),
    supplyWithFees: reads.supplyWithFees.value(),
    mids: prices.map((price) => {
      const answer = price.value();
      return answer.ok ? answer.mid : null;
    }),
  };
}
