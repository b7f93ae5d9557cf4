// One class of errors, with a code, what happened and what to do next. CommonJS works as well as ESM.
const { CrosshedgeError, CrosshedgeVault, deploymentOf } = require("@crosshedge/sdk");
const { JsonRpcProvider } = require("ethers");

async function main() {
  const provider = new JsonRpcProvider(process.env.RPC_URL ?? "http://127.0.0.1:8545", undefined, {
    staticNetwork: true,
    cacheTimeout: -1,
  });
  const nowhere = "0x000000000000000000000000000000000000dEaD";
  const attempts = {
    "an address without a vault": () => CrosshedgeVault.connect({ address: nowhere, provider }),
    "something that is no address": () => CrosshedgeVault.connect({ address: "vault.eth", provider }),
    "a chain without a deployment": async () => deploymentOf(424242),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
    } catch (error) {
      // Not `instanceof`: `is` knows the errors of another copy of the package too.
      if (!CrosshedgeError.is(error)) throw error;
      console.log(`${what}: ${error.code}\n  ${error.shortMessage}\n  ${error.nextStep}`);
    }
  }
  provider.destroy();
}

void main();
