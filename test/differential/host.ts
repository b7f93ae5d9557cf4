import { network } from "hardhat";

/** A contract that does nothing but hand its arguments to a library. */
export interface Host {
  /** What a function returns. */
  ask<T>(name: string, ...args: unknown[]): Promise<T>;
  /** Sends a transaction, in a block at `time` if that is given. */
  send(name: string, args: readonly unknown[], time?: number): Promise<void>;
}

/** The host on a chain of its own. */
export async function deployHost(name: string): Promise<Host> {
  const { ethers, networkHelpers } = await network.create("world");
  const contract = await ethers.deployContract(name);
  return {
    ask: (method, ...args) => contract.getFunction(method).staticCall(...args),
    send: async (method, args, time) => {
      if (time !== undefined) await networkHelpers.time.setNextBlockTimestamp(time);
      await contract.getFunction(method)(...args);
    },
  };
}

/** Random runs, the same for the same SEED. */
export const runs = (numRuns: number, seed: number) => ({ numRuns, seed: Number(process.env.SEED ?? seed) });
