// A keeper for the devnet's vault, which settles redemptions and hedges. Needs the devnet: npm run devnet -- --speed 0.25
import { readFileSync } from "node:fs";
import { createKeeper, createLane, openStore } from "@crosshedge/keeper";
import { parseDeployment, vaultOf } from "@crosshedge/sdk";
import { JsonRpcProvider, Wallet } from "ethers";

/** The keeper's test key of the devnet, known to everybody. */
const KEEPER = "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";

const deployment = parseDeployment(readFileSync("deployments/31337.json", "utf8"));
const { chainId, multicall } = deployment;
const url = process.argv[2] ?? "http://127.0.0.1:8545";
const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 });
const { journal, close } = await openStore({ kind: "memory" });
const wallet = new Wallet(KEEPER, provider);
const lane = await createLane({ provider, wallet, chainId, journal, owner: "example" });
const keeper = await createKeeper({ provider, journal, lane, vault: vaultOf(deployment), multicall });

let stopped = false;
process.once("SIGINT", () => {
  stopped = true;
});
while (!stopped) {
  const { action, duties } = await keeper.pass();
  if (action !== "nothing" && action !== "waiting") console.log(`keeper: ${action}`);
  for (const { kind, transaction } of duties) if (transaction !== null) console.log(`keeper: ${kind}`);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}
await close();
