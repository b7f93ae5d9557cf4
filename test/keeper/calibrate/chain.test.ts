import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { prepareDeposit, send } from "@crosshedge/sdk";
import { expect } from "chai";
import { runCli } from "../../../keeper/src/cli/program.js";
import { deployDevnetVault } from "../../../scripts/deploy/devnet-vault.js";
import { type Devnet, startDevnet } from "../../../scripts/devnet/devnet.js";
import { fund } from "../../../scripts/devnet/world.js";
import { connect } from "../../support/connect.js";
import { writePrices } from "./support.js";

describe("crosshedge calibrate of a vault on-chain", function () {
  this.timeout(120_000);
  const root = mkdtempSync(path.join(tmpdir(), "crosshedge-calibrate-chain-"));
  let devnet: Devnet;
  before(async () => {
    devnet = await startDevnet({
      port: 0,
      alt: "LINK",
      seed: 1,
      days: 1,
      warmUpDays: 1,
      root,
      deployVaults: deployDevnetVault,
    });
  });
  after(async () => {
    await devnet.stop();
    rmSync(root, { recursive: true });
  });

  async function calibrate(...words: string[]) {
    let said = "";
    const write = (text: string): void => {
      said += text;
    };
    const where = ["--rpc", devnet.url, "--deployment", path.join(root, "deployments/31337.json")];
    const code = await runCli(["node", "crosshedge", "calibrate", ...where, ...words], {
      ...{ environment: {}, print: write, printError: write },
    });
    return { code, said };
  }

  it("reads assets, feeds, pool, fees and the present parameters from the vault", async () => {
    const out = path.join(root, "params.json");
    const { code, said } = await calibrate("--prices", writePrices(root, 200), "--out", out);
    expect(code, said).to.equal(0);
    const { assets, reasons, provenance } = JSON.parse(readFileSync(out, "utf8"));
    expect(provenance.vault).to.equal("Crosshedge LINK/USDC");
    expect(Object.keys(assets)).to.deep.equal(["LINK", "WETH", "WBTC"]);
    const was = Object.fromEntries(reasons.map((one: { parameter: string; was: string }) => [one.parameter, one.was]));
    expect(was).to.deep.include({
      "assets.WETH.varianceFloor": "0.36",
      "covariance.gridStep": "8h",
      "covariance.halfLifeSlow": "30d",
      "limits.maxVolatility": "60%",
      "limits.minRangeWidth": "600",
      "publicLimits.riskPrice": "0.25 years",
      "keeper.liquidity.rangeFactor": "1.25",
    });
    expect(provenance.assumed.hedgeCost).to.equal("WETH 0.001, WBTC 0.001");
  });

  it("reads what the vault holds, and stresses that too", async () => {
    const { world } = devnet;
    const { address } = world.signers.alice;
    const amount = 100_000n * 10n ** 6n;
    await fund(world, address, { USDC: amount });
    const vault = await connect({ world, deployment: Object.values(devnet.vaults!)[0]! });
    const token = await world.tokens.USDC.getAddress();
    await send(await prepareDeposit(vault, { account: address, token, amount }), world.signers.alice);
    const out = path.join(root, "held.json");
    const { code, said } = await calibrate("--prices", writePrices(root, 200), "--out", out);
    expect(code, said).to.equal(0);
    expect(said).to.include("Published worst case");
  });

  it("reads the feeds' own rounds where no prices are given, and says how much more it needs", async () => {
    const { code, said } = await calibrate("--out", path.join(root, "none.json"));
    expect(code).to.equal(1);
    expect(said).to.match(/is [01] days long.*150 are needed.*--prices/);
  });
});
