import { WINDOW_NAV_FLOOR } from "../constants.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { IHedgeVault__views } from "../generated/abi.js";
import type { Conditions } from "../prepare/conditions.js";
import type { Spending } from "../prepare/funds.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { formatToken, formatUsd, ONE, type TokenAmount, type Usd18, usdValue } from "../units.js";

/** What may come in of one token. */
export interface DepositRoom {
  /** Now, USD at the oracle's price. */
  usd: Usd18;
  /** Now, token units, rounded down. */
  amount: TokenAmount;
  /** Most that an hour lets in, USD. */
  perHour: Usd18;
  /** Seconds until the amount that was asked about fits, 0 where it does now; null where it will not by waiting alone. */
  fitsIn: number | null;
}

const HOUR = 3_600n;
/** Decimals in messages. */
const SHOWN = 6;

/** Adds the reads of what may come in of each token; call the result once the batch is sent. */
export function addRooms(
  batch: Batch,
  address: string,
  spendings: readonly Spending[],
): (conditions: Conditions) => Record<string, DepositRoom> {
  const vault = contractAt(IHedgeVault__views, address);
  const rooms = spendings.map(({ token }) => batch.add(contractCall(vault, "depositRoom", token)));
  return ({ nav, settings, assets }) => {
    const perHour = ((nav.mid > WINDOW_NAV_FLOOR ? nav.mid : WINDOW_NAV_FLOOR) * settings.depositWindow) / ONE;
    return Object.fromEntries(
      spendings.map(({ token, amount }, index) => {
        const { decimals = 18, price } = assets.find(({ address }) => address === token) ?? {};
        const [usd, unit] = [rooms[index]?.orNull() ?? 0n, price?.mid ?? 0n];
        const asked = usdValue(amount, decimals, unit);
        const units = unit === 0n ? 0n : (usd * 10n ** BigInt(decimals)) / unit;
        const wait = nav.ok || asked <= usd ? fitsIn(asked, usd, perHour) : null;
        return [token, { usd, amount: units, perHour, fitsIn: wait }];
      }),
    );
  };
}

/** Seconds until so much fits, USD each; null where it will not. */
function fitsIn(asked: Usd18, room: Usd18, perHour: Usd18): number | null {
  if (asked <= room) return 0;
  return room > 0n && asked <= perHour ? Number(((asked - room) * HOUR) / perHour) + 1 : null;
}

/** Why the vault refuses a deposit; a window that is too small is explained by what fits now, and when the rest does, a cap in dollars. */
export function depositRefusal(
  error: CrosshedgeError,
  { assets }: Conditions,
  rooms: Record<string, DepositRoom>,
): CrosshedgeError {
  const { code, nextStep, revert } = error;
  if (revert?.kind === "custom" && revert.name === "NavCapped") {
    const { navAfter, maxNav } = revert.args as { navAfter: Usd18; maxNav: Usd18 };
    const message = `The vault would hold ${formatUsd(navAfter)}, above its cap of ${formatUsd(maxNav)}.`;
    return new CrosshedgeError(code, message, { cause: error, revert, nextStep });
  }
  if (revert?.kind !== "custom" || revert.name !== "DepositWindowSpent") return error;
  const token = String(revert.args.token);
  const room = rooms[token];
  if (room === undefined) return error;
  const { symbol = token, decimals = 18 } = assets.find(({ address }) => address === token) ?? {};
  const digits = Math.min(decimals, SHOWN);
  // Rounded down: what is named must fit.
  const fits = room.amount - (room.amount % 10n ** BigInt(decimals - digits));
  const now = `${formatToken(fits, decimals, digits)} ${symbol}`;
  const later =
    room.fitsIn === null
      ? `An hour lets in at most ${formatUsd(room.perHour)} of it: split the deposit.`
      : `All of it fits in about ${Math.ceil(room.fitsIn / 60)} minutes.`;
  return new CrosshedgeError("DEPOSIT_WINDOW", `At most ${now} may come in now.`, {
    cause: error,
    revert,
    nextStep: `Deposit that much now. ${later}`,
  });
}
