import type { Connection } from "../connection.js";
import type { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { pinBlock } from "../read/block.js";
import type { VaultLayout } from "../state/layout.js";
import type { TokenAmounts } from "../units.js";
import { toSpendings } from "./basket.js";
import { depositRefusal, readRooms } from "./oldRoom.js";
import type { DepositRoom } from "./room.js";

/** Stands in for a depositor who is not known: an account without tokens. */
const ANYBODY = "0x000000000000000000000000000000000000dEaD";

/** What a deposit would do at one block. */
export interface DepositPreview {
  /** That would be minted, 1e18, spread included. */
  shares: bigint;
  blockNumber: number;
  /** By token: what may come in now, and when more. */
  rooms: Record<string, DepositRoom>;
  /** Why the vault would not take it now; null where it would. Balance and allowance are not looked at. */
  refusal: CrosshedgeError | null;
}

/** Asks the vault what it would mint now, and simulates that very deposit. */
export async function previewDepositBasket(
  connection: Connection,
  layout: VaultLayout,
  amounts: TokenAmounts,
): Promise<DepositPreview> {
  const { vault, provider, signer } = connection;
  const spendings = toSpendings(amounts, layout.assets);
  const [tokens, values] = [spendings.map(({ token }) => token), spendings.map(({ amount }) => amount)];
  const { number: blockNumber } = await pinBlock(provider);
  try {
    const shares = await vault.previewDepositBasket(tokens, values, { blockTag: blockNumber });
    const rooms = await readRooms(connection, layout, spendings, blockNumber);
    const from = (await signer?.getAddress()) ?? ANYBODY;
    const refusal = await depositRefusal(connection, layout, spendings, from, rooms, blockNumber);
    return { shares, blockNumber, rooms, refusal };
  } catch (caught) {
    throw decodeError(caught);
  }
}
