import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parseUnits } from "ethers";
import { describe as describeWanted } from "../../scripts/deploy/config/describe.js";
import { readParams, withParams } from "../../scripts/deploy/config/params.js";
import { Problems } from "../../scripts/deploy/config/problems.js";
import { type DeployConfig, readConfig } from "../../scripts/deploy/config/schema.js";
import {
  ASSET_PARAMETERS,
  COVARIANCE_PARAMETERS,
  HEDGED_LIMITS,
  PUBLIC_LIMITS,
  percent,
  SETTINGS,
} from "../../scripts/deploy/parameters.js";
import { UsageError } from "../../scripts/errors.js";
import { failureOf } from "../devnet/fixture.js";
import { EXAMPLE, type Example, type Ground, openGround } from "./support.js";

describe("a configuration of npm run deploy", () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground.close());

  function read(change: (config: Example) => void = () => {}) {
    const content = JSON.parse(readFileSync(EXAMPLE, "utf8")) as Example;
    change(content);
    const problems = new Problems();
    const config = readConfig(content, ground.devnet.world.deployment, problems);
    return { config, problems: problems.lines };
  }
  const refused = async (change: (config: Example) => void): Promise<string> => {
    const { provider } = ground.devnet.world.ethers;
    const block = await provider.getBlockNumber();
    const error = await failureOf(() => ground.deploy(ground.configure(change)));
    expect(error).to.be.instanceOf(UsageError);
    expect(await provider.getBlockNumber()).to.equal(block);
    return error.message;
  };

  it("of the example is what the devnet's own vault is made with", () => {
    const { config, problems } = read();
    expect(problems).to.deep.equal([]);
    const { assets, covariance, vault } = config as DeployConfig;
    expect(vault.limits).to.deep.equal(HEDGED_LIMITS);
    expect(vault.settings).to.deep.include(SETTINGS);
    expect(vault.publicLimits).to.deep.include(PUBLIC_LIMITS);
    expect(covariance).to.deep.equal(COVARIANCE_PARAMETERS);
    for (const [i, name] of (["USDC", "ALT", "ETH", "BTC"] as const).entries()) {
      const { feed, varianceFloor } = assets[i] as (typeof assets)[0];
      expect({ ...feed, varianceFloor }).to.deep.include(ASSET_PARAMETERS[name]);
    }
  });

  it("may have no setting that does not exist, and misses none", () => {
    const { problems } = read((config) => {
      config.vault.limits.maxLos = "1%";
      delete config.vault.limits.maxLoss;
      config.keeper = "0x";
      delete config.roles.guardian;
    });
    expect(problems).to.deep.equal([
      "keeper: there is no such setting.",
      "vault.limits.maxLos: there is no such setting.",
      'vault.limits.maxLoss: expected a percentage such as "1.5%", got nothing.',
      "roles.guardian: expected an address, got nothing.",
    ]);
  });

  for (const [title, change, problem] of [
    [
      "a number for a percentage",
      (c: Example) => (c.vault.limits.maxLoss = 1),
      /vault\.limits\.maxLoss: .*"1\.5%", got 1/,
    ],
    ["a time without a unit", (c: Example) => (c.covariance.gridStep = "8"), /covariance\.gridStep: expected a time/],
    ["dollars without a unit", (c: Example) => (c.vault.settings.maxNav = "5"), /maxNav: expected dollars/],
    ["commas astray", (c: Example) => (c.vault.settings.maxNav = "1,00 USD"), /maxNav: expected dollars/],
    ["a percentage below zero", (c: Example) => (c.vault.limits.poolBand = "-1%"), /poolBand: expected a percentage/],
    [
      "a wrong checksum",
      (c: Example) => (c.roles.keeper = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dC"),
      /roles\.keeper: expected an address/,
    ],
    [
      "a token by a wrong name",
      (c: Example) => (c.assets[1].token = "ALTT"),
      /assets\[1\]\.token: .*\(.*USDC.*\), got "ALTT"/,
    ],
    [
      "an unknown venue",
      (c: Example) => (c.vault.legs[1].venue = "gmx"),
      /vault\.legs\[1\]\.venue: expected one of "uniswap-v3", "perp-v2", "aave-v3"/,
    ],
    [
      "a setting of another venue",
      (c: Example) => (c.vault.legs[0].markets = []),
      /vault\.legs\[0\]\.markets: there is no such/,
    ],
    ["no admin", (c: Example) => (c.roles.admins = []), /roles\.admins: expected a list of 1 or more/],
    ["no legs", (c: Example) => (c.vault.legs = {}), /vault\.legs: expected a list/],
    ["an empty name", (c: Example) => (c.vault.name = " "), /vault\.name: expected a text/],
  ] as const) {
    it(`is refused with ${title}`, () => {
      const { config, problems } = read(change);
      expect(config).to.equal(undefined);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem);
    });
  }

  it("names a settlement token, markets' assets and legs that fit together", () => {
    const { config } = read((changed) => {
      changed.assets.splice(2, 1);
      changed.vault.legs[0].name = "perp";
    });
    const problems = new Problems();
    describeWanted(config as DeployConfig, ground.devnet.world.deployment, 0n, problems);
    expect(problems.lines.join("\n"))
      .to.match(/vault\.legs\[1\]\.markets\[0\]\.asset: 0x\w+ is not one of the assets/)
      .and.match(/vault\.legs: the same one stands in it twice/);
  });

  it("meets every ceiling of the contracts before anything is sent, and hears of all at once", async () => {
    const message = await refused((config) => {
      config.vault.limits.maxLoss = "4%";
      config.vault.limits.poolBand = "6%";
      config.vault.limits.minMarginRatio = "14%";
      config.vault.legs[0].maxSlippage = "6%";
    });
    for (const line of [
      /vault\.limits\.maxLoss: .*AboveCeiling\(limit: "maxLoss", value: 40000000000000000, ceiling: 30000000000000000\)/,
      /vault\.limits\.poolBand: .*AboveCeiling/,
      /vault\.limits\.minMarginRatio: .*BelowFloor/,
      /vault\.legs\[0\]: .*SlippageTooWide/,
    ]) {
      expect(message).to.match(line);
    }
  });

  it("meets the checks of oracles and authority", async () => {
    const message = await refused((config) => {
      config.assets[0].feed.deviation = "6%";
      config.assets[1].feed.heartbeat = "3d";
      config.roles.admins[0].delay = "1d";
    });
    expect(message)
      .to.match(/assets\[0\]\.feed: .*DeviationOutOfRange/)
      .and.match(/assets\[1\]\.feed: .*HeartbeatOutOfRange/)
      .and.match(/roles\.admins\[0\]: .*AdminDelayTooShort/);
    expect(
      await refused((config) => {
        config.covariance.gridStep = "1h";
      }),
    ).to.match(/covariance: .*GridStepTooShort/);
  });

  describe("with parameters of crosshedge calibrate", () => {
    const params = (change: (file: Example) => void = () => {}): string => {
      const file = {
        form: 1,
        assets: { ALT: { varianceFloor: "1.314" }, WBTC: { varianceFloor: "0.329" } },
        covariance: { gridStep: "6h", halfLifeFast: "10d", halfLifeSlow: "21d" },
        limits: { maxVolatility: "78%", minHedge: "15%", minMarginRatio: "35%", maxGross: "85%", minRangeWidth: 5220 },
        publicLimits: { alarmVolatility: "91%", riskPrice: "0.05 years", marginTarget: "48%" },
        keeper: { margin: { low: 0.48, target: 0.6, high: 1.2 } },
        haircuts: {},
        worstCase: { day: { loss: "11%", basis: "-" }, fortnight: { loss: "27.1%", basis: "-" } },
        provenance: { vault: "-", version: "-", method: "-", data: [], from: "-", until: "-", assumed: {} },
        reasons: [],
      } as Example;
      change(file);
      const name = path.join(ground.root, "params.json");
      writeFileSync(name, JSON.stringify(file));
      return name;
    };
    const refusal = async (change: (file: Example) => void, config = ground.configure()): Promise<string> => {
      const error = await failureOf(() => ground.deploy(config, { params: params(change) }));
      expect(error).to.be.instanceOf(UsageError);
      return error.message;
    };

    it("has them in place of its own, in the contracts' units, and tells what changes", () => {
      const said: string[] = [];
      const { deployment } = ground.devnet.world;
      const content = JSON.parse(readFileSync(EXAMPLE, "utf8")) as Example;
      const merged = withParams(content, readParams(params()), deployment, (line) => void said.push(line));
      const problems = new Problems();
      const { assets, covariance, vault } = readConfig(merged, deployment, problems) as DeployConfig;
      expect(problems.lines).to.deep.equal([]);
      expect(assets.map(({ varianceFloor }) => varianceFloor)).to.deep.equal(
        ["0.0001", "1.314", "0.36", "0.329"].map((text) => parseUnits(text, 18)),
      );
      expect(covariance).to.deep.include({ gridStep: 21_600n, halfLifeFast: 864_000n, minHistory: 30n * 86_400n });
      expect(vault.limits).to.deep.include({ maxVolatility: percent(78), minRangeWidth: 5220n, maxLoss: percent(1) });
      expect(vault.publicLimits).to.deep.include({ riskPrice: parseUnits("0.05", 18), marginTarget: percent(48) });
      expect(said).to.include('  vault.limits.maxVolatility: "60%" becomes "78%"');
      expect(said.join()).to.not.include("minHedge");
      const { limits, varianceFloors } = readParams(params());
      expect(limits).to.deep.include({ maxVolatility: percent(78), minRangeWidth: 5220n });
      expect(varianceFloors).to.deep.equal({ ALT: parseUnits("1.314", 18), WBTC: parseUnits("0.329", 18) });
    });

    it("passes the contracts' own ceilings and floors: only what else is wrong is refused", async () => {
      const message = await refusal(
        () => {},
        ground.configure((config) => {
          config.vault.limits.poolBand = "6%";
        }),
      );
      expect(message).to.match(/vault\.limits\.poolBand: .*AboveCeiling/);
      expect(message.match(/AboveCeiling|BelowFloor|GridStep|HalfLife|FloorOutOfRange/g)).to.have.length(1);
    });

    it("names the path of what is wrong in the file", async () => {
      expect(
        await refusal((file) => {
          file.limits.maxVolatility = "0.78";
          file.limits.maxVol = "78%";
          file.assets.ALT.varianceFloor = "much";
        }),
      )
        .to.match(/params\.json cannot be used:/)
        .and.match(/limits\.maxVolatility: expected a percentage/)
        .and.match(/limits\.maxVol: there is no such setting/)
        .and.match(/assets\.ALT\.varianceFloor: expected a decimal/);
      expect(await refusal((file) => (file.keeper.margin.low = 9))).to.match(/keeper\.margin\.target/);
      expect(await refusal((file) => (file.assets.DOGE = file.assets.ALT))).to.match(
        /DOGE, which is not one of the assets/,
      );
      expect(await refusal((file) => (file.covariance.gridStep = "2h"))).to.match(/covariance: .*GridStepTooShort/);
    });
  });

  it("fits the chain", async () => {
    const { world } = ground.devnet;
    const [nobody, pool] = [world.signers.alice.address, world.deployment.uniswap.pools.altWeth];
    const message = await refused((config) => {
      config.assets[0].feed.feed = nobody;
      config.assets[3].token = nobody;
      config.vault.legs[0].pool = pool;
      config.assets[2].token = world.deployment.perp.markets.ETH.base;
      config.vault.legs[1].markets = [{ market: "ETH", asset: config.assets[2].token }];
      config.roles.admins[0].account = world.signers.deployer.address;
    });
    expect(message)
      .to.match(/assets\[0\]\.feed\.feed: there is no contract/)
      .and.match(/assets\[3\]\.token: there is no contract/)
      .and.match(/vault\.legs\[0\]\.pool: its token 0x\w+ is not one of the assets/)
      .and.match(/roles\.admins\[0\]\.account: it is the deploying account/);
    expect(
      await refused((config) => {
        config.vault.legs[1].markets[0].market = pool;
      }),
    ).to.match(/vault\.legs\[1\]\.markets\[0\]\.market: the venue has no market/);
  });

  it("is of this chain, and names a pool that can tell its average price", async () => {
    expect(
      await refused((config) => {
        config.chainId = 10;
      }),
    ).to.match(/There is no .*deployments\/10\.json/);
    const { world } = ground.devnet;
    const { ALT, USDC } = world.tokens;
    const factory = world.uniswap.factory.connect(world.signers.deployer);
    await factory.createPool(ALT, USDC, 500);
    const young = await factory.getPool(ALT, USDC, 500);
    const contract = world.uniswap.pools.altUsdc.attach(young) as typeof world.uniswap.pools.altUsdc;
    await contract.connect(world.signers.deployer).initialize(2n ** 96n);
    expect(
      await refused((config) => {
        config.vault.legs[0].pool = young;
      }),
    ).to.match(/vault\.legs\[0\]\.pool: it keeps 1 observations .*increaseObservationCardinalityNext/);
  });
});
