import { mulDivUp } from "../math.js";
import { ONE } from "../units.js";
import type { LimitField, LimitSource, LimitUse } from "./types.js";

/** Which limit, and what there is of it. */
export interface Measured {
  name: LimitField;
  limit: bigint;
  used: bigint | null;
  subject?: string;
  unit?: LimitUse["unit"];
}

function share(part: bigint, whole: bigint): bigint | null {
  return whole > 0n ? mulDivUp(part, ONE, whole) : null;
}

/** Lines of one source, with what follows from limit and use. */
export function linesOf(source: LimitSource) {
  const line = (kind: LimitUse["kind"], { name, limit, used, subject = "", unit = "ratio" }: Measured): LimitUse => {
    const head = { source, name, subject: subject || null, kind, unit, limit, used };
    if (used === null) return { ...head, share: null, headroom: null, inside: null };
    const headroom = kind === "most" ? limit - used : used - limit;
    const part = kind === "most" ? share(used, limit) : share(limit, used);
    return { ...head, share: part, headroom, inside: headroom >= 0n };
  };
  return {
    most: (measured: Measured): LimitUse => line("most", measured),
    least: (measured: Measured): LimitUse => line("least", measured),
  };
}

/** USD over NAV, rounded up: at most a limit exactly where the USD are at most the NAV's share of it. Null without a NAV. */
export function overNavUp(usd: bigint, nav: bigint): bigint | null {
  return nav > 0n ? mulDivUp(usd, ONE, nav) : null;
}
