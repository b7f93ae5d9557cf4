import { formatDuration, type VaultState } from "@crosshedge/sdk";
import { CovarianceOracle__factory, PriceOracle__factory } from "@crosshedge/sdk/contracts";
import { type Examination, fail, ok, okOr, warn } from "./check.js";
import type { VaultSight } from "./vault-checks.js";

/** Part of its heartbeat after which a feed is late. */
const LATE = 0.95;

const percent = (value: bigint): string => `${(Number(value) / 1e16).toFixed(2)}%`;

/** Prices, covariance, venues and the vault's own state. */
export async function checkMarkets(examination: Examination, sight: VaultSight, state: VaultState): Promise<void> {
  const time = state.block.timestamp;
  for (const { symbol, address, feed, price } of state.assets) {
    await examination.look(`feed ${symbol}`, async () => {
      const updated = await PriceOracle__factory.connect(state.priceOracle, sight.provider).updatedAt(address);
      const age = time - Number(updated);
      const fact = `${formatDuration(age)} old, heartbeat ${formatDuration(Number(feed.heartbeat))}, deviation ${percent(feed.deviation)}`;
      if (!price.ok)
        return fail(
          `the price is not good: ${fact}`,
          "Nothing is planned until the feed (or the sequencer) is back: look at its page.",
        );
      return okOr(
        age <= LATE * Number(feed.heartbeat),
        fact,
        "The feed is late: once it is older than its heartbeat nothing is planned.",
      );
    });
  }
  await examination.look("covariance oracle", async () => {
    const oracle = CovarianceOracle__factory.connect(state.covarianceOracle, sight.provider);
    const [{ cursor, folded, lastFold }, least, most] = await Promise.all([
      oracle.grid(),
      oracle.minHistory(),
      oracle.maxAge(),
    ]);
    const age = time - Number(lastFold);
    const fact = `${formatDuration(Number(folded))} folded, the newest ${lastFold === 0n ? "never" : `${formatDuration(age)} ago`}; may be ${formatDuration(Number(most))} old`;
    if (state.covariance.usable) return okOr(age < Number(most) / 2, fact, "The keeper pokes it at its next tick.");
    const next =
      folded < least
        ? `${formatDuration(Number(least))} are needed: the keeper folds the feeds' history, from ${new Date(Number(cursor) * 1000).toISOString()} on.`
        : "The keeper pokes it at its next tick.";
    return warn(`plans may only reduce: ${fact}`, next);
  });
  for (const leg of state.legs) {
    await examination.look(`venue ${leg.venue} ${leg.address.slice(0, 8)}`, async () => {
      if (leg.value === null && state.assets.every(({ price }) => price.ok))
        return warn(
          "the vault cannot be valued: this or another venue does not answer",
          "Nothing is planned until it does. Look at the venue; exits in kind still work.",
        );
      if (leg.kind !== "hedge") return ok(leg.isEmpty ? "empty" : "in use");
      const closed = leg.positions.filter(({ quote }) => quote === null);
      const names = closed.map(({ assetIndex }) => state.assets[assetIndex]!.symbol).join(", ");
      const fact =
        closed.length > 0
          ? `${names} cannot be traded`
          : `${leg.positions.length} markets, margin ratio ${leg.marginRatio === null ? "none" : percent(leg.marginRatio)}`;
      return okOr(
        closed.length === 0,
        fact,
        "The venue has paused or closed it: see the runbook of a paused venue in docs/operations.md.",
      );
    });
  }
  await examination.look("mode", async () =>
    okOr(state.mode === "Normal", state.mode, "The guardian or a leg made it stricter; an admin loosens it."),
  );
  await examination.look("alarm", async () =>
    okOr(
      state.alarmAt === 0,
      state.alarmAt === 0 ? "none" : `raised ${formatDuration(time - state.alarmAt)} ago`,
      "A plan that reduces, or volatility back under its trigger, clears it.",
    ),
  );
  await examination.look("sign of life", async () => {
    const silence = time - state.lastSign;
    const most = Number(state.publicLimits.maxSilence);
    return okOr(
      silence < most / 2,
      `${formatDuration(silence)} ago, anybody may act after ${formatDuration(most)}`,
      "Let the keeper run: it sends one in time.",
    );
  });
}
