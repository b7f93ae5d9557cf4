import { network } from "hardhat";
import type { Prices } from "../../scripts/devnet/assets.js";
import { createPath, type PricePath } from "../../scripts/devnet/path.js";
import { HOUR } from "../../scripts/devnet/time.js";
import { DEFAULT_START, deployWorld, type World } from "../../scripts/devnet/world.js";

export const PRICES: Prices = { ETH: 2000, BTC: 40_000, ALT: 16, USDC: 1 };
export const START = DEFAULT_START;

/** A world of its own network, rewound to its start at each call. */
export async function createFixture(prices: Prices = PRICES): Promise<() => Promise<World>> {
  const connection = await network.create("world");
  async function fresh(): Promise<World> {
    return deployWorld(connection, { prices, startTime: START });
  }
  return () => connection.networkHelpers.loadFixture(fresh);
}

/** A path of given hours, from the world's start: what an hour leaves out is a gap. */
export function pathOf(rows: Partial<Prices>[], warmUpHours = 0): PricePath {
  return createPath({ start: START, scored: START + warmUpHours * HOUR, altSymbol: "ALT", rows });
}

/** The difference of two numbers as a fraction of the second. */
export function apart(value: number, reference: number): number {
  return Math.abs(value / reference - 1);
}

/** The error that a promise or a call ends with. */
export async function failureOf(action: () => unknown): Promise<Error> {
  try {
    await action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing failed");
}
