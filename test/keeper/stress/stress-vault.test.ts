import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { formatStress, renderStress } from "../../../keeper/src/stress/format-report.js";
import { parseColumns, parseHours, parseReplay, readPrices } from "../../../keeper/src/stress/options.js";
import { stressVault } from "../../../keeper/src/stress/stress-vault.js";
import { expectClose } from "../expect-close.js";
import { type Scene, situationOf } from "../situation.js";

const SCENE: Scene = {
  idle: [20_000, 0, 0, 0],
  position: { tickLower: -255_540, tickUpper: -251_100, liquidity: 10n ** 17n },
  perp: { cash: 20_000, eth: -10, btc: -0.3 },
};
const stress = (scene: Scene = SCENE) => stressVault(situationOf(scene), { config: parseConfig({}) });

describe("stress of a vault", () => {
  it("has every kind of scenario, and names the worst of all", () => {
    const report = stress();
    expect(report.groups.map(({ key }) => key)).to.deep.equal([
      ...["betas", "range", "hedgeLoss", "depeg", "grid", "correlation"],
    ]);
    const results = report.groups.flatMap(({ results }) => results);
    const worst = results.reduce((a, b) => (b.counted > a.counted ? b : a));
    expect(report.worst.scenario).to.deep.equal({ name: worst.name, loss: worst.counted });
    expect(worst.counted).to.be.above(0.02);
    expect(new Set(results.map(({ name }) => name)).size).to.equal(results.length);
    expect(report.replays).to.deep.equal([]);
    expect(report.notes.join()).to.include("No replays").and.include("1.06 and 0.87 times its beta");
    expectClose(report.now.share, 0, 0);
  });

  it("gives the same for the same, and leaves the situation alone", () => {
    const situation = situationOf(SCENE);
    const options = { config: parseConfig({}) };
    const first = stressVault(situation, options);
    expect(stressVault(situation, options)).to.deep.equal(first);
    expect(stressVault(situationOf(SCENE), options)).to.deep.equal(first);
  });

  it("says what it goes by where the chain does not measure, or nobody forecasts", () => {
    expect(stress({ ...SCENE, usable: false }).notes.join()).to.include("by the keeper's forecast");
    expect(stress({ ...SCENE, forecast: null }).notes.join()).to.include("those of the chain's covariance");
    const blind = stress({ ...SCENE, usable: false, forecast: null });
    expect(blind.notes.join()).to.include("No covariance is known").and.include("as the first hedge does");
    expect(blind.now.volatility).to.equal(null);
    // A beta of one on the first hedge: ALT falls with it.
    const fall = blind.groups[0]!.results.find(({ name }) => name.startsWith("WETH, WBTC −20%, ALT by 1.5"))!;
    expect(fall.change).to.be.below(0);
  });

  it("takes a maintenance of 6.25% where a venue does not tell its own, and says so", () => {
    const situation = situationOf(SCENE);
    const leg = situation.state.legs[1] as { maintenanceRatio: bigint | null };
    leg.maintenanceRatio = null;
    const report = stressVault(situation, { config: parseConfig({}) });
    expect(report.notes.join()).to.include("does not tell when it liquidates");
    expect(report.groups).to.deep.equal(stress().groups);
  });

  it("refuses a vault that is empty, and one without usable prices", () => {
    expect(() => stress({})).to.throw(KeeperError, "empty");
    expect(() => stress({ ...SCENE, pricesOk: false })).to.throw(KeeperError, "price");
  });

  it("does without shorts", () => {
    const { groups, worst } = stress({ ...SCENE, perp: { cash: 0 } });
    for (const { hedge, legs } of groups.flatMap(({ results }) => results)) {
      expectClose(hedge, 0, 0);
      expect(legs[0]!.leastMargin).to.equal(null);
    }
    expect(worst.scenario!.loss).to.be.above(0);
  });
});

describe("the report of a stress", () => {
  it("prints every scenario, the worst first of all", () => {
    const report = stress();
    const text = formatStress(report);
    for (const { name } of report.groups.flatMap(({ results }) => results)) expect(text).to.include(name);
    expect(text.split("\n")[1]).to.include(report.worst.scenario!.name);
    expect(text).to.include("No replays");
  });

  it("is one page without network, scripts of others or unescaped names", () => {
    const report = stress();
    const page = renderStress({ ...report, vault: { ...report.vault, name: "<b>vault</b>" } });
    expect(page).to.include("&lt;b&gt;vault").and.not.include("<b>vault");
    expect(page).to.not.match(/https?:\/\//);
    expect(page.match(/class="bars"/g)).to.have.length(6);
    for (const { title } of report.groups) expect(page).to.include(`<h2>${title}</h2>`);
    expect(page).to.not.include("NaN").and.not.include("undefined");
  });

  it("survives JSON whole", () => {
    const { vault, ...rest } = stress();
    const report = { ...rest, vault: { ...vault, name: "ALT/USDC" } };
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});

describe("options of a stress", () => {
  it("reads days, columns and hours, and says what is wrong with them", () => {
    expect(parseReplay("2021-02-22:3")).to.deep.equal([
      { name: "2021-02-22", from: Date.UTC(2021, 1, 22) / 1000, hours: 72 },
    ]);
    expect(parseReplay("2021-03-01:1", parseReplay("2021-02-22:3"))).to.have.length(2);
    expect(parseColumns("WETH=ETH, USDC=USDC_USD_chainlink")).to.deep.equal({
      WETH: "ETH",
      USDC: "USDC_USD_chainlink",
    });
    expect(parseHours("0")).to.equal(0);
    for (const bad of ["2021-02-22", "2021-02-22:0", "2021-02-30x:2", "2021-02-22:1.5", ":3"]) {
      expect(() => parseReplay(bad), bad).to.throw("2021-02-22:3");
    }
    for (const bad of ["WETH", "WETH=", "=ETH", "A=B=C"]) expect(() => parseColumns(bad), bad).to.throw("WETH=ETH");
    for (const bad of ["", "-1", "soon"]) expect(() => parseHours(bad), bad).to.throw("zero or more");
  });

  it("needs prices for what only prices tell", async () => {
    expect(await readPrices({}, ["WETH"])).to.equal(undefined);
    for (const options of [{ columns: { WETH: "ETH" } }, { replay: [] }, { topUpLatency: 2 }]) {
      const error = await readPrices(options, ["WETH"]).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(KeeperError).with.property("message").that.includes("--prices");
    }
  });
});
