// Leave with a share of everything: needs neither prices nor a keeper. A leg that cannot be left is named, and may be forfeited.
import { CrosshedgeError, formatToken, prepareExitInKind, send } from "@crosshedge/sdk";
import { alice, provider, vault } from "./setup.mjs";

/** Prepared; what a leg cannot pay now is given up, if the holder agrees. */
async function prepareExit(options, agrees) {
  try {
    return await prepareExitInKind(vault, options);
  } catch (error) {
    const leg =
      CrosshedgeError.is(error) && error.revert?.name === "LegUnreachable" ? error.revert.args.leg : undefined;
    if (leg === undefined || !(await agrees(leg, error))) throw error;
    return prepareExit({ ...options, forfeit: [...(options.forfeit ?? []), leg] }, agrees);
  }
}

const prepared = await prepareExit({ account: alice.address, shares: 500n * 10n ** 18n }, (leg, { nextStep }) => {
  console.log(`${leg} cannot be left now. ${nextStep}`);
  return true;
});
const { amounts } = await send(prepared, alice);
for (const { address, symbol, decimals } of vault.assets) {
  console.log(`${formatToken(amounts[address] ?? 0n, decimals, 4)} ${symbol}`);
}
provider.destroy();
