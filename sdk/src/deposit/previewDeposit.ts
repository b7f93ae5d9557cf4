import type { Connection } from "../connection.js";
import { decodeError } from "../errors/decodeError.js";
import { pinBlock } from "../read/block.js";
import type { VaultLayout } from "../state/layout.js";
import type { TokenAmounts } from "../units.js";
import { toSpendings } from "./basket.js";

/** What a deposit would do at one block. */
export interface DepositPreview {
  /** That would be minted, 1e18, spread included. */
  shares: bigint;
  blockNumber: number;
}

/** Asks the vault what it would mint now. */
export async function previewDepositBasket(
  { vault, provider }: Connection,
  layout: VaultLayout,
  amounts: TokenAmounts,
): Promise<DepositPreview> {
  const spendings = toSpendings(amounts, layout.assets);
  const [tokens, values] = [spendings.map(({ token }) => token), spendings.map(({ amount }) => amount)];
  const { number: blockNumber } = await pinBlock(provider);
  try {
    return { shares: await vault.previewDepositBasket(tokens, values, { blockTag: blockNumber }), blockNumber };
  } catch (caught) {
    throw decodeError(caught);
  }
}
