import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { UsageError } from "../../scripts/errors.js";
import { failureOf } from "../devnet/fixture.js";
import { createdSince, type Ground, openGround } from "./support.js";

const PROJECT = path.resolve(import.meta.dirname, "../..");

/** What one run of the command ended with; `stopAt` kills it once its output has that many finished steps. */
function run(args: string[], stopAt = Number.POSITIVE_INFINITY): Promise<{ code: number | null; output: string }> {
  const command = ["--import", "tsx", "scripts/deploy/main.ts", ...args];
  const child: ChildProcess = spawn(process.execPath, command, { cwd: PROJECT });
  let output = "";
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
    if ((output.match(/ done$/gm) ?? []).length >= stopAt) child.kill("SIGKILL");
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

describe("a deployment that is interrupted", () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground.close());

  const args = (config: string) => [
    ...["--config", config, "--network", "local"],
    ...["--url", ground.devnet.url, "--root", ground.root],
  ];

  it("goes on where it was killed, deploys nothing twice, and has nothing to do once it is through", async () => {
    const { provider } = ground.devnet.world.ethers;
    const config = ground.configure();
    const start = await provider.getBlockNumber();
    let killed = 0;
    let last = "";
    for (;;) {
      const { code, output } = await run(args(config), 5);
      last = output;
      if (code === 0) break;
      expect(code, output).to.equal(null);
      killed++;
      expect(killed).to.be.below(12);
    }
    expect(killed).to.be.above(2);
    expect(last).to.include("Going on with the deployment").and.include("Verified:");
    const { hashes, transactions } = await createdSince(start, provider);
    expect(new Set(hashes).size).to.equal(hashes.length);

    const whole = await openGround();
    try {
      const wholeProvider = whole.devnet.world.ethers.provider;
      const from = await wholeProvider.getBlockNumber();
      await whole.deploy(whole.configure());
      const uninterrupted = await createdSince(from, wholeProvider);
      expect(transactions).to.equal(uninterrupted.transactions);
      expect(hashes.length).to.equal(uninterrupted.hashes.length);
    } finally {
      await whole.close();
    }

    const again = await run(args(config));
    expect(again.code, again.output).to.equal(0);
    expect(again.output).to.include("Nothing to do").and.include("Verified:");
    expect((await createdSince(start, provider)).transactions).to.equal(transactions);
  }).timeout(300_000);

  it("is not gone on with by another configuration, another account, or on another chain", async () => {
    const changed = ground.configure((config) => {
      config.vault.limits.maxLoss = "0.5%";
    });
    const other = await failureOf(() => ground.deploy(changed));
    expect(other).to.be.instanceOf(UsageError);
    expect(other.message).to.match(/not the one that this deployment was begun with/);
    const { keeper } = ground.devnet.world.signers;
    const account = await failureOf(() => ground.deploy(ground.configure(), { from: keeper.address }));
    expect(account.message).to.match(/was begun by 0xf39F.*, not by/);
    const elsewhere = await openGround();
    try {
      const { connection } = elsewhere.devnet.world;
      const chain = await failureOf(() => ground.deploy(ground.configure(), { connection, url: elsewhere.devnet.url }));
      expect(chain.message).to.match(/belongs to another chain/);
    } finally {
      await elsewhere.close();
    }
  });

  it("leaves no trace when it is refused before its first transaction", async () => {
    const config = ground.configure((changed) => {
      changed.vault.name = "Refused";
      changed.vault.limits.maxLoss = "4%";
    });
    const { provider } = ground.devnet.world.ethers;
    const block = await provider.getBlockNumber();
    const { code, output } = await run(args(config));
    expect(code).to.equal(1);
    expect(output).to.include("vault.limits.maxLoss").and.not.include("    at ");
    expect(await provider.getBlockNumber()).to.equal(block);
    expect(existsSync(path.join(ground.root, "deployments/ignition/31337-refused"))).to.equal(false);
  }).timeout(60_000);

  it("explains itself", async () => {
    expect((await run(["--help"])).output).to.include("--config <file>");
    const missing = await run(["--config", "nowhere.json", "--network", "mars"]);
    expect(missing.code).to.equal(1);
    expect(missing.output).to.match(/There is no network mars\. Use one of: local/);
  }).timeout(60_000);
});
