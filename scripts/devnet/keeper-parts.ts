import { createLane, type Journal, type KeeperOptions, type Lane, openStore } from "@crosshedge/keeper";
import { HDNodeWallet } from "ethers";
import { ROLES, type Role, TEST_MNEMONIC } from "./signers.js";
import type { World } from "./world.js";

/** The wallet of one of the world's accounts: it signs itself, as a keeper must. */
export function walletOf({ ethers }: Pick<World, "ethers">, role: Role): HDNodeWallet {
  const path = `m/44'/60'/0'/0/${ROLES.indexOf(role)}`;
  return HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, path).connect(ethers.provider);
}

/** Blocks of a local chain stay, and a transaction is in one at once. */
const LOCAL = { finality: 0, pollMilliseconds: 10 } as const;

/** The lane of an account of the world. */
export async function laneOf(world: World, role: Role, journal: Journal): Promise<Lane> {
  const { provider } = world.ethers;
  const chainId = Number((await provider.getNetwork()).chainId);
  const owner = `local ${role}`;
  return createLane({ provider, wallet: walletOf(world, role), chainId, journal, owner, config: LOCAL });
}

/** What a keeper in a world works with: an account of the world, and a journal in memory. */
export async function keeperParts(
  world: World,
  role: Role,
): Promise<Pick<KeeperOptions, "provider" | "multicall" | "journal"> & { readonly lane: Lane }> {
  const { provider } = world.ethers;
  const { journal } = await openStore({ kind: "memory" });
  const lane = await laneOf(world, role, journal);
  return { provider, multicall: await world.multicall.getAddress(), journal, lane };
}
