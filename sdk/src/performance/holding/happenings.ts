import type { VaultEvent, VaultEventOf } from "../../history/events.js";
import type { VaultLayout } from "../../state/layout.js";
import type { TokenAmounts } from "../../units.js";
import type { AccountMark, StatementKind } from "./statementTypes.js";

/** Something that happened to a holding, before it is valued. */
export interface Happening {
  kind: StatementKind;
  event: VaultEvent;
  counterparty: string | null;
  shares: bigint;
  change: bigint;
  /** Positive for received. */
  tokens: TokenAmounts;
}

const NOBODY = "0x0000000000000000000000000000000000000000";

/** What the events of a vault did to one account's holding, in chain order. */
export function happeningsOf(
  events: readonly VaultEvent[],
  account: string,
  vault: string,
  layout: Pick<VaultLayout, "assets" | "settlementToken">,
  markAt: (block: number) => AccountMark,
): Happening[] {
  const filled = new Set<number>();
  return events.flatMap((event) => {
    const other = (address: string) => (address === account ? null : address);
    const line = (kind: StatementKind, rest: Partial<Happening>): Happening[] => [
      { kind, event, counterparty: null, shares: 0n, change: 0n, tokens: {}, ...rest },
    ];
    const moved = (kind: "transferIn" | "transferOut", shares: bigint, counterparty: string) =>
      line(kind, { shares, change: kind === "transferIn" ? shares : -shares, counterparty });
    switch (event.name) {
      case "BasketDeposit": {
        const { receiver, sender, tokens, amounts } = event.args;
        if (receiver !== account) return [];
        const shares = event.args.shares - burnedAtOnce(events, event, account);
        const paid = tokens.map((token, k) => [token, -(amounts[k] ?? 0n)] as const);
        return line("deposit", { shares, change: shares, tokens: added(paid), counterparty: other(sender) });
      }
      case "ExitInKind": {
        const { owner, receiver, shares, amounts } = event.args;
        if (owner !== account) return [];
        const got = layout.assets.map(({ address }, k) => [address, amounts[k] ?? 0n] as const);
        const tokens = Object.fromEntries(got.filter(([, amount]) => amount > 0n));
        return line("exit", { shares, change: -shares, tokens, counterparty: other(receiver) });
      }
      case "RedeemRequest": {
        const { controller, owner, shares } = event.args;
        if (owner === account && controller === account) return line("request", { shares });
        if (owner === account) return moved("transferOut", shares, controller);
        return controller === account ? moved("transferIn", shares, owner) : [];
      }
      case "RedeemRequestCancelled": {
        const { controller, receiver, shares } = event.args;
        if (controller === account && receiver === account) return line("cancel", { shares });
        if (controller === account) return moved("transferOut", shares, receiver);
        return receiver === account ? moved("transferIn", shares, controller) : [];
      }
      case "Settled": {
        if (filled.has(event.blockNumber)) return [];
        filled.add(event.blockNumber);
        const fill = fillOf(events, event.blockNumber, account, markAt);
        const tokens = { [layout.settlementToken]: fill.assets };
        return fill.shares <= 0n ? [] : line("fill", { shares: fill.shares, change: -fill.shares, tokens });
      }
      case "Withdraw": {
        const { owner, receiver, shares, assets } = event.args;
        if (owner !== account) return [];
        return line("claim", { shares, tokens: { [layout.settlementToken]: assets }, counterparty: other(receiver) });
      }
      case "FeesAccrued": {
        const shares = event.args.managementShares + event.args.performanceShares;
        if (shares === 0n) return [];
        if (event.args.recipient === account) return line("feeShares", { shares, change: shares });
        return line("fee", { shares, counterparty: event.args.recipient });
      }
      case "Transfer": {
        const { from, to, value } = event.args;
        if (from === NOBODY || to === NOBODY || from === to || from === vault) return [];
        if (to === vault && escrows(events, event)) return [];
        if (from === account) return moved("transferOut", value, to);
        return to === account ? moved("transferIn", value, from) : [];
      }
      default:
        return [];
    }
  });
}

function added(entries: readonly (readonly [string, bigint])[]): TokenAmounts {
  const sums: TokenAmounts = {};
  for (const [token, amount] of entries) sums[token] = (sums[token] ?? 0n) + amount;
  return sums;
}

const sameTransaction = (a: VaultEvent, b: VaultEvent): boolean => a.transactionHash === b.transactionHash;

/** ERC-4626's `mint` burns at once what a token unit bought too much. It is told right after the minting, before anything else. */
function burnedAtOnce(events: readonly VaultEvent[], deposit: VaultEvent, account: string): bigint {
  const next = events.filter((event) => sameTransaction(event, deposit) && event.logIndex > deposit.logIndex);
  const [minted, burned] = next.filter(({ name }) => name === "Transfer") as VaultEventOf<"Transfer">[];
  const isBurn = minted?.args.to === account && burned?.args.from === account && burned.args.to === NOBODY;
  return isBurn && !next.some(({ name }) => name === "ExitInKind") ? burned.args.value : 0n;
}

/** True for a transfer into the queue, which a request tells too. */
function escrows(events: readonly VaultEvent[], transfer: VaultEventOf<"Transfer">): boolean {
  return events.some(
    (event) =>
      event.name === "RedeemRequest" &&
      sameTransaction(event, transfer) &&
      event.args.owner === transfer.args.from &&
      event.args.shares === transfer.args.value,
  );
}

/** What the settlements of a block filled of an account's shares: what it can claim more, and what it claimed within the block. */
function fillOf(
  events: readonly VaultEvent[],
  block: number,
  account: string,
  markAt: (block: number) => AccountMark,
): { shares: bigint; assets: bigint } {
  const [before, after] = [markAt(block - 1), markAt(block)];
  let [shares, assets] = [after.claimable - before.claimable, after.claimableAssets - before.claimableAssets];
  for (const event of events) {
    if (event.name !== "Withdraw" || event.blockNumber !== block || event.args.owner !== account) continue;
    shares += event.args.shares;
    assets += event.args.assets;
  }
  return { shares, assets };
}
