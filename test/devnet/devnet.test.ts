import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CrosshedgeError } from "@crosshedge/sdk";
import { expect } from "chai";
import { deploymentFile, readDeployment, writeDeployment } from "../../scripts/devnet/deployment.js";
import { type Devnet, startDevnet } from "../../scripts/devnet/devnet.js";
import { perpPrice } from "../../scripts/devnet/venues.js";
import { fund, movePerp, setFeed } from "../../scripts/devnet/world.js";
import { UsageError } from "../../scripts/errors.js";
import { apart, failureOf } from "./fixture.js";

const OPTIONS = { port: 0, alt: "ALT", seed: 1, days: 1, warmUpDays: 0 };

async function blockNumber(url: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return Number(((await response.json()) as { result: string }).result);
}

describe("the devnet", () => {
  let root: string;
  let base: Devnet;
  const started: Devnet[] = [];
  const start = async (options: object): Promise<Devnet> => {
    const devnet = await startDevnet({ ...OPTIONS, root, ...options });
    started.push(devnet);
    return devnet;
  };
  before(async () => {
    root = mkdtempSync(path.join(tmpdir(), "devnet-"));
    base = await start({});
  });
  afterEach(async () => {
    while (started.length > 1) await started.pop()!.stop();
  });
  after(async () => {
    await base.stop();
    rmSync(root, { recursive: true });
  });

  it("serves a world at the time of day, and writes its addresses", async () => {
    expect(base.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(base.file).to.equal(deploymentFile(31337, root));
    expect(readDeployment(base.file)).to.deep.equal(base.world.deployment);
    expect(Math.abs(Date.now() / 1000 - base.driver!.now)).to.be.below(3700);
    const { answer } = await base.world.feeds.BTC.proxy.latestRoundData();
    expect(answer).to.equal(42_000n * 10n ** 8n);
  });

  it("moves the market while it runs, and stops", async () => {
    const devnet = await start({ speed: 50, alt: "FOO" });
    const from = devnet.driver!.now;
    const running = devnet.run();
    while (devnet.driver!.now < from + 3600) await sleep(20);
    expect(await blockNumber(devnet.url)).to.be.above(100);
    started.pop();
    await devnet.stop();
    await running;
    expect((await failureOf(() => blockNumber(devnet.url))).message).to.contain("fetch failed");
    expect(existsSync(devnet.file)).to.equal(true);
    writeDeployment(base.file, base.world.deployment);
  });

  it("puts vaults on top, and writes them down", async () => {
    const address = base.world.deployment.multicall;
    const names = { vault: address, rebalancer: address, priceOracle: address, covarianceOracle: address };
    const vaults = { demo: { ...names, accessManager: address, legs: { pool: address } } };
    const devnet = await start({ fork: base.url, deployVaults: async () => vaults });
    expect(readDeployment(devnet.file).vaults).to.deep.equal(vaults);
  });

  it("says when the port is taken", async () => {
    const port = Number(new URL(base.url).port);
    const error = await failureOf(() => start({ port }));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.message).to.contain(`Port ${port} cannot be listened at`).and.contain("--port");
  });

  it("forks a chain with the protocols on it, and leaves that chain alone", async () => {
    // The last thing that happened there, which a fork from some blocks before would not have.
    await fund(base.world, base.world.signers.bob.address, { USDC: 7n });
    const before = await blockNumber(base.url);
    const fork = await start({ fork: base.url });
    expect(await fork.world.tokens.USDC.balanceOf(base.world.signers.bob)).to.equal(7n);
    expect(await blockNumber(fork.url)).to.be.at.least(before);
    expect(fork.file).to.not.equal(base.file);
    expect(fork.world.deployment).to.deep.equal(base.world.deployment);
    const { world } = fork;
    await fund(world, world.signers.alice.address, { USDC: 5n });
    expect(await world.tokens.USDC.balanceOf(world.signers.alice)).to.equal(5n);
    await setFeed(world, "ETH", 2400);
    await movePerp(world, "ETH", 2400);
    expect(apart(await perpPrice(world, "ETH"), 2400)).to.be.below(1e-9);
    await fork.driver!.step();
    expect(fork.driver!.rounds.ETH).to.equal(1);
    expect(await blockNumber(base.url)).to.equal(before);
    expect(await base.world.tokens.USDC.balanceOf(world.signers.alice)).to.equal(0n);
    expect(apart(await perpPrice(base.world, "ETH"), 2300)).to.be.below(1e-9);
  });

  it("goes on after the time of the forked block, which may be ahead of the clock", async () => {
    const ahead = await start({});
    await ahead.world.connection.networkHelpers.time.increase(86_400);
    const forked = (await ahead.world.ethers.provider.getBlock("latest"))!;
    const fork = await start({ fork: ahead.url });
    const next = (await fork.world.ethers.provider.getBlock(forked.number + 1))!;
    expect(next.timestamp).to.be.above(forked.timestamp);
  });

  it("forks a chain whose markets others move, and does not pretend to move them", async () => {
    const { marketMover: _, ...others } = base.world.deployment;
    const file = path.join(root, "others.json");
    writeDeployment(file, others);
    const fork = await start({ fork: base.url, deployment: file });
    expect(fork.driver).to.equal(undefined);
    expect((await failureOf(() => movePerp(fork.world, "ETH", 2400))).message).to.contain("Nobody moves prices");
    expect(apart(await perpPrice(fork.world, "ETH"), 2300)).to.be.below(1e-9);
    const running = fork.run();
    started.pop();
    await fork.stop();
    await running;
  });

  it("refuses addresses that cannot be right", async () => {
    const refusal = async (change: object | undefined, message: string) => {
      const file = path.join(root, "wrong.json");
      if (change) writeDeployment(file, { ...base.world.deployment, ...change });
      const error = await failureOf(() =>
        start({ fork: base.url, deployment: change ? file : path.join(root, "none.json") }),
      );
      expect(error instanceof UsageError || CrosshedgeError.is(error)).to.equal(true);
      expect(error.message).to.contain(message);
    };
    await refusal(undefined, "Cannot read the addresses");
    await refusal({ chainId: 10 }, "are of chain 10");
    await refusal({ multicall: "0x12" }, "deployment.multicall");
    await refusal({ feeds: {} }, "deployment.feeds.ETH");
    const perp = { ...base.world.deployment.perp, clearingHouse: `0x${"12".repeat(20)}` };
    await refusal({ perp }, "There is no contract at");
    const dead = await failureOf(() => start({ fork: "http://127.0.0.1:1" }));
    expect(dead.message).to.contain("No node answers");
    expect((await failureOf(() => start({ prices: "x.csv" }))).message).to.contain("--from");
  });

  describe("as a command", () => {
    const run = (...args: string[]) => {
      const child = spawn(process.execPath, ["--import", "tsx", "scripts/devnet/main.ts", ...args]);
      let output = "";
      child.stdout.on("data", (data) => (output += String(data)));
      child.stderr.on("data", (data) => (output += String(data)));
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      return { child, ended, output: () => output };
    };

    it("tells what it did, and stops when it is told", async () => {
      const directory = mkdtempSync(path.join(tmpdir(), "devnet-"));
      const { child, ended, output } = run("--port", "0", "--warm-up", "0", "--days", "1", "--root", directory);
      while (!output().includes("Ctrl-C stops it") && child.exitCode === null) await sleep(50);
      const { perp, aave } = readDeployment(deploymentFile(31337, directory));
      expect(output())
        .to.contain(perp.clearingHouse)
        .and.contain(aave!.pool)
        .and.contain("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
      child.kill("SIGTERM");
      expect(await ended).to.equal(0);
      expect(output()).to.contain("Stopped.");
      rmSync(directory, { recursive: true });
    });

    it("explains its options, and refuses bad ones", async () => {
      const [help, bad] = [run("--help"), run("--port", "many")];
      expect(await help.ended).to.equal(0);
      for (const flag of ["--port", "--alt", "--seed", "--prices", "--speed", "--fork"]) {
        expect(help.output()).to.contain(flag);
      }
      expect(await bad.ended).to.equal(1);
      expect(bad.output()).to.contain("It must be a port");
    });
  });
});
