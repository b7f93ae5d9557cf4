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
    expect((await health[0]!).status).to.equal(200);
    expect(said)
      .to.not.include(keyOf("keeper").slice(2))
      .and.not.include(chain.database)
      .and.not.include(chain.devnet.url);
    const { out } = await cli(["journal", "ls", "--storage", chain.database]);
    expect(out).to.match(/LINK +\d+ +poke +poke\.due +poke (landed|final)/);
  });

  it("says what is wrong before it starts", async () => {
    expect((await cli(["run", ...chain.where])).errors).to.include("There is no key");
    const wrong = await cli(["run", ...chain.where, "--interval", "soon"], { CROSSHEDGE_KEY: keyOf("keeper") });
    expect(wrong.errors).to.include("above zero");
  });
});
