import { keccak256 } from "ethers";

/** Bits that an address or a topic sets in a block's bloom filter: places of hex digits, and the bit of each. */
export type BloomBits = readonly (readonly [digit: number, bit: number])[];

/** The three bits of an address or a topic, hex (see the Ethereum yellow paper, 4.3.1). */
export function bloomBits(value: string): BloomBits {
  const hash = keccak256(value);
  return [0, 1, 2].map((pair) => {
    const bit = Number.parseInt(hash.slice(2 + 4 * pair, 6 + 4 * pair), 16) % 2048;
    return [2 + 511 - Math.floor(bit / 4), 1 << (bit % 4)] as const;
  });
}

/** False where a block with this bloom filter cannot have it. */
export function mayHave(bloom: string, bits: BloomBits): boolean {
  return bits.every(([digit, bit]) => (Number.parseInt(bloom[digit] as string, 16) & bit) !== 0);
}
