import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { cli, keyOf, servedVault } from "./support.js";

describe("crosshedge on a chain", function () {
  this.timeout(120_000);
  let chain: Awaited<ReturnType<typeof servedVault>>;
  const key = { CROSSHEDGE_KEY: keyOf("keeper") };
  before(async () => {
    chain = await servedVault();
  });
  after(() => chain.close());

  it("plans without a key, and writes nothing", async () => {
    const { code, out } = await cli(["plan", ...chain.where.slice(0, 4)]);
    expect(code, out).to.equal(0);
    expect(out).to.include("why:");
    expect(readdirSync(chain.root)).to.not.include("journal");
  });

  it("ticks once, and keeps what it did", async () => {
    const first = await cli(["tick", ...chain.where], key);
    expect(first.code, first.said).to.equal(0);
    expect(first.out)
      .to.match(/^tick 1 at block \d+: poke, landed/)
      .and.match(/transaction: 0x[0-9a-f]{64}/);
    const all = await cli(["tick", "--all", ...chain.where], key);
    expect(all.code, all.said).to.equal(0);
    const { out } = await cli(["journal", "ls", ...chain.where.slice(4)]);
    expect(out)
      .to.match(/tick +time \(UTC\) +vault/)
      .and.match(/\n1 +\d{4}-.* main +\d+ +poke +poke (landed|final) +0x[0-9a-f]{64}\n/);
    const { out: json } = await cli([
      "journal",
      "ls",
      "--json",
      "--limit",
      "1",
      "--of",
      "main",
      ...chain.where.slice(4),
    ]);
    expect(JSON.parse(json)).to.have.property("name", "LINK");
    expect(JSON.parse(json)).to.not.have.property("inputs");
  });

  it("decides without a key in the shadow, and says so in the journal", async () => {
    const { code, said } = await cli(["shadow", ...chain.where]);
    expect(code, said).to.equal(0);
    expect((await cli(["journal", "ls", "--limit", "1", ...chain.where.slice(4)])).out).to.include("(shadow)");
  });

  it("sends nothing for a paused vault, until it goes on", async () => {
    const storage = chain.where.slice(4);
    const paused = await cli(["pause", "LINK", "--reason", "venue in trouble", ...storage]);
    expect(paused.code, paused.said).to.equal(0);
    const { out } = await cli(["tick", ...chain.where], key);
    expect(out).to.match(/venue in trouble/);
    expect(out).to.not.include("transaction:");
    expect((await cli(["resume", "LINK", ...storage])).out).to.include("venue in trouble");
    expect((await cli(["resume", "LINK", ...storage])).out).to.include("was not paused");
    const unknown = await cli(["pause", "other", "--reason", "x", ...storage]);
    expect(unknown.code).to.equal(1);
    expect(unknown.errors).to.include("It knows LINK");
  });

  it("refuses storage that knows the name as another vault or chain, before it signs anything", async () => {
    const other = await cli(["tick", ...chain.where, "--set", "chains.0.vaults.0.name=again"], key);
    expect(other.code, other.said).to.equal(0);
    const { vaults } = chain.devnet;
    const rebalancer = Object.values(vaults!)[0]!.rebalancer;
    const changed = await cli(
      ["tick", ...chain.where, "--vault", rebalancer, "--set", "chains.0.vaults.0.name=main"],
      key,
    );
    expect(changed.code).to.equal(1);
    expect(changed.errors).to.match(/"main" is vault 0x.* in this storage, and 0x.* now.*start with empty storage/s);
  });

  it("asks to be started again where the node does not answer, without showing its address", async () => {
    const gone = ["--rpc", "http://127.0.0.1:9/v2/node-secret", ...chain.where.slice(2)];
    for (const command of ["plan", "tick", "rescue", "shadow"]) {
      const { code, said } = await cli([command, ...gone.slice(0, command === "plan" ? 4 : undefined)], key);
      expect(code, said).to.equal(75);
      expect(said).to.not.include("node-secret").and.not.include(key.CROSSHEDGE_KEY.slice(2));
    }
  });

  it("has nothing to rescue while the keeper lives", async () => {
    const { code, out } = await cli(["rescue", ...chain.where], { CROSSHEDGE_KEY: keyOf("stranger") });
    expect(code, out).to.equal(0);
    expect(out).to.match(/^nothing/);
  });

  it("says which process has the journal's directory", async () => {
    const { openStore } = await import("../../../keeper/src/store/open-store.js");
    const store = await openStore({ kind: "directory", directory: path.join(chain.root, "journal") });
    try {
      const { code, errors } = await cli(["journal", "ls", ...chain.where.slice(4)]);
      expect(code).to.equal(1);
      expect(errors).to.match(/in use by process \d+/);
    } finally {
      await store.close();
    }
  });
});
