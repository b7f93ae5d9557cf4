import { type FunctionFragment, type Interface, type ParamType, ZeroAddress } from "ethers";
import { PUBLIC_LIMITS } from "../../../scripts/deploy/parameters.js";
import { fund } from "../../../scripts/devnet/world.js";
import { exitInKind } from "../../support/actions.js";
import { type Fixture, START } from "../../support/fixture.js";
import { orders, usdc, wad } from "../../support/orders.js";
import { newRounds, request, settle } from "../../support/queue.js";
import { later, perpOf, poolOf, send, usdcFirst } from "../../support/rebalance.js";
import { strangePosition, vaultWithStrangeToken } from "../../support/strange.js";
import { type Best, landed, wealthOf } from "./ledger.js";

type Signer = Fixture["world"]["signers"]["alice"];
export const FOREVER = 2n ** 63n;

/** A call that the attacker makes when a token hands him control. */
export interface Attempt {
  name: string;
  target: string;
  data: string;
}

/**
 * A hedged vault both of whose tokens hand control to the attacker in the middle of every transfer: ALT and the settlement token itself. The
 * attacker is the contract that is called, with a third of the vault, shares that wait and a claim; the keeper has been silent for long.
 */
export async function hookedVault() {
  const plain: Fixture = await vaultWithStrangeToken(18);
  await strangePosition(plain);
  await hookUsdc(plain);
  const listener = await plain.world.ethers.deployContract("MockListener");
  const { networkHelpers, ethers, signers, tokens } = plain.world;
  await networkHelpers.impersonateAccount(await listener.getAddress());
  await networkHelpers.setBalance(await listener.getAddress(), 10n ** 20n);
  const attacker: Signer = await ethers.getSigner(await listener.getAddress());
  await fund(plain.world, attacker.address, { USDC: usdc(20_000), ALT: wad(2_000) });
  for (const token of [tokens.USDC, tokens.ALT]) await token.connect(attacker).approve(plain.vault, 2n ** 255n);
  await plain.vault.connect(attacker).approve(attacker, 2n ** 255n);
  await plain.vault.connect(signers.alice).transfer(attacker, (await plain.vault.totalSupply()) / 3n);
  const part = (await plain.vault.balanceOf(attacker)) / 40n;
  await request(plain, attacker, part);
  await newRounds(plain);
  await settle(plain);
  await request(plain, attacker, part);
  await later(plain, (PUBLIC_LIMITS.maxSilence as bigint) + 1n);
  return { ...plain, listener, attacker };
}
export type Hooked = Awaited<ReturnType<typeof hookedVault>>;

/** Puts the code of a token with hooks in the place of USDC; its balances stay. */
async function hookUsdc(f: Fixture): Promise<void> {
  const { ethers, networkHelpers, tokens } = f.world;
  const model = await ethers.deployContract("MockStrangeToken", ["USD Coin", "USDC", 6]);
  await networkHelpers.setCode(await tokens.USDC.getAddress(), await ethers.provider.getCode(model));
  await (await strangeUsdc(f)).getFunction("setIndex")(wad(1));
}

const strangeUsdc = async (f: Fixture) =>
  f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.USDC.getAddress());
const strangeAlt = async (f: Fixture) =>
  f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.ALT.getAddress());

/** Whom both tokens call from now on; the zero address for nobody. */
export async function hook(f: Fixture, listener: string): Promise<void> {
  for (const token of [await strangeUsdc(f), await strangeAlt(f)]) await token.getFunction("setListener")(listener);
}

/** What the attacker does when he is called. */
export async function prepare(f: Hooked, attempts: readonly Attempt[], turn = 0): Promise<void> {
  await f.listener.getFunction("forget")();
  await f.listener.getFunction("setTurn")(turn);
  for (let i = 0; i < attempts.length; i += 20) {
    await f.listener.getFunction("prepare")(attempts.slice(i, i + 20).map(({ target, data }) => ({ target, data })));
  }
}

/** The attempts that succeeded at least once. */
export async function successes(f: Hooked, attempts: readonly Attempt[]): Promise<Attempt[]> {
  const answers = [...(await f.listener.getFunction("answers")())] as string[];
  return attempts.filter((_, i) => answers.some((answer, at) => at % attempts.length === i && BigInt(answer) === 0n));
}

export interface Entered {
  /** What the attacker and his accomplice have in the end, USD, 1e18. */
  wealth: bigint;
  landed: Attempt[];
  /** How often he was handed control. */
  acts: number;
}

/**
 * An operation in the middle of which the attacker makes these calls, every time that he is handed control or at one; undefined where that makes
 * the operation itself fail. All of it is undone.
 */
export async function enter(f: Hooked, moment: string, attempts: Attempt[], turn = 0): Promise<Entered | undefined> {
  const { time, takeSnapshot } = f.world.networkHelpers;
  const snapshot = await takeSnapshot();
  // At one and the same time, or funding would differ.
  const at = (await time.latest()) + 600;
  try {
    await prepare(f, attempts, turn);
    await hook(f, attempts.length > 0 ? f.attacker.address : ZeroAddress);
    await time.setNextBlockTimestamp(at);
    const gas = await gasOf(f, moment);
    if (gas === undefined) return undefined;
    const wealth = (await wealthOf(f, START, [f.attacker, f.world.signers.carol])) - gas;
    return { wealth, landed: await successes(f, attempts), acts: Number(await f.listener.getFunction("acts")()) };
  } finally {
    await snapshot.restore();
  }
}

/** Carries the operation out. USD, 1e18, of its gas that counts: a bounty pays gas back, also that of calls that come to nothing. */
async function gasOf(f: Hooked, moment: string): Promise<bigint | undefined> {
  const ether = () => f.world.ethers.provider.getBalance(f.attacker);
  const before = await ether();
  const done = await landed(MOMENTS[moment]?.(f) ?? Promise.reject(new TypeError(moment)));
  if (!done) return undefined;
  return moment === "a bounty" ? (before - (await ether())) * BigInt(START.ETH) : 0n;
}

/**
 * The most that the attacker earns by entering with any of these calls, over the operation alone. All are made at once; those that nothing stops
 * are made one by one, and if together they spoil the operation, a few at a time and at one time each.
 */
export async function mostEarned(f: Hooked, moment: string, attempts: Attempt[], few: number): Promise<Best<string>> {
  const alone = await enter(f, moment, []);
  if (alone === undefined) throw new TypeError(`${moment} fails by itself`);
  const best: Best<string> = { choice: "nothing", profit: 0n, tried: 0 };
  const count = (some: Attempt[], entered: Entered | undefined) => {
    best.tried += some.length * (entered?.acts ?? 1);
    const profit = (entered?.wealth ?? alone.wealth) - alone.wealth;
    if (profit > best.profit) [best.profit, best.choice] = [profit, some.map(({ name }) => name).join(", ")];
  };
  const all = await enter(f, moment, attempts);
  count(attempts, all);
  if (all?.acts === 0) throw new TypeError(`nobody is handed control in ${moment}`);
  if (all !== undefined) {
    for (const attempt of all.landed) count([attempt], await enter(f, moment, [attempt]));
    return best;
  }
  const asks = { name: "acts", target: f.attacker.address, data: f.listener.interface.encodeFunctionData("acts") };
  const turns = (await enter(f, moment, [asks]))?.acts ?? 0;
  for (let i = 0; i < attempts.length; i += few) {
    const some = attempts.slice(i, i + few);
    for (let turn = 1; turn <= turns; turn++) count(some, await enter(f, moment, some, turn));
  }
  return best;
}

/** Operations in which a token hands control over, the attacker's own and the keeper's. */
export const MOMENTS: Record<string, (f: Hooked) => Promise<unknown>> = {
  "a deposit of both tokens": ({ vault, attacker, world: { tokens } }) =>
    vault.connect(attacker).depositBasket([tokens.USDC, tokens.ALT], [usdc(5_000), wad(500)], 0n, attacker, FOREVER),
  "shares minted for dollars": ({ vault, attacker }) => vault.connect(attacker).mint(wad(900), attacker),
  "an exit": async (f) => exitInKind(f, f.attacker, (await f.vault.balanceOf(f.attacker)) / 2n),
  "a claim": async ({ vault, attacker }) =>
    vault.connect(attacker).redeem(await vault.maxRedeem(attacker), attacker, attacker),
  "a bounty": async (f) => f.rebalancer.connect(f.attacker).deleverage([await burn(f, 8n)]),
  "a plan that mints and swaps": async (f) =>
    send(f, [await mint(f), orders.swap(poolOf(f), await usdcFirst(f), usdc(500))]),
  "a plan that burns and moves margin": async (f) =>
    send(f, [await burn(f, 30n), orders.margin(perpOf(f), usdc(500)), orders.margin(perpOf(f), -usdc(200))]),
};

const burn = async (f: Fixture, part: bigint) =>
  orders.burn(poolOf(f), (await f.liquidity.position()).liquidity / part);
const mint = async (f: Fixture) => {
  const { tickLower, tickUpper, liquidity } = await f.liquidity.position();
  return orders.mint(poolOf(f), { tickLower: Number(tickLower), tickUpper: Number(tickUpper) }, liquidity / 200n);
};

/** Every function of an ABI that changes state, or every one that does not. */
export function functionsOf(abi: Interface, constant: boolean): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  abi.forEachFunction((fragment) => {
    if (fragment.constant === constant) found.push(fragment);
  });
  return found;
}

/** Arguments for a function that is known by its types alone: the attacker, his token, small amounts. */
export function guess(f: Hooked, token: string, input: ParamType): unknown {
  if (input.baseType === "array") return [];
  if (input.baseType === "tuple") return (input.components ?? []).map((part) => guess(f, token, part));
  if (input.name === "deadline") return FOREVER;
  if (/^(token|asset_?)$/.test(input.name)) return token;
  if (input.type === "address") return f.attacker.address;
  if (input.type === "bool") return true;
  if (input.type === "string") return "";
  if (input.type === "bytes") return "0x";
  if (input.type.startsWith("bytes")) return `0x${"00".repeat(Number(input.type.slice(5)))}`;
  return 1n;
}
