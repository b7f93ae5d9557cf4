// Leave with a share of everything the vault holds: needs neither prices nor a keeper, and works in every mode.
import { formatToken, formatUsd, prepareExitInKind, send } from "@crosshedge/sdk";
import { alice, provider, vault } from "./setup.mjs";

const options = { account: alice.address, shares: 500n * 10n ** 18n };
let prepared = await prepareExitInKind(vault, options);

// A leg whose venue does not pay now is named. Wait for it, or give that part up: it stays with the others.
const { mustForfeit } = prepared.preview;
if (mustForfeit.length > 0) {
  for (const { code } of prepared.warnings) console.log(code);
  prepared = await prepareExitInKind(vault, { ...options, forfeit: mustForfeit });
  for (const { address, usd } of prepared.preview.givenUp)
    console.log(`leaves without ${usd === null ? "what cannot be priced now" : formatUsd(usd)} of ${address}`);
}

const { amounts } = await send(prepared, alice);
for (const { address, symbol, decimals } of vault.assets) {
  console.log(`${formatToken(amounts[address] ?? 0n, decimals, 4)} ${symbol}`);
}
provider.destroy();
