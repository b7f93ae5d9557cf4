// Ask for a redemption, wait until the vault's keeper has settled it, claim the money.
import { formatToken, prepareClaim, prepareRequestRedeem, redemption, send } from "@crosshedge/sdk";
import { alice, provider, vault } from "./setup.mjs";

const account = alice.address;
const { shares } = await send(await prepareRequestRedeem(vault, { account, shares: 100n * 10n ** 18n }), alice);
console.log(`${formatToken(shares, 18, 2)} shares wait to be settled`);

let standing = await redemption(vault, account);
while (standing.claimable === 0n) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  standing = await redemption(vault, account);
}
console.log(standing.nextStep);
const claimed = await send(await prepareClaim(vault, { account }), alice);
console.log(`claimed ${formatToken(claimed.assets, 6, 2)} USDC for ${formatToken(claimed.shares, 18, 2)} shares`);
provider.destroy();
