import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { faultsOf, GOOD, load, VAULT } from "./support.js";

describe("a wrong configuration", () => {
  it("has every wrong value named at once: by path, by file and line, variable or flag, with what is expected", () => {
    const text = GOOD.replace("maxHeadAgeSeconds: 30", "maxHeadAgeSeconds: soon").replace("rpc:", "rpcs: 1\n    rpc:");
    const said = faultsOf(
      text,
      { CROSSHEDGE_HTTP_PORT: "70000", CROSSHEDGE_STROAGE: "x" },
      { set: ["keeper.hedge.riskAversion=-1", "keeper.hegde.minTrade=1", "novalue"], interval: 0 },
    );
    for (const expected of [
      /chains\.0\.maxHeadAgeSeconds \(.*keeper\.yaml:9\): .*expected number/,
      /chains\.0\.rpcs \(.*keeper\.yaml:5\): there is no such setting/,
      /http\.port \(CROSSHEDGE_HTTP_PORT\): .*65535/,
      /\(root\) \(CROSSHEDGE_STROAGE\): there is no such setting/,
      /keeper\.hedge\.riskAversion \(--set keeper\.hedge\.riskAversion\): .*>0/,
      /keeper\.hegde\.minTrade \(--set keeper\.hegde\.minTrade\): there is no such setting/,
      /\(--set\): expected path=value/,
      /intervals\.tickSeconds \(--interval\)/,
    ]) {
      expect(said).to.match(expected);
    }
  });

  it("never has the wrong value itself in what is said", () => {
    const said = faultsOf(GOOD.replace("https://one", "ftp://user:hunter2@one"), {
      CROSSHEDGE_CHAINS_0_RPC_1: "//token-hunter2",
      CROSSHEDGE_LOG_LEVEL: "hunter2",
    });
    expect(said)
      .to.match(/chains\.0\.rpc\.0 .*http:\/\/ or https:\/\//)
      .and.match(/chains\.0\.rpc\.1 \(CROSSHEDGE_CHAINS_0_RPC_1\)/);
    expect(said).to.not.include("hunter2").and.not.include("first-secret");
  });

  it("says the line where a file is no YAML", () => {
    expect(() => load("storage: [1, 2\nchains: {")).to.throw(KeeperError, /neither YAML nor JSON: line \d/);
    expect(() => load("storage: a\nstorage: b")).to.throw(KeeperError, "line 2");
    const typo = "storage: postgres+ssl://keeper:hunter2-of-mine@db.example/journal";
    expect(() => load(typo))
      .to.throw(KeeperError, /a directory, postgres:\/\/… or memory/)
      .with.property("message")
      .that.does.not.include("hunter2");
    expect(faultsOf("- a\n- b")).to.include("expected names and values");
  });

  it("may not leave a hole in a list", () => {
    const said = faultsOf(GOOD, { CROSSHEDGE_CHAINS_0_RPC_7: "https://n.example" });
    expect(said).to.match(/chains\.0\.rpc\.7 \(CROSSHEDGE_CHAINS_0_RPC_7\): the list has 2 entries/);
  });

  it("names one source of the key alone", () => {
    expect(faultsOf(`${GOOD}signer: { keyFile: a, kms: { keyId: b } }`)).to.match(
      /signer \(.*:16\): expected one source/,
    );
    const both = faultsOf(`${GOOD}signer: { keyFile: a }`, { CROSSHEDGE_KEY: "ab12" });
    expect(both)
      .to.match(/signer \(.*\): CROSSHEDGE_KEY is set too/)
      .and.not.include("ab12");
    expect(faultsOf(null, { CROSSHEDGE_KEY: "ab12" }, { keyFile: "a", vault: VAULT })).to.include("--key-file");
    const chained = GOOD.replace("    vaults:", "    signer: { environment: CROSSHEDGE_KEY_ARBITRUM }\n    vaults:");
    expect(load(chained, { CROSSHEDGE_KEY_ARBITRUM: "ab12" }).config.chains).to.have.length(1);
    expect(faultsOf(chained, {}, { keyFile: "a" })).to.include("chains.0.signer.keyFile");
  });

  it("does not guess which of several chains a flag means", () => {
    const two = `${GOOD.replace(
      "\nkeeper:",
      `
  - { chainId: 10, rpc: ["https://o.example"], vaults: [{ name: two, vault: "${VAULT}" }] }
keeper:`,
    )}`;
    expect(load(two).config.chains).to.have.length(2);
    expect(faultsOf(two, {}, { rpc: ["http://n.example"] })).to.match(/--rpc\): there are 2 chains: say --set/);
  });
});
