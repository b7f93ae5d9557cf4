/** A block that the nodes know, as far as it matters for following the chain. */
export interface Head {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Wei per gas; null on a chain without one. */
  readonly baseFee: bigint | null;
}

/** A block as nodes send it. */
export interface RawBlock {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: string;
  readonly baseFeePerGas?: string | null;
}

export function headOf(block: RawBlock): Head {
  const { number, hash, parentHash, timestamp, baseFeePerGas } = block;
  const baseFee = typeof baseFeePerGas === "string" ? BigInt(baseFeePerGas) : null;
  return { number: Number(number), hash, parentHash, timestamp: Number(timestamp), baseFee };
}
