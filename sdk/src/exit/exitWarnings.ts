import type { Conditions } from "../prepare/conditions.js";
import type { Warning } from "../prepare/prepared.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import { formatPercent, formatToken, formatUsd, ONE, type Ratio18 } from "../units.js";
import type { ExitInKindPreview } from "./exitInKindTypes.js";
import type { UnreachableLeg } from "./reachable.js";

/** Cost over the shares' NAV above which an exit is called costly. */
const COSTLY: Ratio18 = ONE / 100n;

/** What a leaver should know. */
export function exitWarnings(
  conditions: Conditions,
  { atNav, cost, fromQueue }: ExitInKindPreview,
  unreachable: readonly UnreachableLeg[],
): Warning[] {
  const found = unreachable.map(({ leg, error }) =>
    warning(
      "LEG_UNREACHABLE",
      `It is ${leg}: ${error.shortMessage}`,
      `Wait, or prepare again with forfeit: ["${leg}"].`,
    ),
  );
  if (atNav !== null && cost !== null && cost * ONE > COSTLY * atNav) {
    const share = atNav > 0n ? ` (${formatPercent((cost * ONE) / atNav)})` : "";
    found.push(warning("COSTLY_EXIT", `It costs ${formatUsd(cost)}${share}.`));
  }
  if (fromQueue > 0n) found.push(warning("LEAVES_QUEUE", `They are ${formatToken(fromQueue, 18, 4)} shares.`));
  return [...found, ...commonWarnings(conditions)];
}
