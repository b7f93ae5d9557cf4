import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { CommanderError } from "commander";
import { parseOptions } from "../../scripts/demo/options.js";

describe("demo options", () => {
  let base = "";
  let written = "";
  const parse = (...args: string[]) => {
    written = "";
    return parseOptions(args, {
      base,
      write: (text) => {
        written += text;
      },
    });
  };
  const refuse = (args: string[], message: string) => {
    expect(() => parse(...args)).to.throw(CommanderError);
    expect(written).to.include(message);
  };

  before(() => {
    base = mkdtempSync(path.join(tmpdir(), "crosshedge-"));
    writeFileSync(path.join(base, "prices.csv"), "time,ETH\n");
  });
  after(() => rmSync(base, { recursive: true }));

  it("needs no argument", () => {
    const report = path.join(base, "report");
    expect(parse()).to.deep.equal({
      alt: "LINK",
      pool: "usdc",
      hedge: "perp",
      from: "2022-05-01",
      days: 14,
      seed: 1,
      report,
    });
  });

  it("takes all arguments, paths relative to the caller's folder", () => {
    const options = parse(
      ...["--prices", "prices.csv", "--params", "prices.csv", "--alt", "uni", "--pool", "weth", "--from", "2023-02-28"],
      ...["--days", "3", "--seed", "0", "--report", "out/here", "--hedge", "aave"],
    );
    expect(options).to.deep.equal({
      ...{
        prices: path.join(base, "prices.csv"),
        params: path.join(base, "prices.csv"),
        alt: "UNI",
        pool: "weth",
        hedge: "aave",
        from: "2023-02-28",
        days: 3,
        seed: 0,
      },
      report: path.join(base, "out/here"),
    });
  });

  it("says what is wrong", () => {
    refuse(["--prices", "nope.csv"], `There is no file ${path.join(base, "nope.csv")}`);
    refuse(["--params", "nope.json"], `There is no file ${path.join(base, "nope.json")}`);
    refuse(["--prices", "."], "is not a file");
    refuse(["--pool", "dai"], "Allowed choices are usdc, weth");
    for (const bad of ["2022-02-30", "1 May", "2022-5-1", ""]) refuse(["--from", bad], "a day such as 2022-05-01");
    for (const bad of ["0", "-3", "1.5", "many"]) refuse(["--days", bad], "a whole number, 1 or more");
    refuse(["--seed", "-1"], "a whole number, 0 or more");
    refuse(["--alt", "../x"], "a symbol such as LINK");
    refuse(["--what"], "unknown option");
    refuse(["extra"], "too many arguments");
  });

  it("of the silent keeper's demo are without a report and calibrated parameters", () => {
    const silent = (...args: string[]) =>
      parseOptions(args, { base, silence: true, write: (text) => (written += text) });
    expect(silent("--days", "4")).to.deep.equal(parse("--days", "4"));
    for (const option of ["--report", "--params"]) {
      written = "";
      expect(() => silent(option, "prices.csv")).to.throw(CommanderError);
      expect(written).to.include(`unknown option '${option}'`);
    }
  });

  it("prints help and ends well", () => {
    expect(() => parse("--help"))
      .to.throw(CommanderError)
      .with.property("exitCode", 0);
    for (const name of ["prices", "alt", "pool", "hedge", "from", "days", "seed", "report"]) {
      expect(written).to.include(`--${name}`);
    }
  });
});
