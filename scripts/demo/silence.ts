import { createKeeper, createRescuer, type RescueResult } from "@crosshedge/keeper";
import { percent } from "@crosshedge/keeper/report";
import { CrosshedgeError, type CrosshedgeVault, prepareDeposit, readReport, send } from "@crosshedge/sdk";
import { HedgeVault__factory } from "@crosshedge/sdk/contracts";
import { network } from "hardhat";
import { genesisFor } from "../deploy/genesis.js";
import { deployOracles, deployVault } from "../deploy/system.js";
import { createDriver } from "../devnet/driver.js";
import { keeperParts } from "../devnet/keeper-parts.js";
import { iso } from "../devnet/path.js";
import { deployWorld, fund, type World } from "../devnet/world.js";
import { connectTo, depositInto } from "./holder.js";
import { GAS_LIMIT } from "./lanes.js";
import { HOUR } from "./metrics.js";
import type { DemoOptions } from "./options.js";
import { pathOf, WARM_UP_DAYS } from "./run.js";
import { SILENCE_LIMITS } from "./silence-limits.js";

/** One hour without a keeper. */
export interface SilentHour {
  readonly time: number;
  readonly result: RescueResult;
}

/** What became of a vault whose keeper fell silent. */
export interface Silence {
  /** Volatility above which strangers may hedge, 1.0 = 100% a year. */
  readonly trigger: number;
  /** By the chain's measure, at the keeper's last pass. */
  readonly volatilityBefore: number;
  readonly hours: readonly SilentHour[];
  /** By the chain's measure, in the end. */
  readonly volatilityAfter: number;
  /** What the stranger got, USD, and the sum of his bounties. */
  readonly paid: number;
  readonly bounties: number;
  /** What the stranger's gas cost him, USD. */
  readonly gas: number;
}

/**
 * A vault runs with its keeper until the middle of the period; then nobody but a stranger looks after it.
 * @param say Called with a line for each thing that happens
 * @param stopped Asked each hour; true ends the run early
 */
export async function runSilence(
  options: DemoOptions,
  say: (line: string) => void,
  stopped: () => boolean,
): Promise<Silence> {
  const path = pathOf(options);
  const world = await deployWorld(await network.create("world"), {
    alt: options.alt,
    prices: path.priceAt(path.start),
    startTime: path.start,
  });
  const driver = await createDriver(world, path, { seed: options.seed });
  say(`warm-up: ${WARM_UP_DAYS} days of oracle rounds`);
  await driver.warmUp();

  const { deployer, keeper, stranger } = world.signers;
  const genesis = await genesisFor(world.ethers.provider, Object.values(world.deployment.feeds));
  const oracles = await deployOracles(deployer, world.deployment, genesis);
  const deployment = await deployVault(deployer, world.deployment, oracles, {
    name: `Crosshedge ${world.altSymbol}`,
    symbol: `xh${world.altSymbol}`,
    pool: options.pool === "usdc" ? "altUsdc" : "altWeth",
    hedge: options.hedge,
    keeper: keeper.address,
    publicLimits: SILENCE_LIMITS,
  });
  const common = {
    vault: deployment,
    config: { execution: { gasLimit: GAS_LIMIT }, journal: { inputsDays: 0 } },
  };
  await depositInto(world, deployment.vault, options, path.priceAt(driver.now));
  const bot = await createKeeper({ ...common, ...(await keeperParts(world, "keeper")) });
  const rescuer = await createRescuer({ ...common, ...(await keeperParts(world, "stranger")) });
  const vault = await connectTo(world, deployment.vault);
  const volatility = async () => {
    const { hedged } = (await readReport(vault)).volatility;
    return hedged === null ? Number.NaN : Number(hedged) / 1e18;
  };

  const middle = path.scored + Math.floor((path.end - path.scored) / HOUR / 2) * HOUR;
  while (driver.now < middle && !stopped()) {
    await bot.pass();
    for (let quarter = 0; quarter < 4; quarter++) await driver.step();
  }
  const volatilityBefore = await volatility();
  say(`${iso(driver.now)}  the keeper stops; volatility ${percent(volatilityBefore)}`);

  const { USDC } = world.tokens;
  const cashBefore = await USDC.balanceOf(stranger);
  const hours: SilentHour[] = [];
  let gas = 0;
  let [alarmed, hedged] = [false, false];
  while (driver.now < path.end && !stopped()) {
    for (let quarter = 0; quarter < 4; quarter++) await driver.step();
    if (!alarmed) await depositMore(world, vault, say);
    const result = await rescuer.pass();
    alarmed ||= result.action === "raiseAlarm";
    hours.push({ time: driver.now, result });
    gas += (Number(result.gasFee) / 1e18) * path.priceAt(driver.now).ETH;
    if (result.action !== "nothing") say(lineOf(driver.now, result));
    hedged ||= result.action === "hedge";
    if (hedged && result.volatility !== null && result.volatility <= TRIGGER) break;
  }
  return {
    trigger: TRIGGER,
    volatilityBefore,
    hours,
    volatilityAfter: await volatility(),
    paid: Number((await USDC.balanceOf(stranger)) - cashBefore) / 1e6,
    bounties: hours.reduce((sum, { result }) => sum + Number(result.bounty) / 1e6, 0),
    gas,
  };
}

/** Dave brings more of the pool's risky asset, as much as may come in now: nobody hedges it. */
async function depositMore(world: World, vault: CrosshedgeVault, say: (line: string) => void): Promise<void> {
  const token = await world.tokens.ALT.getAddress();
  const { dave } = world.signers;
  const asset = (await vault.readState()).assets.find(({ address }) => address === token);
  const room = await HedgeVault__factory.connect(vault.address, dave).depositRoom(token);
  if (asset === undefined || room === 0n) return;
  const amount = (room * 10n ** BigInt(asset.decimals) * ROOM_PERCENT) / (asset.price.mid * 100n);
  await fund(world, dave.address, { ALT: amount });
  try {
    await send(await prepareDeposit(vault, { account: dave.address, token, amount }), dave);
  } catch (error) {
    if (!CrosshedgeError.is(error)) throw error;
    say(`a deposit waits: ${error.message}`);
  }
}

/** Part of the room that is used, percent: the NAV moves between asking and landing. */
const ROOM_PERCENT = 98n;

const TRIGGER = Number(SILENCE_LIMITS.alarmVolatility) / 1e18;

function lineOf(time: number, { action, volatility, orderWords, bounty }: RescueResult): string {
  const measured = volatility === null ? "" : `, volatility ${percent(volatility)} before`;
  const paid = bounty > 0n ? `, bounty $${(Number(bounty) / 1e6).toFixed(2)}` : "";
  const words = orderWords.length > 0 ? `: ${orderWords.join("; ")}` : "";
  return `${iso(time)}  a stranger: ${action}${words}${measured}${paid}`;
}
