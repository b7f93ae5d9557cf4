// Ask for a redemption, let the keeper settle it, claim. Needs the devnet and a deposit of Alice's: run deposit-and-exit.ts first.
import { readFileSync } from "node:fs";
import { createKeeper, createLane, openStore } from "@crosshedge/keeper";
import { CrosshedgeVault, formatToken, parseDeployment } from "@crosshedge/sdk";
import { HedgeVault__factory } from "@crosshedge/sdk/contracts";
import { JsonRpcProvider, Wallet } from "ethers";

/** Test keys of the devnet, known to everybody: Alice's and the keeper's. */
const ALICE = "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e";
const KEEPER = "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";

const { chainId, vaults, multicall } = parseDeployment(readFileSync("deployments/31337.json", "utf8"));
const url = process.argv[2] ?? "http://127.0.0.1:8545";
const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 });
const alice = new Wallet(ALICE, provider);
const [entry] = Object.values(vaults ?? {});
if (!entry) throw new Error("The deployment has no vault.");

const vault = await CrosshedgeVault.connect({ address: entry.vault, signer: alice, multicall });
const { journal, close } = await openStore({ kind: "memory" });
const wallet = new Wallet(KEEPER, provider);
const lane = await createLane({ provider, wallet, chainId, journal, owner: "example" });
const keeper = await createKeeper({ provider, journal, lane, vault: entry, multicall });
const shares = (await HedgeVault__factory.connect(entry.vault, provider).balanceOf(alice.address)) / 10n;
await vault.requestRedeem({ shares });
let standing = await vault.redemption();
console.log(`${formatToken(standing.pending, 18, 4)} shares wait. ${standing.nextStep}`);

// The devnet's feeds report with its market: the one of USDC daily, so start it with --speed to wait less.
for (let pass = 0; pass < 200 && standing.claimable === 0n; pass++) {
  const { duties } = await keeper.pass();
  for (const { kind, transaction } of duties) if (transaction !== null) console.log(`keeper: ${kind}`);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  standing = await vault.redemption();
}
console.log(standing.nextStep);
if (standing.claimable > 0n) {
  const { assets } = await vault.claim();
  console.log(`claimed ${formatToken(assets, 6, 2)} USDC`);
}
await close();
