import { type AccountMark, type Statement, statementOf, type VaultEvent } from "@crosshedge/sdk";
import { ZeroHash } from "ethers";

const ONE = 10n ** 18n;
const account = (digit: string) => `0x${digit.repeat(40)}`;
const VAULT = account("1");
export const HOLDER = account("2");
export const FRIEND = account("3");
export const TOKEN = account("4");
const layout = { assets: [{ address: TOKEN, symbol: "USDC", decimals: 6 }], settlementToken: TOKEN };

/** A block of a vault of 1,000 shares, at which each is worth `price` dollars. */
export function mark(number: number, held: Partial<AccountMark> = {}, price = 1n): AccountMark {
  const shares = 1_000n * ONE;
  return {
    ...{ balance: 0n, pending: 0n, claimable: 0n, claimableAssets: 0n },
    block: { number, hash: null, timestamp: number * 10 },
    nav: { mid: price * shares, half: 10n * ONE, ok: true },
    ...{ totalSupply: shares, supplyWithFees: shares, mids: [ONE] },
    ...held,
  };
}

/** What the vault told at a block, ten seconds a block. */
export function event(blockNumber: number, name: VaultEvent["name"], args: object): VaultEvent {
  const place = { contract: VAULT, blockNumber, blockHash: ZeroHash, timestamp: blockNumber * 10, logIndex: 0 };
  return { name, args, ...place, transactionHash: `0x${blockNumber}`, transactionIndex: 0 } as unknown as VaultEvent;
}

export function holdersStatement(
  marks: readonly AccountMark[],
  events: readonly VaultEvent[],
  openingCost?: bigint,
): Statement {
  return statementOf({ vault: VAULT, account: HOLDER, layout, marks, events, openingCost });
}
