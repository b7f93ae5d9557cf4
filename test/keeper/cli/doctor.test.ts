import { chmodSync } from "node:fs";
import { expect } from "chai";
import type { Check } from "../../../keeper/src/doctor/check.js";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { folder } from "../operator-config/support.js";
import { cli, freePort, keyOf, servedVault } from "./support.js";

describe("crosshedge doctor", function () {
  this.timeout(120_000);
  let chain: Awaited<ReturnType<typeof servedVault>>;
  const key = { CROSSHEDGE_KEY: keyOf("keeper") };
  const file = folder();
  before(async () => {
    chain = await servedVault();
  });
  after(() => chain.close());

  /** The checks by their names. */
  async function examine(words: readonly string[] = [], environment: NodeJS.ProcessEnv = key) {
    const { code, out, said } = await cli(["doctor", "--json", ...chain.where, ...words], environment);
    expect(said).to.not.include(keyOf("keeper").slice(2)).and.not.include(chain.database);
    const checks = JSON.parse(out) as Check[];
    const named = (name: string): Check =>
      checks.find((check) => check.name === name) ?? expect.fail(`no ${name}: ${out}`);
    return { code, checks, named };
  }
  const failures = (checks: readonly Check[]): string[] =>
    checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);

  it("finds a devnet's vault in order, and measures what it looks at", async () => {
    const { code, checks, named } = await examine();
    expect(failures(checks)).to.deep.equal([]);
    expect(code).to.equal(0);
    expect(named("takes a write").fact).to.match(/committed in \d+ ms/);
    expect(named("answers").fact).to.match(/chain 31337, in \d+ ms/);
    for (const name of [
      "reads at a block's hash",
      "state overrides",
      "depth of logs",
      "faults",
      "parts belong together",
      "keeper's role",
      "gas",
    ]) {
      expect(named(name), name).to.include({ verdict: "ok" });
    }
    expect(named("faults").fact).to.match(/^none, of \d+ questions in \d+ posts of \d+ ms each; the node is healthy$/);
    expect(named("feed WETH").fact).to.match(/old, heartbeat .*, deviation 0\.50%/);
    expect(named("covariance oracle")).to.include({ verdict: "warn" });
    for (const { verdict, nextStep } of checks) expect(nextStep === null).to.equal(verdict === "ok");
  });

  it("says in words what to do, and runs without a key", async () => {
    const { code, out } = await cli(["doctor", ...chain.where], {});
    expect(code).to.equal(0);
    expect(out)
      .to.match(/WARN {2}key: there is none\n +plan, shadow/)
      .and.match(/\d+ in order, \d+ to look at, 0 failed/);
  });

  it("fails a key that lacks the role or gas, and says who gives it", async () => {
    const stranger = await examine([], { CROSSHEDGE_KEY: `0x${"5".repeat(64)}` });
    expect(stranger.code).to.equal(1);
    expect(failures(stranger.checks)).to.have.members(["keeper's role", "gas"]);
    expect(stranger.named("keeper's role").nextStep).to.match(/grantRole\(1, 0x.*, 0\)/);
  });

  it("fails a node that does not answer or is on another chain, and what is no vault", async () => {
    const gone = await examine(["--rpc", `http://127.0.0.1:${await freePort()}/node-secret`]);
    expect(gone.code).to.equal(1);
    expect(failures(gone.checks)).to.include("answers").and.include("nodes agree");
    expect(JSON.stringify(gone.checks)).to.not.include("node-secret");
    const other = await examine(["--set", "chains.0.chainId=10"]).catch((error: Error) => error);
    expect(String(other)).to.include("JSON");
    const strange = await examine(["--vault", Object.values(chain.devnet.vaults!)[0]!.rebalancer]);
    expect(failures(strange.checks)).to.deep.equal(["is a vault"]);
  });

  it("sees a paused vault, a name that means another vault, and a password that everybody may read", async () => {
    await cli(["tick", ...chain.where], key);
    await cli(["pause", "LINK", "--reason", "venue in trouble", "--storage", chain.database]);
    expect((await examine()).named("paused")).to.include({ verdict: "warn", fact: "venue in trouble" });
    await cli(["resume", "LINK", "--storage", chain.database]);
    const store = await openStore({ kind: "postgres", url: chain.database });
    await store.session.run((db) =>
      db
        .updateTable("targets")
        .set({ genesis: `0x${"0".repeat(64)}` })
        .execute(),
    );
    await store.close();
    expect(failures((await examine()).checks)).to.deep.equal(["is the one of the journal"]);
    const open = file("password", "hunter2 hunter2");
    chmodSync(open, 0o644);
    const keystore = `{ file: "/absent.json", passwordFile: "${open}" }`;
    const exposed = await examine(["--set", `signer={ keystore: ${keystore} }`], {});
    expect(exposed.named(`permissions of ${open}`)).to.include({ verdict: "fail", nextStep: `Run chmod 600 ${open}` });
  });

  it("fails storage that cannot be had, and looks at the rest all the same", async () => {
    const { code, checks, named } = await examine([
      "--storage",
      `postgres://nobody:db-secret@127.0.0.1:${await freePort()}/x`,
    ]);
    expect(code).to.equal(1);
    expect(failures(checks)).to.deep.equal(["opens"]);
    expect(named("keeper's role").verdict).to.equal("ok");
    expect(JSON.stringify(checks)).to.not.include("db-secret");
  });
});
