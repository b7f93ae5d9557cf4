import { hedgedPosition } from "./actions.js";
import { vaultWithHistory } from "./fixture.js";
import { reusable } from "./reusable.js";

/** A vault with its first position, hedged. */
export const hedgedVault = reusable(async () => {
  const f = await vaultWithHistory();
  await hedgedPosition(f);
  return f;
});
