// Deposit two tokens of the basket, with approvals by transaction, and send every transaction oneself.
import { formatToken, parseToken, prepareDepositBasket } from "@crosshedge/sdk";
import { alice, fund, provider, token, vault } from "./setup.mjs";

const amounts = { [token("USDC")]: parseToken("500", 6), [token("ALT")]: parseToken("20", 18) };
await fund(amounts);

const prepared = await prepareDepositBasket(vault, { account: alice.address, amounts, approval: "approve" });
for (const requirement of prepared.requirements) {
  for (const transaction of requirement.transactions) {
    await (await alice.sendTransaction(transaction)).wait();
    console.log(`approved ${requirement.amount} of ${requirement.token}`);
  }
}
// Frozen and complete: any wallet can send it.
const transaction = prepared.build();
const receipt = await (await alice.sendTransaction(transaction)).wait();
console.log(`minted ${formatToken(prepared.resultOf(receipt).shares, 18, 4)} shares`);
provider.destroy();
