import { readFileSync } from "node:fs";
import { Authority__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { HEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import type { Deployed } from "../../scripts/deploy/parts.js";
import { KEEPER_ROLE } from "../../scripts/deploy/roles.js";
import { cloneOf } from "../../scripts/deploy/verify/code.js";
import { deploymentFile } from "../../scripts/devnet/deployment.js";
import { UsageError } from "../../scripts/errors.js";
import { failureOf } from "../devnet/fixture.js";
import { type Ground, openGround } from "./support.js";

const DAY = 86_400;

describe("the verification of a deployment", () => {
  let ground: Ground;
  let deployed: Deployed;
  let config: string;
  let restore: () => Promise<unknown>;
  before(async () => {
    ground = await openGround();
    config = ground.configure();
    deployed = await ground.deploy(config);
    await keep();
  });
  after(() => ground.close());
  afterEach(async () => {
    await restore();
    await keep();
  });
  async function keep() {
    const snapshot = await ground.devnet.world.networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
  }
  const again = async (): Promise<string> => {
    const error = await failureOf(() => ground.deploy(config));
    expect(error).to.be.instanceOf(UsageError);
    return error.message;
  };

  it("passes again and changes nothing while nothing has changed", async () => {
    const file = deploymentFile(31337, ground.root);
    const before = readFileSync(file, "utf8");
    await ground.deploy(config);
    expect(ground.said.join("\n")).to.include("Nothing to do").and.include("Verified:");
    expect(readFileSync(file, "utf8")).to.equal(before);
  });

  it("sees one other byte in any contract, library or implementation", async () => {
    const { networkHelpers, ethers } = ground.devnet.world;
    const { vault, rebalancer, legs } = deployed.implementations;
    const contracts = {
      Authority: deployed.accessManager,
      PriceOracle: deployed.priceOracle,
      CovarianceOracle: deployed.covarianceOracle,
      VaultFactory: deployed.factory,
      HedgeVault: vault,
      Rebalancer: rebalancer,
      UniswapV3Leg: legs.uniswapV3 as string,
      PerpV2Leg: legs.perpV2 as string,
      ...deployed.libraries,
    };
    expect(Object.keys(deployed.libraries)).to.include("Nav");
    for (const [name, at] of Object.entries(contracts)) {
      const code = await ethers.provider.getCode(at);
      // In the metadata: nothing executes it, so all else goes on as before.
      const other = `${code.slice(0, -10)}${code.at(-10) === "0" ? "1" : "0"}${code.slice(-9)}`;
      await networkHelpers.setCode(at, other);
      expect(await again()).to.include(`${name} at ${at} has other code`);
      await networkHelpers.setCode(at, code);
    }
    await ground.deploy(config);
  });

  it("sees a clone of something else", async () => {
    const { networkHelpers } = ground.devnet.world;
    await networkHelpers.setCode(
      deployed.legs.perp as string,
      cloneOf(deployed.implementations.legs.uniswapV3 as string),
    );
    expect(await again()).to.include(
      `perp at ${deployed.legs.perp} is no clone of ${deployed.implementations.legs.perpV2}`,
    );
  });

  it("sees a role too many and a changed limit, and who changed them had to wait", async () => {
    const { world } = ground.devnet;
    const { feedOwner: admin, stranger } = world.signers;
    const authority = Authority__factory.connect(deployed.accessManager, admin);
    const rebalancer = Rebalancer__factory.connect(deployed.rebalancer, admin);
    const grant = authority.interface.encodeFunctionData("grantRole", [KEEPER_ROLE, stranger.address, 0]);
    const limits = rebalancer.interface.encodeFunctionData("setLimits", [{ ...HEDGED_LIMITS, maxLoss: 1n }]);
    await expect(authority.grantRole(KEEPER_ROLE, stranger, 0)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerNotScheduled",
    );
    await authority.schedule(authority, grant, 0);
    await authority.schedule(rebalancer, limits, 0);
    await world.networkHelpers.time.increase(2 * DAY);
    await authority.execute(authority, grant);
    await authority.execute(rebalancer, limits);
    expect(await again())
      .to.include(`the delay of role and account ${KEEPER_ROLE} ${stranger.address} is 0, wanted is none.`)
      .and.include('limits.maxLoss is "1", wanted is "10000000000000000".');
  });

  it("finds the deploying account without any role", async () => {
    const { deployer } = ground.devnet.world.signers;
    const authority = Authority__factory.connect(deployed.accessManager, deployer);
    for (const role of [0n, 1n, 2n]) expect(await authority.hasRole(role, deployer)).to.deep.equal([false, 0n]);
  });
});
