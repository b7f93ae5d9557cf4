import { readFileSync } from "node:fs";
import { CrosshedgeVault, parseDeployment, prepareDeposit, prepareExitInKind, send } from "@crosshedge/sdk";
import { AaveV3ShortLeg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { parseUnits } from "ethers";
import { deploymentFile } from "../../scripts/devnet/deployment.js";
import { fund } from "../../scripts/devnet/world.js";
import { type Ground, openGround } from "./support.js";

describe("npm run deploy", () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground.close());

  it("deploys the example, verifies it, and writes it down beside what the chain's file had", async () => {
    const file = deploymentFile(31337, ground.root);
    const before = parseDeployment(readFileSync(file, "utf8"));
    const config = ground.configure();
    const deployed = await ground.deploy(config);
    const { vaults, ...rest } = parseDeployment(readFileSync(file, "utf8"));
    const { vaults: none, ...restBefore } = before;
    expect(none).to.equal(undefined);
    expect(rest).to.deep.equal(restBefore);
    expect(vaults?.["Crosshedge example"]?.vault).to.equal(deployed.vault);
  });

  it("gives a vault that the SDK deposits into and leaves", async () => {
    const { world } = ground.devnet;
    const { vaults, multicall } = parseDeployment(readFileSync(deploymentFile(31337, ground.root), "utf8"));
    const { alice } = world.signers;
    const address = vaults?.["Crosshedge example"]?.vault as string;
    const vault = await CrosshedgeVault.connect({ address, provider: world.ethers.provider, multicall });
    const account = alice.address;
    const amount = parseUnits("1000", 6);
    await fund(world, alice.address, { USDC: amount });
    const token = await world.tokens.USDC.getAddress();
    const { shares } = await send(await prepareDeposit(vault, { account, token, amount }), alice);
    expect(shares).to.be.above(parseUnits("990", 18));
    const { amounts } = await send(await prepareExitInKind(vault, { account, shares }), alice);
    expect(amounts[token]).to.be.above(parseUnits("990", 6));
  });

  it("deploys a vault that is hedged on Aave, as its configuration says", async () => {
    const config = ground.configure((wanted) => {
      wanted.vault.name = "Crosshedge lent";
      wanted.vault.legs[1] = {
        name: "aave",
        venue: "aave-v3",
        markets: [
          { token: "WETH", pool: "wethUsdc" },
          { token: "ALT", pool: "altUsdc" },
        ],
        maxSlippage: "3%",
      };
    });
    const { legs } = await ground.deploy(config);
    const { ethers, tokens } = ground.devnet.world;
    const leg = AaveV3ShortLeg__factory.connect(legs.aave as string, ethers.provider);
    expect(await leg.venue()).to.equal("aave-v3");
    const markets = (await leg.markets()).map(({ market }) => market);
    expect(markets).to.deep.equal([await tokens.WETH.getAddress(), await tokens.ALT.getAddress()]);
  });
});
