import type { IHedgeVault } from "@crosshedge/sdk/contracts";
import { parseUnits } from "ethers";
import { fund } from "../../../../scripts/devnet/world.js";
import { changeSettings, firstOrders, refreshFeeds } from "../../../support/actions.js";
import { type Fixture, vaultIn, worldWithOracles } from "../../../support/fixture.js";
import { planOf, usdc } from "../../../support/orders.js";
import type { Figure, GasCase } from "../case.js";

type Asset = "USDC" | "ALT" | "WETH" | "WBTC";

const FOREVER = 2n ** 63n;
const HOUR = 3_600;
const FREE = { managementFee: 0n, performanceFee: 0n };
/** Each is worth $50,000. */
const FIRST: [Asset, bigint][] = [
  ["USDC", usdc(50_000)],
  ["ALT", parseUnits("5000", 18)],
  ["WETH", parseUnits("25", 18)],
  ["WBTC", parseUnits("1.66666667", 8)],
];
/** How many assets the vault holds, what a deposit may cost then, and what it should: 28,000 more for each further one. */
const ROWS = [
  { held: 1, most: 142_000, goal: 115_000 },
  { held: 2, most: 169_000, goal: 115_000 + 28_000 },
  { held: 4, most: 223_000, goal: 115_000 + 3 * 28_000 },
];

/** A vault of four assets with the default settings, and so with fees, which somebody receives. */
async function world(settings?: Partial<IHedgeVault.SettingsStruct>): Promise<Fixture> {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
  const feeRecipient = world.signers.carol.address;
  const parts = await vaultIn(world, oracles, undefined, { feeRecipient, ...settings });
  return { connection, world, oracles, rounds, ...parts };
}

/** Alice brings the first `held` assets of the set, as one basket. */
async function enter(f: Fixture, held: number, share: bigint): Promise<void> {
  const { alice } = f.world.signers;
  const amounts = FIRST.slice(0, held).map(([asset, amount]): [Asset, bigint] => [asset, amount / share]);
  for (const [asset, amount] of amounts) {
    await fund(f.world, alice.address, { [asset]: amount });
    await f.world.tokens[asset].connect(alice).approve(f.vault, amount);
  }
  const tokens = amounts.map(([asset]) => f.world.tokens[asset]);
  const values = amounts.map(([, amount]) => amount);
  await f.vault.connect(alice).depositBasket(tokens, values, 0n, alice, FOREVER);
}

/** Holders, fees that were paid before, windows that were used before and feeds that have just spoken. */
async function settle(f: Fixture, held: number): Promise<void> {
  await enter(f, held, 1n);
  await f.world.networkHelpers.time.increase(HOUR);
  await refreshFeeds(f);
  await enter(f, held, 50n);
  await f.world.networkHelpers.time.increase(HOUR);
  await refreshFeeds(f);
}

/** Bob, who holds no shares, allows $1,000 exactly and deposits them. He keeps as much again, or nothing. */
async function newHolder(f: Fixture, keeps = usdc(1_000)): Promise<number> {
  const { bob } = f.world.signers;
  const { USDC } = f.world.tokens;
  await fund(f.world, bob.address, { USDC: usdc(1_000) + keeps });
  await USDC.connect(bob).approve(f.vault, usdc(1_000));
  const deposit = f.vault.connect(bob)["deposit(address,uint256,uint256,address,uint256)"];
  const deadline = (await f.world.networkHelpers.time.latest()) + HOUR;
  const sent = await deposit(USDC, usdc(1_000), usdc(1) * 10n ** 12n, bob, deadline);
  return Number((await sent.wait())?.gasUsed);
}

/** A vault that nothing but idle tokens is in: its legs are taken away while they are empty. */
async function withoutLegs(f: Fixture): Promise<void> {
  for (const leg of Object.values(f.deployment.legs)) await f.vault.removeLeg(leg);
}

async function idle(): Promise<Figure[]> {
  const f = await world();
  await withoutLegs(f);
  const figures: Figure[] = [];
  const start = await f.world.networkHelpers.takeSnapshot();
  for (const { held, most, goal } of ROWS) {
    await settle(f, held);
    const name = `deposit, no legs, ${held} of 4 assets held`;
    const ready = await f.world.networkHelpers.takeSnapshot();
    figures.push({ name, gas: await newHolder(f), most: { gas: most }, goal: { gas: goal } });
    if (held === 1) {
      await ready.restore();
      figures.push({ name: `${name}, all that he has`, gas: await newHolder(f, 0n) });
      await ready.restore();
      await changeSettings(f, FREE);
      figures.push({ name: `${name}, a vault without fees`, gas: await newHolder(f) });
    }
    await start.restore();
  }
  return figures;
}

async function hedged(): Promise<Figure> {
  const f = await world();
  const { alice } = f.world.signers;
  const amounts = { USDC: usdc(100_000), ALT: parseUnits("5000", 18) };
  await fund(f.world, alice.address, amounts);
  const { USDC, ALT } = f.world.tokens;
  await USDC.connect(alice).approve(f.vault, amounts.USDC);
  await ALT.connect(alice).approve(f.vault, amounts.ALT);
  await f.vault.connect(alice).depositBasket([USDC, ALT], Object.values(amounts), 0n, alice, FOREVER);
  await f.rebalancer.rebalance(await planOf(f, await firstOrders(f)));
  await f.world.networkHelpers.time.increase(HOUR);
  await refreshFeeds(f);
  await enter(f, 1, 50n);
  await f.world.networkHelpers.time.increase(HOUR);
  await refreshFeeds(f);
  return { name: "deposit, liquidity and two perp markets", gas: await newHolder(f) };
}

const measure: GasCase = async () => [...(await idle()), await hedged()];
export default measure;
