// Deposit a basket, read the report, leave in kind. Needs the devnet: npm run devnet
import { readFileSync } from "node:fs";
import { CrosshedgeVault, formatReport, formatToken, parseDeployment, parseToken, readReport } from "@crosshedge/sdk";
import { Contract, JsonRpcProvider, Wallet } from "ethers";

/** Test keys of the devnet, known to everybody: its deployer, who may mint test tokens, and Alice. */
const DEPLOYER = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const ALICE = "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e";

const { chainId, tokens, altSymbol, vaults, multicall } = parseDeployment(
  readFileSync("deployments/31337.json", "utf8"),
);
const url = process.argv[2] ?? "http://127.0.0.1:8545";
const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 });
const alice = new Wallet(ALICE, provider);
const usdc = tokens.USDC as string;
const alt = tokens[altSymbol] as string;

// Money for the example. On a real chain you have your own.
const deployer = new Wallet(DEPLOYER, provider);
const amounts = { [usdc]: parseToken("70000", 6), [alt]: parseToken("2000", 18) };
for (const [token, amount] of Object.entries(amounts)) {
  const contract = new Contract(token, ["function mint(address to, uint256 amount)"], deployer);
  await (await contract.getFunction("mint")(alice.address, amount)).wait();
}

const [entry] = Object.values(vaults ?? {});
if (!entry) throw new Error("The deployment has no vault.");
const vault = await CrosshedgeVault.connect({ address: entry.vault, signer: alice, multicall });
const { shares: expected } = await vault.previewDepositBasket(amounts);
console.log(`expected shares: ${formatToken(expected, 18)}`);

const { shares } = await vault.depositBasket({ amounts });
console.log(`minted shares:   ${formatToken(shares, 18)}\n`);
console.log(formatReport(await readReport(vault)));

const exit = await vault.exitInKind({ shares: shares / 2n });
console.log("\nleft with half of them, and got");
for (const { address, symbol, decimals } of vault.assets) {
  console.log(`  ${formatToken(exit.amounts[address] ?? 0n, decimals)} ${symbol}`);
}
