import { expect } from "chai";
import { cli, freePort, keyOf, servedVault } from "./support.js";

describe("crosshedge run", function () {
  this.timeout(120_000);
  let chain: Awaited<ReturnType<typeof servedVault>>;
  before(async () => {
    chain = await servedVault();
  });
  after(() => chain.close());

  it("keeps the vault until it is told to stop, serves its health, and says no secret", async () => {
    const port = await freePort();
    const health: Promise<Response>[] = [];
    const environment = { CROSSHEDGE_KEY: keyOf("keeper"), CROSSHEDGE_HTTP_PORT: String(port) };
    const { code, said } = await cli(["run", ...chain.where], environment, "", (text) => {
      if (!text.includes('"landed"') && !text.includes("poke")) return;
      if (health.length === 0) {
        health.push(fetch(`http://127.0.0.1:${port}/livez`));
        process.emit("SIGTERM");
      }
    });
    expect(code, said).to.equal(0);
    expect(said).to.include("stopped");
    expect(said).to.not.include("the journal is new");
    expect((await health[0]!).status).to.equal(200);
    expect(said)
      .to.not.include(keyOf("keeper").slice(2))
      .and.not.include(chain.database)
      .and.not.include(chain.devnet.url);
    const { out } = await cli(["journal", "ls", "--storage", chain.database]);
    expect(out).to.match(/LINK +\d+ +poke +poke\.due +poke (landed|final)/);
  });

  it("warns where the account has sent before and the journal is new: it may be another than was meant", async () => {
    const environment = { CROSSHEDGE_KEY: keyOf("keeper") };
    const elsewhere = [...chain.where, "--storage", "memory"];
    let told = 0;
    const { code, said } = await cli(["run", ...elsewhere], environment, "", (text) => {
      if (text.includes("the journal is new to an account") && told++ === 0) process.emit("SIGTERM");
      else if (text.includes("the fleet is running") && told++ === 0) process.emit("SIGTERM");
    });
    expect(code, said).to.equal(0);
    expect(said).to.include("the journal is new to an account that has sent before");
    const { out } = await cli(["doctor", ...elsewhere], environment);
    expect(out).to.match(/WARN {2}lane: was never taken by this journal, and 0x\w+ has sent \d+ transactions/);
  });

  it("says what is wrong before it starts", async () => {
    expect((await cli(["run", ...chain.where])).errors).to.include("There is no key");
    const wrong = await cli(["run", ...chain.where, "--interval", "soon"], { CROSSHEDGE_KEY: keyOf("keeper") });
    expect(wrong.errors).to.include("above zero");
  });
});
