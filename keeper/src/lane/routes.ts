import type { Route } from "../rpc/route.js";
import type { Attempt } from "../store/journal.js";
import type { LaneContext } from "./context.js";

/** Name of the route that everybody can see. */
export const OPEN = "public";

/** The last block that a relay may include a transaction in; null in public. */
export function expiryOf({ expiresBlocks }: Route, head: number): number | null {
  return expiresBlocks === null ? null : head + expiresBlocks;
}

/** How a transaction goes out that went out before: what a relay had stays with it, unless it let it expire and the policy says otherwise. */
export function routeAgain(
  { route, openRoute }: Pick<LaneContext, "route" | "openRoute">,
  last: Attempt,
  head: number,
): Route {
  if (last.route === OPEN) return openRoute;
  const expired = last.expires_block !== null && head > last.expires_block;
  return expired && route.publicAfterExpiry ? openRoute : route;
}
