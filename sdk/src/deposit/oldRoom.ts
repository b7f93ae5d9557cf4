import { MaxUint256 } from "ethers";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { IPriceOracle__views } from "../generated/abi.js";
import { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken, formatUsd, ONE, usdValue } from "../units.js";
import type { Spending } from "./approval.js";
import type { DepositRoom } from "./room.js";

/** Below this NAV the window is that of a vault of this size, USD: see contracts/vault/Intake.sol. */
const WINDOW_NAV_FLOOR = 100_000n * ONE;
const HOUR = 3_600n;

/** What may come in of each token at a block; zero while deposits wait. */
export async function readRooms(
  { vault, provider, multicall }: Connection,
  { assets, priceOracle }: VaultLayout,
  spendings: readonly Spending[],
  blockNumber: number,
): Promise<Record<string, DepositRoom>> {
  const batch = new Batch({ provider, multicall, blockNumber });
  const oracle = contractAt(IPriceOracle__views, priceOracle);
  const nav = batch.add(contractCall(vault, "nav"));
  const settings = batch.add(contractCall(vault, "settings"));
  const pending = spendings.map((spending) => ({
    ...spending,
    room: batch.add(contractCall(vault, "depositRoom", spending.token)),
    price: batch.add(contractCall(oracle, "price", spending.token)),
  }));
  await batch.send();
  const { mid, ok } = nav.value();
  const perHour = ((mid > WINDOW_NAV_FLOOR ? mid : WINDOW_NAV_FLOOR) * settings.value().depositWindow) / ONE;
  return Object.fromEntries(
    pending.map(({ token, amount, room, price }) => {
      const decimals = assets.find(({ address }) => address === token)?.decimals ?? 18;
      const [usd, unit] = [room.value(), price.value().mid];
      const asked = usdValue(amount, decimals, unit);
      const units = unit === 0n ? 0n : (usd * 10n ** BigInt(decimals)) / unit;
      const waits = ok && usd > 0n && asked <= perHour ? Number(((asked - usd) * HOUR) / perHour) + 1 : null;
      return [token, { usd, amount: units, perHour, fitsIn: asked <= usd ? 0 : waits }];
    }),
  );
}

/** What stops a deposit before a token moves. */
const GUARDS = ["DepositsStopped", "DepositWindowSpent", "NavCapped", "PoolDisagrees", "BadPrice", "NoValue"];

/**
 * Why the vault would not take a deposit now, by simulating that very call; null where only balance and allowance are left to ask.
 * A window that is too small is explained by what fits now, and when the rest does.
 */
export async function depositRefusal(
  { vault }: Connection,
  layout: VaultLayout,
  spendings: readonly Spending[],
  from: string,
  rooms: Record<string, DepositRoom>,
  blockTag: number,
): Promise<CrosshedgeError | null> {
  const [tokens, amounts] = [spendings.map(({ token }) => token), spendings.map(({ amount }) => amount)];
  try {
    await vault.depositBasket.staticCall(tokens, amounts, 0n, from, MaxUint256, { from, blockTag });
    return null;
  } catch (caught) {
    const error = decodeError(caught);
    const { revert } = error;
    if (error.code === "NETWORK") throw error;
    if (revert?.kind !== "custom" || !GUARDS.includes(revert.name)) return null;
    return revert.name === "DepositWindowSpent" ? windowSpent(layout, rooms, String(revert.args.token), error) : error;
  }
}

function windowSpent(
  { assets }: VaultLayout,
  rooms: Record<string, DepositRoom>,
  token: string,
  cause: CrosshedgeError,
): CrosshedgeError {
  const { symbol = token, decimals = 18 } = assets.find(({ address }) => address === token) ?? {};
  const room = rooms[token];
  if (room === undefined || cause.revert === undefined) return cause;
  const now = `${formatToken(room.amount, decimals, Math.min(decimals, 6))} ${symbol}`;
  const later =
    room.fitsIn === null
      ? `An hour lets in at most ${formatUsd(room.perHour)} of it: split the deposit.`
      : `All of it fits in about ${Math.ceil(room.fitsIn / 60)} minutes.`;
  return new CrosshedgeError("DEPOSIT_WINDOW", `At most ${now} may come in now.`, {
    cause,
    revert: cause.revert,
    nextStep: `Deposit that much now. ${later}`,
  });
}
