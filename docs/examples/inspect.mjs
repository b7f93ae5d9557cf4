// Look closer at a vault: limits and how much of each is used, exposures, the queue, the keeper, roles. All of one block.
import {
  formatDuration,
  formatPercent,
  formatUsd,
  greeks,
  keeperLiveness,
  limitsUsed,
  queueOutlook,
  readRoles,
} from "@crosshedge/sdk";
import { provider, vault } from "./setup.mjs";

const state = await vault.readState();
console.log(`NAV ${formatUsd(state.nav.mid)} at block ${state.block.number}, mode ${state.mode}`);

const byUse = limitsUsed(state).filter(({ share }) => share !== null);
byUse.sort((a, b) => (a.share < b.share ? 1 : -1));
for (const { source, name, share, inside } of byUse.slice(0, 3)) {
  console.log(`  ${name} of ${source}: ${formatPercent(share)} used${inside ? "" : ", BROKEN"}`);
}
const exposure = greeks(state).delta.map((usd, i) => `${formatUsd(usd)} ${vault.assets[i].symbol}`);
console.log(`exposure: ${exposure.join(", ")}`);
console.log(`queue: ${queueOutlook(state).obstacles.length} obstacles to a settlement`);
console.log(`keeper: silent for ${formatDuration(keeperLiveness(state).silentFor)}`);
const { roles } = await readRoles(vault, state);
console.log(`roles: ${roles.map(({ name }) => name).join(", ")}`);
provider.destroy();
