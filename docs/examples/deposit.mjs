// Deposit one token: see what it would do, sign a permit, send, read what it did.
import { formatToken, formatUsd, parseToken, prepareDeposit, send } from "@crosshedge/sdk";
import { alice, fund, provider, token, vault } from "./setup.mjs";

const amount = parseToken("1000", 6);
await fund({ [token("USDC")]: amount });

const prepared = await prepareDeposit(vault, { account: alice.address, token: token("USDC"), amount });
const { shares, usd, spread } = prepared.preview;
console.log(`${formatToken(shares, 18, 4)} shares for ${formatUsd(usd)}, of which ${formatUsd(spread)} is the spread`);
for (const { kind, amount } of prepared.requirements) console.log(`needs: ${kind} of ${formatToken(amount, 6)} USDC`);
for (const { code, message } of prepared.warnings) console.log(`${code}: ${message}`);

const sent = await send(prepared, alice, { onStage: ({ stage }) => console.log(`  ${stage}`) });
console.log(`minted ${formatToken(sent.shares, 18, 4)} shares in block ${sent.blockNumber}`);
provider.destroy();
