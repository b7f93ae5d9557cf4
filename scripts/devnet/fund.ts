import { AbiCoder, keccak256, toBeHex } from "ethers";
import { UsageError } from "../errors.js";
import type { World } from "./world.js";

export type Funds = Partial<Record<"USDC" | "WBTC" | "ALT" | "WETH", bigint>>;

/** Mappings of balances are looked for in the first slots: every known token has its own there. */
const SLOTS = 64;

/** Give an account tokens: minted where the token is ours, written into its storage where it is not, as on a fork. */
export async function fund(world: World, to: string, amounts: Funds): Promise<void> {
  const { deployer } = world.signers;
  for (const [symbol, amount] of Object.entries(amounts) as [keyof Funds, bigint | undefined][]) {
    if (amount === undefined || amount === 0n) continue;
    if (symbol === "WETH") await fundWeth(world, to, amount);
    else if (await canMint(world, symbol)) await world.tokens[symbol].connect(deployer).mint(to, amount);
    else await writeBalance(world, symbol, to, amount);
  }
}

async function fundWeth({ tokens, networkHelpers, ethers, signers }: World, to: string, amount: bigint): Promise<void> {
  const { deployer } = signers;
  const balance = await ethers.provider.getBalance(deployer.address);
  await networkHelpers.setBalance(deployer.address, balance + amount);
  await tokens.WETH.connect(deployer).deposit({ value: amount });
  await tokens.WETH.connect(deployer).transfer(to, amount);
}

async function canMint({ tokens, signers }: World, symbol: "USDC" | "WBTC" | "ALT"): Promise<boolean> {
  try {
    return await tokens[symbol].isMinter(signers.deployer.address);
  } catch {
    return false;
  }
}

async function writeBalance(world: World, symbol: "USDC" | "WBTC" | "ALT", to: string, amount: bigint): Promise<void> {
  const { tokens, networkHelpers, ethers } = world;
  const token = tokens[symbol];
  const address = await token.getAddress();
  const wanted = (await token.balanceOf(to)) + amount;
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const key = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [to, slot]));
    const before = await ethers.provider.getStorage(address, key);
    await networkHelpers.setStorageAt(address, key, toBeHex(wanted, 32));
    if ((await token.balanceOf(to)) === wanted) return;
    await networkHelpers.setStorageAt(address, key, before);
  }
  throw new UsageError(`No balances found in the storage of ${symbol}.`, "Impersonate a holder and transfer instead.");
}
