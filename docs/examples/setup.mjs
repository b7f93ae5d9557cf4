// What the other recipes begin with: a node, a vault, an account and money for it.
import { readFileSync } from "node:fs";
import { CrosshedgeVault, deploymentOf, parseDeployment, vaultOf } from "@crosshedge/sdk";
import { Contract, JsonRpcProvider, Wallet } from "ethers";

/** Test keys of the devnet, known to everybody: Alice's, and the deployer's, who may mint test tokens. */
const ALICE = "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e";
const DEPLOYER = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const url = process.env.RPC_URL ?? "http://127.0.0.1:8545";
export const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 });
export const alice = new Wallet(ALICE, provider);

const { chainId } = await provider.getNetwork();
export const deployment = deploymentOf(chainId, [parseDeployment(readFileSync("31337.json", "utf8"))]);
export const vault = await CrosshedgeVault.connect({
  address: vaultOf(deployment).vault,
  multicall: deployment.multicall,
  provider,
});

/** The address of one of the vault's assets. */
export function token(symbol) {
  return vault.assets.find((asset) => asset.symbol === symbol)?.address ?? deployment.tokens[symbol];
}

/** Test tokens for Alice. On a real chain you have your own. */
export async function fund(amounts) {
  const deployer = new Wallet(DEPLOYER, provider);
  for (const [address, amount] of Object.entries(amounts)) {
    const contract = new Contract(address, ["function mint(address to, uint256 amount)"], deployer);
    await (await contract.mint(alice.address, amount)).wait();
  }
}
