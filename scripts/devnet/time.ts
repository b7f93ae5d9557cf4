import type { NetworkConnection } from "hardhat/types/network";

export const HOUR = 3600;
export const QUARTER = 900;
export const DAY = 86_400;

/** The latest block's timestamp. */
export async function latestTime({ provider }: NetworkConnection): Promise<number> {
  const block = (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as {
    timestamp: string;
  };
  return Number(block.timestamp);
}

/** The timestamp of the next block. */
export async function setNextTime({ provider }: NetworkConnection, time: number): Promise<void> {
  await provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
}
