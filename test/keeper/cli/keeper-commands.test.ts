import { readdirSync } from "node:fs";
import { expect } from "chai";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { cli, freePort, keyOf, servedVault } from "./support.js";

describe("crosshedge on a chain", function () {
  this.timeout(120_000);
  let chain: Awaited<ReturnType<typeof servedVault>>;
  const key = { CROSSHEDGE_KEY: keyOf("keeper") };
  before(async () => {
    chain = await servedVault();
  });
  after(() => chain.close());

  it("plans without a key, and writes nothing", async () => {
    const before = readdirSync(process.cwd());
    const { code, out } = await cli(["plan", ...chain.where.slice(0, 4)]);
    expect(code, out).to.equal(0);
    expect(out).to.include("why:");
    expect(readdirSync(process.cwd())).to.deep.equal(before);
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
      .and.match(/\n1 +\d{4}-.* LINK +\d+ +poke +poke\.due +poke (landed|final) +0x[0-9a-f]{64}\n/);
    const { out: json } = await cli([
      "journal",
      "ls",
      "--json",
      "--limit",
      "1",
      "--of",
      "LINK",
      ...chain.where.slice(4),
    ]);
    expect(JSON.parse(json)).to.have.property("name", "LINK");
    expect(JSON.parse(json)).to.not.have.property("inputs");
  });

  it("explains a tick, and decides it again byte for byte", async () => {
    const storage = chain.where.slice(4);
    const { code, said } = await cli(["explain", "1", ...storage]);
    expect(code, said).to.equal(0);
    expect(said).to.include("poke");
    expect((await cli(["replay", "1", ...storage])).out).to.match(/^tick 1: the same decision, byte for byte: 0x/);
    const absent = await cli(["explain", "999", ...storage]);
    expect(absent.code).to.equal(1);
    expect(absent.errors).to.include("journal ls");
    expect((await cli(["explain", "first", ...storage])).errors).to.include("whole number");
  });

  it("finds nothing wrong with the journal, on the chain neither, and mends what can be derived", async () => {
    const { code, out, said } = await cli(["journal", "verify", "--chain", ...chain.where]);
    expect(code, said).to.equal(0);
    expect(out).to.include("fits together");
    const store = await openStore({ kind: "postgres", url: chain.database });
    await store.session.run((db) => db.updateTable("attempts").set({ gas_used: "1" }).execute());
    await store.close();
    const found = await cli(["journal", "verify", "--chain", ...chain.where]);
    expect(found.code, found.said).to.equal(1);
    expect(found.out).to.match(/transaction 0x[0-9a-f]{64}: .*gas/);
    expect((await cli(["journal", "repair", "--chain", ...chain.where])).out).to.include("Mended:");
    expect((await cli(["journal", "verify", "--chain", ...chain.where])).code).to.equal(0);
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
    const strange = Object.values(chain.devnet.vaults!)[0]!.rebalancer;
    const changed = await cli(
      ["tick", ...chain.where, "--vault", strange, "--set", "chains.0.vaults.0.name=LINK"],
      key,
    );
    expect(changed.code).to.equal(1);
    expect(changed.errors).to.match(/"LINK" is vault 0x.* in this storage, and 0x.* now.*start with empty storage/s);
  });

  it("asks to be started again where the node does not answer, without showing its address", async () => {
    const gone = ["--rpc", `http://127.0.0.1:${await freePort()}/v2/node-secret`, ...chain.where.slice(2)];
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
});
