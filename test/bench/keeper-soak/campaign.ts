import { createRandom, type Random } from "../../../keeper/src/model/random.js";
import { movePerp, movePool, reportRounds } from "../../../scripts/devnet/venues.js";
import { minedSince } from "../../keeper/faults/support/judge.js";
import type { Life } from "../../keeper/faults/support/life.js";
import { openScene, type Scene } from "../../keeper/faults/support/scene.js";
import { START } from "../../support/fixture.js";
import { drawFault, type Fault } from "./faults.js";

/** Faults one after another on one vault. */
export const FAULTS = 5;
/** Ticks while a fault lasts, and after it until all is final. */
const DURING = 3;
const AFTER = 7;
/** Standard deviation of a market move. */
const MOVE = 0.03;
/** Largest share of its value that a vault may lose in a fault and the trades around it. */
const MOST_LOSS = 0.1;
/** Longer than a lease. */
const LEASE = 120_000;

/** One vault, its keepers, and faults of chance; judged after each. Throws with the fault's name where something is not as it must be. */
export async function campaign(seed: number, faults: number, done: (fault: string) => void): Promise<void> {
  const random = createRandom(seed);
  const scene = await openScene(seed);
  try {
    const names: string[] = [];
    const foreign: string[] = [];
    const balance = await gasMoney(scene);
    let prices = START;
    let life = await scene.keeper({ blockEvery: 4 });
    for (let index = 0; index < faults; index += 1) {
      const fault = drawFault(random);
      names.push(fault.name);
      try {
        prices = await moveMarket(scene, prices, random);
        const nav = await navOf(scene);
        foreign.push(...((await fault.before?.(scene)) ?? []));
        life = await live(scene, life, fault);
        await life.rested();
        await life.ticks(AFTER);
        await scene.judge({ foreign });
        await accounted(scene, nav, balance);
      } catch (error) {
        throw new Error(`seed ${seed}: ${names.join(" > ")}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      done(fault.rule?.name ?? fault.name);
    }
  } finally {
    await scene.end();
  }
}

/** Ticks under a fault. Gives the keeper that is alive after it. */
async function live(scene: Scene, life: Life, fault: Fault): Promise<Life> {
  const { dieAt, reorg, rule, twice, everywhere } = fault;
  if (dieAt !== undefined) return killed(scene, life, dieAt);
  if (twice) {
    const other = await scene.keeper({ blockEvery: 4, clock: life.clock.ms });
    await Promise.all([tolerant(life, DURING), tolerant(other, DURING)]);
    await other.lane.release();
    return life;
  }
  const fork = reorg === undefined ? undefined : await scene.chain.forkPoint();
  const back = rule && (everywhere ? scene.everywhere(rule) : scene.nodes[1]!.rule(rule));
  await tolerant(life, DURING);
  back?.();
  await fork?.reorg(reorg! + DURING * 8);
  return life;
}

/** The process is gone at the step, or later: another takes its place. */
async function killed(scene: Scene, life: Life, dieAt: string): Promise<Life> {
  await life.lane.release();
  const dead = new Promise<never>(() => undefined);
  const mortal = await new Promise<Life>((resolve, reject) => {
    const started = scene.keeper(
      { blockEvery: 4, clock: life.clock.ms },
      {
        onStep: (step) => {
          if (step !== dieAt) return undefined;
          started.then(resolve, reject);
          return dead;
        },
      },
    );
    started
      .then(async (keeper) => {
        await tolerant(keeper, DURING);
        resolve(keeper);
      })
      .catch(reject);
  });
  return scene.keeper({ blockEvery: 4, clock: mortal.clock.ms + LEASE });
}

async function tolerant(life: Life, ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick += 1) {
    await life.keeper.tick().catch(() => undefined);
    await life.blocks(1);
  }
}

/** Half an hour later all prices are others, and the venues have followed. */
async function moveMarket(scene: Scene, from: typeof START, random: Random): Promise<typeof START> {
  const { world } = scene.chain.fixture;
  const common = MOVE * random.normal();
  const moved = (price: number) => price * Math.exp(common + 0.3 * MOVE * random.normal());
  const prices = { ...from, ETH: moved(from.ETH), BTC: moved(from.BTC), ALT: moved(from.ALT) };
  await scene.aside(async () => {
    await reportRounds(world, prices, (await world.networkHelpers.time.latest()) + 31 * 60);
    await movePool(world, "altUsdc", prices.ALT);
    await movePerp(world, "ETH", prices.ETH);
    await movePerp(world, "BTC", prices.BTC);
  });
  return prices;
}

const navOf = async ({ chain }: Scene): Promise<number> => Number((await chain.fixture.vault.nav())[0]) / 1e18;

const gasMoney = ({ chain }: Scene): Promise<bigint> =>
  chain.fixture.world.ethers.provider.getBalance(chain.fixture.world.signers.keeper.address);

/** The vault has lost no more than trades cost, and the account no more than its gas. */
async function accounted(scene: Scene, nav: number, balance: bigint): Promise<void> {
  const now = await navOf(scene);
  if (now < nav * (1 - MOST_LOSS)) throw new Error(`the vault was worth ${nav} USD and is worth ${now}`);
  const { provider } = scene.chain.fixture.world.ethers;
  const mined = await minedSince(scene.chain, scene.start, scene.chain.fixture.world.signers.keeper.address);
  const receipts = await Promise.all(mined.map(({ hash }) => provider.getTransactionReceipt(hash)));
  const spent = receipts.reduce((sum, receipt) => sum + receipt!.fee, 0n);
  const left = await gasMoney(scene);
  if (balance - left !== spent) throw new Error(`the account spent ${balance - left} wei, its transactions ${spent}`);
}
