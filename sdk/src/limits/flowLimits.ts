import { WIDEST_BAND, WINDOW_NAV_FLOOR } from "../constants.js";
import { max, min } from "../math.js";
import { settlementCash } from "../queue/cash.js";
import { isBandTooWide, poolsDisagree, worstDisagreement } from "../queue/priceable.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Usd18 } from "../units.js";
import { linesOf, overNavUp } from "./limitUse.js";
import type { LimitUse } from "./types.js";

const { most, least } = linesOf("settings");
const { most: constant } = linesOf("code");

const MOST_COUNTED = 2n ** 96n - 1n;

/** Most that an hour lets in of one asset, USD. */
export function depositWindow({ nav, settings }: VaultState): Usd18 {
  return min((max(nav.mid, WINDOW_NAV_FLOOR) * settings.depositWindow) / ONE, MOST_COUNTED);
}

/** What of a window is used; null where the room does not tell, because something else bounds it or keeps deposits out. */
function windowUsed(state: VaultState, window: Usd18, room: Usd18 | null): Usd18 | null {
  const { nav, mode, settings } = state;
  if (room === null || !nav.ok || mode !== "Normal" || poolsDisagree(state)) return null;
  if (room >= window) return 0n;
  return !isBandTooWide(state) && room < settings.maxNav - nav.mid ? window - room : null;
}

/**
 * What stands between holders and the vault: how much may come in, and when shares are priced.
 *
 * @param rooms What may come in of each asset now, as `depositRoom` tells, USD by the asset's index
 */
export function flowLimits(state: VaultState, rooms: readonly (Usd18 | null)[] = []): LimitUse[] {
  const { nav, settings, prices, queue, block, assets } = state;
  const window = depositWindow(state);
  const waited = queue.since === 0 ? 0n : BigInt(block.timestamp - queue.since);
  const cash = prices.ok && nav.mid > 0n ? (settlementCash(state) * ONE) / nav.mid : null;
  return [
    ...assets.flatMap(({ address }, index) => {
      const room = rooms[index];
      if (room === undefined) return [];
      const used = windowUsed(state, window, room);
      return [most({ name: "depositWindow", subject: address, unit: "usd", limit: window, used })];
    }),
    most({ name: "maxNav", unit: "usd", limit: settings.maxNav, used: nav.ok ? nav.mid : null }),
    most({ name: "depositBand", limit: settings.depositBand, used: worstDisagreement(state) }),
    constant({ name: "bandWidth", limit: WIDEST_BAND, used: nav.ok ? overNavUp(nav.half, nav.mid) : null }),
    least({ name: "minCash", limit: settings.minCash, used: cash }),
    most({ name: "maxWait", unit: "seconds", limit: settings.maxWait, used: waited }),
  ];
}
