import { AbiCoder, concat, id, keccak256, toBeHex, zeroPadValue } from "ethers";
import { erc20 } from "../abi/erc20.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";

/** Where a token keeps the balance of an account. */
export type BalanceSlot = (account: string) => string;

const CODER = AbiCoder.defaultAbiCoder();
const PLAIN = 64;
/** Behind the storage gaps, of fifty slots each, of the bases of an upgradeable token; each base may have some slots more. */
const GAPS = [100, 150, 200, 250, 300];
const BEHIND_A_GAP = 8;
const MOST_VYPER = 24;

const numbers = (first: number, count: number): bigint[] => Array.from({ length: count }, (_, n) => BigInt(first + n));

/** `mapping(address => …)` at a slot, as Solidity lays it out. */
const solidity = (slot: bigint): BalanceSlot => {
  return (account) => keccak256(CODER.encode(["address", "uint256"], [account, slot]));
};

/** `HashMap[address, …]` at a slot, as Vyper lays it out. */
const vyper = (slot: bigint): BalanceSlot => {
  return (account) => keccak256(CODER.encode(["uint256", "address"], [slot, account]));
};

/** The first slot of a namespace of ERC-7201. */
function namespace(name: string): bigint {
  const hash = keccak256(CODER.encode(["uint256"], [BigInt(id(name)) - 1n]));
  return BigInt(hash) & ~0xffn;
}

/** Solady's: the address, eight bytes of zero, and a seed of four. */
const solady: BalanceSlot = (account) => keccak256(concat([account, zeroPadValue("0x87a211a2", 12)]));

const CANDIDATES: readonly BalanceSlot[] = [
  ...[...numbers(0, PLAIN), ...GAPS.flatMap((gap) => numbers(gap, BEHIND_A_GAP))].map(solidity),
  ...numbers(0, MOST_VYPER).map(vyper),
  solidity(namespace("openzeppelin.storage.ERC20")),
  solady,
];

/** Far from real balances, and small enough for a balance that shares its slot. */
const MARK = 1n << 72n;

/**
 * Where tokens keep balances: each candidate is given a number of its own, and `balanceOf` tells which one the token reads.
 *
 * @returns By token; a token is left out whose balance is none of the candidates, as where it is computed
 */
export async function findBalanceSlots(
  at: ReadPoint,
  tokens: readonly string[],
  account: string,
): Promise<Map<string, BalanceSlot>> {
  const marks = CANDIDATES.map((slot, index) => [slot(account), zeroPadValue(toBeHex(MARK + BigInt(index)), 32)]);
  const stateDiff = Object.fromEntries(marks) as Record<string, string>;
  const batch = new Batch({ ...at, overrides: Object.fromEntries(tokens.map((token) => [token, { stateDiff }])) });
  const balances = tokens.map((token) => ({ token, balance: batch.add(erc20.balanceOf(token, account)) }));
  await batch.send();
  const found = new Map<string, BalanceSlot>();
  for (const { token, balance } of balances) {
    const slot = CANDIDATES[Number((balance.orNull() ?? 0n) - MARK)];
    if (slot !== undefined) found.set(token, slot);
  }
  return found;
}
