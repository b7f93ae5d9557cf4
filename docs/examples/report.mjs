// Connect to a vault and print its report. Nothing is signed.
import { readFileSync } from "node:fs";
import { CrosshedgeVault, deploymentOf, formatReport, parseDeployment, readReport, vaultOf } from "@crosshedge/sdk";
import { JsonRpcProvider } from "ethers";

const provider = new JsonRpcProvider(process.env.RPC_URL ?? "http://127.0.0.1:8545", undefined, {
  staticNetwork: true,
  cacheTimeout: -1,
});
const { chainId } = await provider.getNetwork();

// The local chain's addresses come from the devnet's file. On a chain of DEPLOYED_CHAINS none is needed: deploymentOf(chainId).
const deployment = deploymentOf(chainId, [parseDeployment(readFileSync("31337.json", "utf8"))]);

const vault = await CrosshedgeVault.connect({
  address: vaultOf(deployment).vault,
  multicall: deployment.multicall,
  provider,
});
console.log(formatReport(await readReport(vault)));
provider.destroy();
