import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { showConfig } from "../../../keeper/src/operator-config/show.js";
import { targetsOf } from "../../../keeper/src/operator-config/targets.js";
import { folder, GOOD, load, OTHER, VAULT } from "./support.js";

const two = GOOD.replace(
  "\nkeeper:",
  `
  - chainId: 10
    rpc: ["https://o.example"]
    keeper: { margin: { low: 0.3 } }
    vaults: [{ name: two, vault: "${OTHER}", intervalSeconds: 60 }]
keeper:`,
);

describe("the vaults of a configuration", () => {
  it("have settings laid over each other: calibrated, for all, for the chain, for the vault", () => {
    const targets = targetsOf(load(two));
    const [first, second] = targets.map(({ vaults }) => vaults[0]!);
    expect(first).to.deep.include({ name: "main", address: VAULT, intervalSeconds: 3600 });
    expect(first!.keeper.hedge).to.deep.include({ minTrade: 0.02, riskAversion: 50, fundingDays: 7 });
    expect(first!.keeper.margin.low).to.equal(0.4);
    expect(second).to.deep.include({ name: "two", intervalSeconds: 60 });
    expect(second!.keeper.hedge.minTrade).to.equal(0.01);
    expect(second!.keeper.margin.low).to.equal(0.3);
  });

  it("are wrong where settings do not go together, and it is said whose", () => {
    const wrong = two.replace("low: 0.3", "low: 0.9");
    expect(() => targetsOf(load(wrong))).to.throw(
      KeeperError,
      /chains\.1\.keeper\.margin\.target \(.*:16\): low < target/,
    );
    expect(targetsOf(load(wrong.replace("low: 0.9", "low: 0.9, target: 0.95")))).to.have.length(2);
  });

  it("have names and addresses of their own", () => {
    expect(() => targetsOf(load(two.replace("name: two", "name: main")))).to.throw(
      KeeperError,
      "another vault is called main",
    );
    const twice = GOOD.replace("\nkeeper:", `\n      - { name: again, vault: "${VAULT}" }\nkeeper:`);
    expect(() => targetsOf(load(twice))).to.throw(KeeperError, `${VAULT} is there already`);
    const same = GOOD.replace("two.example/v2/second-secret", "one.example/v2/first-secret");
    expect(() => targetsOf(load(same))).to.throw(KeeperError, "one is there twice");
  });

  it("are found by name or address, and one that is not there is said with those that are", () => {
    expect(targetsOf(load(two, {}, { vault: "two" })).map(({ vaults }) => vaults[0]!.name)).to.deep.equal(["two"]);
    expect(targetsOf(load(two, {}, { vault: OTHER.toUpperCase().replace("0X", "0x") }))).to.have.length(1);
    expect(() => targetsOf(load(two, {}, { vault: "three" }))).to.throw(KeeperError, "main, two");
    expect(() => targetsOf(load(null))).to.throw(KeeperError, "Give its address with --vault");
    expect(() => targetsOf(load(null, {}, { vault: "main" }))).to.throw(KeeperError, 'no vault called "main"');
  });

  it("are shown with what counts for each, and without secrets", () => {
    const loaded = load(two, { CROSSHEDGE_STORAGE: "postgres://keeper:pass-secret@db/x" });
    const shown = showConfig(loaded.config, targetsOf(loaded));
    expect(shown).to.include("storage: <redacted>").and.include("minTrade: 0.02").and.include("CROSSHEDGE_KEY");
    expect(shown).to.not.include("secret").and.not.include("example");
    const again = load(
      shown.replaceAll("<redacted>", "https://n.example/x").replace("storage: https", "storage: /data/https"),
    );
    expect(again.config.chains[1]!.vaults[0]!.keeper.margin!.low).to.equal(0.3);
  });

  it("may come with the parameters of a calibration, whose file is checked", () => {
    const file = folder()("params.json", '{"form":1}');
    expect(() => targetsOf(load(GOOD, {}, { params: file }))).to.throw(KeeperError, "is not a parameter file");
  });
});
