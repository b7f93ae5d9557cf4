import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseConfig } from "@crosshedge/keeper";
import { expect } from "chai";
import { runCli } from "../../../keeper/src/cli/program.js";
import { targetsOf } from "../../../keeper/src/operator-config/targets.js";
import { load, VAULT } from "../operator-config/support.js";
import { writePrices } from "./support.js";

const EXAMPLE = path.resolve(import.meta.dirname, "../../../deployments/example.local.json");

describe("crosshedge calibrate", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-calibrate-"));
  const prices = path.join(folder, "prices.csv");
  const out = path.join(folder, "params.json");
  after(() => rmSync(folder, { recursive: true }));

  async function command(...words: string[]) {
    let said = "";
    const write = (text: string): void => {
      said += text;
    };
    const code = await runCli(["node", "crosshedge", ...words], { environment: {}, print: write, printError: write });
    return { code, said };
  }
  const calibrate = (...words: string[]) =>
    command("calibrate", "--deploy", EXAMPLE, "--prices", prices, "--out", out, ...words);

  before(async () => {
    writePrices(folder, 200);
    const { code, said } = await calibrate("--alt", "LINK");
    expect(code, said).to.equal(0);
    expect(said)
      .to.match(/limits\.maxVolatility +\d+% +60%/)
      .and.include("Published worst case: a day ")
      .and.include(out);
  });

  it("names what it was made from, so that it can be made again", () => {
    const { provenance, assets, reasons } = JSON.parse(readFileSync(out, "utf8"));
    expect(provenance.data.map(({ file }: { file: string }) => file)).to.deep.equal([
      "prices.csv",
      "example.local.json",
    ]);
    expect(provenance.data[0].sha256).to.match(/^[0-9a-f]{64}$/);
    expect([provenance.from, provenance.until]).to.deep.equal(["2021-01-01T00:00:00Z", "2021-07-20T00:00:00Z"]);
    expect(Object.keys(assets)).to.deep.equal(["ALT", "WETH", "WBTC"]);
    expect(
      reasons.find(({ parameter }: { parameter: string }) => parameter === "assets.ALT.varianceFloor").was,
    ).to.equal("1");
  });

  it("overwrites nothing unless it is told to", async () => {
    const before = readFileSync(out, "utf8");
    const { code, said } = await calibrate("--alt", "LINK", "--until", "2021-10-01");
    expect(code).to.equal(1);
    expect(said).to.include("--force");
    expect(readFileSync(out, "utf8")).to.equal(before);
  });

  it("says what is wrong with what it is given", async () => {
    for (const [words, message] of [
      [["--force"], /no prices of ALT.*--alt/],
      [["--force", "--alt", "LINK", "--until", "2021-03-01"], /59 days long.*150 are needed/],
      [["--force", "--alt", "LINK", "--from", "2021-06-01", "--until", "2021-03-01"], /--from is not before --until/],
      [["--force", "--alt", "LINK", "--pool-fee", "0.002"], /no pools of a fee of 0\.002/],
      [["--force", "--latency", "0"], /whole number of hours/],
      [["--force", "--until", "yesterday"], /a day such as/],
    ] as const) {
      const { code, said } = await calibrate(...words);
      // What the command line itself says wrong is not what another start could mend.
      const wrongWord = ["--latency", "yesterday"].some((word) => words.join(" ").includes(word));
      expect(code, words.join(" ")).to.equal(wrongWord ? 78 : 1);
      expect(said).to.match(message);
    }
    const homeless = await command("calibrate", "--out", path.join(folder, "other.json"));
    expect(homeless.said).to.match(/which vault is meant.*--deploy/);
    const nowhere = path.join(folder, "absent", "params.json");
    const { said: lost } = await command("calibrate", "--deploy", EXAMPLE, "--prices", prices, "--out", nowhere);
    expect(lost).to.match(/no folder.*--out/);
    const config = path.join(folder, "config.json");
    const broken = JSON.parse(readFileSync(EXAMPLE, "utf8"));
    broken.assets[1].feed.deviation = 1;
    writeFileSync(config, JSON.stringify(broken));
    const { said } = await command("calibrate", "--deploy", config, "--prices", prices, "--out", out, "--force");
    expect(said).to.match(/assets\[1\]\.feed\.deviation: expected a percentage.*got 1/);
  });

  it("is what the keeper runs with, except for what its own configuration says", () => {
    const { keeper } = JSON.parse(readFileSync(out, "utf8"));
    const keeperOf = (own: string | null) =>
      targetsOf(load(own, {}, { params: out, vault: VAULT }))[0]!.vaults[0]!.keeper;
    expect(keeperOf(null)).to.deep.equal(parseConfig(keeper));
    const both = keeperOf('{"hedge":{"minTrade":0.01},"liquidity":{"rangeFactor":1.6}}');
    expect(both.hedge).to.deep.equal({ ...parseConfig(keeper).hedge, minTrade: 0.01 });
    expect(both.liquidity.rangeFactor).to.equal(1.6);
    expect(both.margin).to.deep.equal(parseConfig(keeper).margin);
  });
});
