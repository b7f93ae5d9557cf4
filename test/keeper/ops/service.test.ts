import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { ops } from "./files.js";

const UNIT = ops("crosshedge-keeper.service");
const valuesOf = (key: string): string[] =>
  [...UNIT.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value!);
const analyzer = "/usr/bin/systemd-analyze";

describe("crosshedge-keeper.service", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "crosshedge-unit-"));
    // Where Node is differs from machine to machine, and a unit whose program is missing is refused.
    writeFileSync(path.join(folder, "crosshedge-keeper.service"), UNIT.replace("/usr/bin/node", process.execPath));
  });
  after(() => rmSync(folder, { recursive: true }));
  const analyze = (...words: string[]) =>
    spawnSync(analyzer, [...words, path.join(folder, "crosshedge-keeper.service")], { encoding: "utf8" });

  it("is a unit that systemd takes without a word", function () {
    if (!existsSync(analyzer)) this.skip();
    const { status, stdout, stderr } = analyze("verify", "--recursive-errors=no");
    expect(stdout + stderr).to.equal("");
    expect(status).to.equal(0);
  });

  it("exposes little by systemd's own measure", function () {
    if (!existsSync(analyzer)) this.skip();
    const { stdout, status } = analyze("security", "--offline=true", "--threshold=20");
    expect(status, stdout).to.equal(0);
  });

  it("starts again on 75 and on failure but for a wrong configuration, without giving up, and lets a tick end", () => {
    expect(valuesOf("RestartForceExitStatus")).to.deep.equal(["75"]);
    expect(valuesOf("RestartPreventExitStatus")).to.deep.equal(["78"]);
    expect(valuesOf("Restart")).to.deep.equal(["on-failure"]);
    expect(valuesOf("StartLimitIntervalSec")).to.deep.equal(["0"]);
    expect(Number(valuesOf("TimeoutStopSec")[0])).to.be.at.least(90);
    expect(valuesOf("KillSignal")).to.deep.equal(["SIGTERM"]);
  });

  it("gets its secrets as credentials, and none by its environment", () => {
    const credentials = valuesOf("LoadCredential").map((value) => value.split(":")[0]);
    expect(credentials).to.deep.equal(["crosshedge.yml", "keystore.json", "keystore-password"]);
    const environment = valuesOf("Environment");
    for (const name of credentials)
      expect(
        environment.some((one) => one.endsWith(`=%d/${name}`)),
        name,
      ).to.equal(true);
    expect(environment.join(" ")).to.not.match(/:\/\/|0x[0-9a-f]{64}/i);
    expect(valuesOf("EnvironmentFile")).to.deep.equal([]);
  });

  it("leaves V8 what it needs", () => {
    expect(UNIT).to.not.match(/^MemoryDenyWriteExecute=yes/m);
  });
});
