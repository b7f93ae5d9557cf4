import {
  type Chart,
  escapeHtml,
  type Line,
  minuteUtc,
  percent,
  plain,
  renderChart,
  SCRIPT,
  STYLE,
  table,
  usd,
  usdCompact,
} from "@crosshedge/keeper/report";
import type { CostParts, RoundTrip, VaultName } from "./record.js";
import type { Report } from "./report.js";

const ASSET_COLORS = ["var(--a)", "var(--b)", "var(--c)", "var(--d)", "var(--e)"];
const VAULT_LINES: Record<VaultName, { name: string; color: string; dash?: string }> = {
  hedged: { name: "hedged", color: "var(--hedged)" },
  unhedged: { name: "unhedged", color: "var(--unhedged)", dash: "8 3" },
  naive: { name: "naive hedge", color: "var(--naive)", dash: "3 2" },
};
const ACCEPTED = { reduced: "safer", insideLimits: "inside limits", withoutGate: "margin or reduction" };
const GLOSSARY: Record<string, string> = {
  "Hedge effectiveness":
    "1 − variance of the hedged hourly P&L / variance of the unhedged: 100% = no market risk left, 0% = no help.",
  "Fair prices":
    "The path's own prices of the hour. The oracle's figure is the same measured from the NAV that the chain reports.",
  Volatility: "Standard deviation of the hourly P&L over value, as a yearly figure.",
  Exposure: "USD gained when the asset doubles, to first order.",
  "Hedge ratio": "−(exposure of the hedge) / (exposure being hedged); 1 = fully hedged.",
  "Naive hedge": "The same vault with a hedge that does not look at covariances.",
  "Safer, inside limits":
    "The two reasons to accept a plan: the variance fell, or the vault is within its owners' limits and hedged.",
  Variance: "The portfolio's variance as the chain measures it, from the covariance of Chainlink's own history.",
  "Market, liquidity":
    "What the keeper took the market to be, from oracle rounds up to then: calm, in a crash, or with assets that no longer move as one; and how easily the whole hedge could have been traded.",
  Costs: "Venue and pool fees, price impact, funding paid to the other side of the perp, and gas.",
};

function sum(cost: CostParts): number {
  return cost.fees + cost.impact + cost.funding + cost.gas;
}

function card(key: string, value: string, small: string): string {
  return `<div class="card"><div class="k">${escapeHtml(key)}</div><div class="v">${escapeHtml(value)}</div><div class="s">${escapeHtml(small)}</div></div>`;
}

function vaultLines(values: Record<VaultName, readonly (number | null)[]>): Line[] {
  return (["unhedged", "naive", "hedged"] as const).map((vault) => ({ ...VAULT_LINES[vault], values: values[vault] }));
}

function change({ start, end }: { start: number; end: number }): string {
  return `$${plain(start, 4)} → $${plain(end, 4)}`;
}

function cards(report: Report): string {
  const { volatility, accepted, cost, sharePrice, unhedged, rejected } = report;
  const gain = (price: { start: number; end: number }) => (price.start > 0 ? price.end / price.start - 1 : null);
  const refused = Object.values(rejected).reduce((total, count) => total + count, 0);
  return [
    card(
      "Hedge effectiveness",
      percent(report.hedgeEffectiveness),
      `naive ${percent(report.naive.hedgeEffectiveness)}`,
    ),
    card("The same from on-chain NAV", percent(report.hedgeEffectivenessOracle), "oracle prices"),
    card("Volatility a year, hedged", percent(volatility.hedged), `unhedged ${percent(volatility.unhedged)}`),
    card("Hedging cost", usd(sum(cost)), `naive ${usd(sum(report.naive.cost))}`),
    card("Share price, hedged", percent(gain(sharePrice), 2), change(sharePrice)),
    card("Share price, unhedged", percent(gain(unhedged), 2), change(unhedged)),
    card(
      "Rebalances accepted",
      String(report.rebalances),
      `${accepted.reduced} safer, ${accepted.insideLimits} inside limits`,
    ),
    card("Plans refused", String(refused), refused === 0 ? "none" : "reasons below"),
  ].join("");
}

function costChart({ data }: Report): Chart {
  const parts: [keyof CostParts, string][] = [
    ["fees", "fees"],
    ["impact", "impact"],
    ["funding", "funding"],
    ["gas", "gas"],
  ];
  const lines = parts.map(([part, name], i) => ({ name, values: data.costs[part], color: ASSET_COLORS[i]! }));
  // Income cannot be stacked: then plain lines.
  const stacked = lines.every(({ values }) => values.every((value) => value >= 0));
  const note = `Running total for the hedged vault${stacked ? "" : "; below zero is income"}.`;
  const step = lines.map((line) => ({ ...line, step: true }));
  return {
    title: "Costs of the hedge",
    note,
    unit: "USD",
    times: data.times,
    lines: step,
    stacked,
    zero: true,
    format: usd,
  };
}

function charts(report: Report): string {
  const { data, options } = report;
  const { times } = data;
  const wide = (chart: Chart) => renderChart(chart).replace('class="chart"', 'class="chart wide"');
  const pair = `${options.alt} in ${options.pool.toUpperCase()}`;
  const exposures = Object.entries(data.exposure).map(([asset, { before, after }]) =>
    renderChart({
      title: `Exposure to ${asset}`,
      note: "Gain when it doubles, without the hedge and with it.",
      unit: "USD",
      times,
      zero: true,
      format: usd,
      axis: usdCompact,
      lines: [
        { name: "before the hedge", values: before, color: "var(--unhedged)", dash: "8 3" },
        { name: "after", values: after, color: "var(--hedged)" },
      ],
    }),
  );
  const ratios = Object.entries(data.hedgeRatio).map(([name, values], i) => {
    const dash = [undefined, "8 3", "3 2"][i % 3];
    return { name, values, color: ASSET_COLORS[i % ASSET_COLORS.length]!, step: true, ...(dash && { dash }) };
  });
  return `<h2>What became of the money</h2><div class="grid2">
${wide({ title: "What 100 USD became", note: "At fair prices, without deposits and exits.", unit: "USD", times, lines: vaultLines(data.growthOf100), format: (v) => plain(v) })}
${renderChart({ title: "Value of the three vaults", note: "At fair prices; deposits and exits show as steps.", unit: "USD", times, lines: vaultLines(data.value), format: usd, axis: usdCompact })}
${renderChart({ title: "Realised volatility", note: "Over the last 24 hours.", unit: "% a year", times, zero: true, lines: vaultLines(data.rollingVolatility), format: (v) => percent(v), axis: (v) => percent(v, 0) })}
</div><h2>The position and its hedge</h2><div class="grid2">
${wide({
  title: "Price and liquidity range",
  note: `${pair}; outside the range the position earns no fees.`,
  unit: options.pool.toUpperCase(),
  times,
  lines: [{ name: "price", values: data.pool.price, color: "var(--hedged)" }],
  band: { ...data.pool, name: "range" },
  marks: { times: data.rebalances.map(({ time }) => time), name: "rebalance" },
  format: (v) => plain(v, v !== 0 && Math.abs(v) < 1 ? 5 : 2),
})}
${exposures.join("")}
${renderChart({ title: "Hedge ratios", note: "By instrument; 1 = fully hedged.", unit: "ratio", times, zero: true, lines: ratios, format: (v) => plain(v) })}
${renderChart(costChart(report))}</div>`;
}

function rebalanceTable({ data }: Report): string {
  if (data.rebalances.length === 0) return "<p>No plan was accepted.</p>";
  const rows = data.rebalances.map(({ time, accepted, varianceBefore, varianceAfter, orders, cost, gasUsed }) => {
    const variance = varianceBefore > 0 ? varianceAfter / varianceBefore - 1 : null;
    const list = orders.map((order) => `<li>${escapeHtml(order)}</li>`).join("");
    return `<tr><td class="t">${minuteUtc(time)}</td><td><span class="tag ${accepted}">${ACCEPTED[accepted]}</span></td><td class="n">${percent(variance, 0)}</td><td><ol>${list}</ol></td><td class="n">${usd(cost.fees)}</td><td class="n">${usd(cost.impact)}</td><td class="n">${usd(cost.funding)}</td><td class="n">${usd(cost.gas)}</td><td class="n">${plain(gasUsed, 0)}</td></tr>`;
  });
  return `<div class="scroll" tabindex="0"><table><thead><tr><th>Time, UTC</th><th>Accepted because</th><th class="n">Variance</th><th>Orders</th><th class="n">Fees</th><th class="n">Impact</th><th class="n">Funding</th><th class="n">Gas</th><th class="n">Gas units</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function rejections({ rejected }: Report): string {
  const rows = Object.entries(rejected).map(
    ([why, n]) => `<tr><td>${escapeHtml(why)}</td><td class="n">${n}</td></tr>`,
  );
  if (rows.length === 0) return "<p>The chain refused no plan.</p>";
  return `<div class="scroll" tabindex="0"><table><thead><tr><th>Reason</th><th class="n">Plans</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function cycleTable({ cycles }: Report): string {
  if (cycles.length === 0) return "<p>The keeper did not know it yet.</p>";
  const rows = cycles.map(({ name, hours, hedgeEffectiveness }) => [
    name,
    plain(hours, 0),
    percent(hedgeEffectiveness),
  ]);
  return table(["As an hour began", "Hours", "Variance removed in them"], rows);
}

function around({ data, options, risk, seconds }: Report): string {
  const facts: [string, string][] = [
    ["Arbitrageur's profit", usd(data.participants.arbitrageur)],
    ["Perp maker's profit", usd(data.participants.maker)],
    ["Prices", options.prices === undefined ? "a path generated from the seed" : options.prices],
    ["Venue of the hedge", { perp: "Perp v2", aave: "Aave v3" }[options.hedge]],
    ["Parameters", options.params ?? "the defaults"],
    ["Worst loss within a day, a fortnight", `${percent(risk.worst.day)}, ${percent(risk.worst.fortnight)}`],
    [
      "Published worst case",
      risk.published === null
        ? "none: no parameter file"
        : `${percent(risk.published.day)}, ${percent(risk.published.fortnight)}: ${risk.inside ? "kept" : "broken"}`,
    ],
    ["Solvent in every hour", risk.solvent ? "yes" : "no"],
    ["Liquidations", String(risk.liquidations)],
    ["Least margin of the shorts", percent(risk.leastMargin)],
    ["Seed", String(options.seed)],
    ["The run took", `${plain(seconds, 0)} seconds`],
  ];
  return `<dl>${facts.map(([key, value]) => `<dt>${escapeHtml(key)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}

function holders({ holders: { inKind, queue } }: Report): string {
  const row = (who: string, way: string, { deposited, worth, received }: RoundTrip, took: string) => {
    const kept = worth > 0 ? received / worth : null;
    return `<tr><td>${who}</td><td>${way}</td><td class="n">${usd(deposited)}</td><td class="n">${usd(worth)}</td><td class="n">${usd(received)}</td><td class="n">${percent(kept, 2)}</td><td>${took}</td></tr>`;
  };
  const waited = `${queue.hours} hours${queue.filled < 1 ? `, ${percent(queue.filled)} filled` : ""}`;
  const rows = [
    row("Alice", "in kind: a part of everything, no oracle", inKind, "at once"),
    row("Dave", "the queue: paid in USDC at the low side of the NAV's band", queue, waited),
  ];
  return `<div class="scroll" tabindex="0"><table><thead><tr><th>Holder</th><th>Left through</th><th class="n">Put in</th><th class="n">Worth when leaving</th><th class="n">Received</th><th class="n">Of its worth</th><th>Took</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The report as one HTML file that needs nothing else: no network, no fonts, no libraries. */
export function renderHtml(report: Report): string {
  const { options, data, volatility } = report;
  const title = `Crosshedge: ${options.alt}/${options.pool.toUpperCase()}, ${options.days} days from ${options.from}`;
  const glossary = Object.entries(GLOSSARY).map(
    ([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(options.alt)}/${options.pool.toUpperCase()} liquidity, hedged</h1>
<p class="lead">${options.days} days from ${options.from}, ${data.times.length} hours. The hedge took the volatility from <b>${percent(volatility.unhedged)}</b> to <b>${percent(volatility.hedged)}</b> a year, and removed <b>${percent(report.hedgeEffectiveness)}</b> of the variance of the hourly profit and loss, at a cost of <b>${usd(sum(report.cost))}</b>.</p>
<section class="cards" aria-label="Headline figures">${cards(report)}</section>
${charts(report)}
<h2>How the holders left</h2><div class="panel">${holders(report)}</div>
<h2>Every rebalance</h2><div class="panel">${rebalanceTable(report)}</div>
<div class="grid2"><section><h2>Plans refused, by reason</h2><div class="panel">${rejections(report)}</div></section>
<section><h2>Around the vault</h2><div class="panel">${around(report)}</div></section></div>
<h2>Where the market stood</h2><div class="panel">${cycleTable(report)}</div>
<h2>The words</h2><div class="panel"><dl>${glossary.join("")}</dl></div>
</main><script>${SCRIPT}</script></body></html>
`;
}
