// A contract wallet signs no permits: it takes the approvals and the deposit as one batch.
import { batchOf, parseToken, prepareDeposit } from "@crosshedge/sdk";
import { fund, provider, token, vault } from "./setup.mjs";

const safe = "0x5aFE3855358E112B5647B952709E6165e1c1eEEe";
await fund({ [token("USDC")]: parseToken("1000", 6) });

// It need not have the money yet: what is missing is assumed, and told as a warning.
const prepared = await prepareDeposit(vault, {
  account: safe,
  token: token("USDC"),
  amount: parseToken("1000", 6),
  approval: "approve",
});
for (const { code, message } of prepared.warnings) console.log(`${code}: ${message}`);
// For Safe's transaction builder, an ERC-4337 account's executeBatch, or sendCalls() for wallets with EIP-5792.
for (const { to, data, value } of batchOf(prepared)) console.log({ to, value, data: `${data.slice(0, 10)}…` });
provider.destroy();
