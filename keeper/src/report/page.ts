/** The report's look. Colours are told apart by hue, lightness and dash, in both schemes. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#17202a;--soft:#556170;--rule:#e3e7ec;--grid:#edf0f3;
--hedged:#0b63c5;--unhedged:#c4520b;--naive:#7a4fb5;--a:#0b63c5;--b:#c4520b;--c:#0a7d5f;--d:#a3317a;--e:#7a6a00;--good:#0a7d5f;--bad:#b3261e;--band:#0b63c5}
@media (prefers-color-scheme:dark){:root{--bg:#12161b;--card:#1a2027;--ink:#e8edf2;--soft:#9aa7b4;--rule:#2c353f;--grid:#252d36;
--hedged:#62aeff;--unhedged:#ff9a52;--naive:#c39bf5;--a:#62aeff;--b:#ff9a52;--c:#43cfa5;--d:#f08bcb;--e:#d9c24a;--good:#43cfa5;--bad:#ff8a80;--band:#62aeff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1200px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:20px;margin:44px 0 14px}
h3{font-size:16px;margin:0}
.lead{color:var(--soft);margin:0 0 24px;max-width:75ch}
.lead b{color:var(--ink)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px}
.card,.chart,.panel{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:16px 18px}
.card .k{color:var(--soft);font-size:14px}
.card .v{font-size:28px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
.card .s{color:var(--soft);font-size:13px}
.grid2{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
.grid2>.wide,.grid2>.chart:last-child:nth-child(even){grid-column:1/-1}
.chart{margin:0;min-width:0}
figcaption p{color:var(--soft);font-size:14px;margin:2px 0 8px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 6px;padding:0;font-size:13px}
.legend b{font-weight:600;font-variant-numeric:tabular-nums}
.legend li{display:flex;align-items:center;gap:6px}
.swatch{width:18px;height:10px;border-radius:2px;display:inline-block}
.band-swatch{background:var(--band);opacity:.2}
.mark-swatch{width:2px;height:12px;background:var(--ink);opacity:.65}
.plot{display:grid;grid-template-columns:auto 1fr;grid-template-rows:auto 240px 22px;column-gap:8px}
.unit{grid-column:1/-1;display:flex;justify-content:space-between;font-variant-numeric:tabular-nums;color:var(--soft);font-size:12px;margin-bottom:8px}
.y{position:relative;width:56px}
.y span{position:absolute;right:0;transform:translateY(-50%);font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.field{position:relative;touch-action:pan-y}
.field svg{display:block;width:100%;height:100%;overflow:visible}
.x{grid-column:2;position:relative}
.x span{position:absolute;top:4px;transform:translateX(-50%);font-size:12px;color:var(--soft);white-space:nowrap}
.grid,.axis,.line,.mark{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--grid)}.axis{stroke:var(--soft)}
.line{stroke-width:2;stroke-linejoin:round}
.area{fill-opacity:.7}
.band{fill:var(--band);fill-opacity:.14}
.mark{stroke:var(--ink);stroke-opacity:.65;stroke-width:1.5}
.cursor{position:absolute;top:0;bottom:0;width:1px;background:var(--soft);pointer-events:none}
.bars{list-style:none;margin:0;padding:0;font-size:13px}
.bars li{display:grid;grid-template-columns:minmax(120px,2fr) 3fr 64px;gap:12px;align-items:center;padding:3px 0;border-bottom:1px solid var(--grid)}
.bars div{position:relative;height:14px}.bars i,.bars u{position:absolute;top:0;height:100%}.bars u{width:1px;background:var(--soft)}
.bars .loss{background:var(--bad)}.bars .gain{background:var(--good)}.bars b{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow:auto;max-height:520px}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:7px 14px 7px 0;border-bottom:1px solid var(--rule);vertical-align:top}
th{color:var(--soft);font-weight:600;position:sticky;top:0;background:var(--card)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{white-space:nowrap;font-variant-numeric:tabular-nums}
td ol{margin:0;padding-left:18px;min-width:220px}
.tag{white-space:nowrap;font-weight:600}.tag.reduced{color:var(--good)}.tag.insideLimits{color:var(--hedged)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 18px;margin:0;font-size:14px}
dt{font-weight:600}dd{margin:0;color:var(--soft)}
@media (max-width:900px){.cards{grid-template-columns:repeat(2,1fr)}.grid2{grid-template-columns:minmax(0,1fr)}}
@media (max-width:600px){main{padding:20px 12px 40px}h1{font-size:24px}.cards{gap:10px}.card,.chart,.panel{padding:12px}
.card .v{font-size:22px}.plot{grid-template-rows:auto 200px 22px}.y{width:48px}.x span:nth-child(even){display:none}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{.scroll{max-height:none}.chart,.card{break-inside:avoid}}
`;

/** What the pointer is over, in words. Without JavaScript the legends show the last hour. */
export const SCRIPT = `
for (const figure of document.querySelectorAll("figure.chart")) {
  const { times, values } = JSON.parse(figure.querySelector("script").textContent);
  const field = figure.querySelector(".field"), cursor = figure.querySelector(".cursor"), when = figure.querySelector("time");
  const readings = figure.querySelectorAll(".legend b"), end = times.length - 1;
  const show = (i) => {
    when.textContent = new Date(times[i] * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
    readings.forEach((reading, n) => { reading.textContent = values[n][i]; });
  };
  const leave = () => { cursor.hidden = true; show(end); };
  const move = (event) => {
    const box = field.getBoundingClientRect();
    const i = Math.round(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * end);
    cursor.hidden = false;
    cursor.style.left = (end > 0 ? (i / end) * 100 : 0) + "%";
    show(i);
  };
  field.addEventListener("pointermove", move);
  field.addEventListener("pointerdown", move);
  field.addEventListener("pointerleave", leave);
}
`;
