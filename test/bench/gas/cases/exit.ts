import { exitInKind, zeros } from "../../../support/actions.js";
import type { Fixture } from "../../../support/fixture.js";
import { marketsOf } from "../../../support/rebalance.js";
import type { Figure } from "../case.js";
import { type Direct, type Liquidity, sideBySide, vaultAndDirect } from "../direct.js";

/** Share of the floor that an exit may cost. */
const MOST = { ratio: 1.25 };

/** A third of the vault leaves, then the last holder. */
export default async function exit(): Promise<Figure[]> {
  const { f, direct, held } = await vaultAndDirect();
  const shares = await f.vault.balanceOf(f.world.signers.alice);
  return [
    { name: "exitInKind: one LP, two perp markets", ...(await leaving(f, direct, held, shares / 3n)), most: MOST },
    { name: "exitInKind: the last holder", ...(await leaving(f, direct, held, shares)) },
  ];
}

async function leaving(f: Fixture, direct: Direct, held: Liquidity, shares: bigint) {
  const { alice } = f.world.signers;
  const part = await partOf(f, shares);
  const none = await zeros(f);
  const floor = () =>
    direct.leave({ ...held, liquidity: part.liquidity }, part.trades, part.margin, part.idle, alice.address);
  const operation = () => f.vault.connect(alice).exitInKind(shares, alice, alice, none, [], 2n ** 63n);
  return sideBySide(f, operation, floor);
}

/** What an exit takes out of the venues and of what is idle. */
async function partOf(f: Fixture, shares: bigint) {
  const snapshot = await f.world.networkHelpers.takeSnapshot();
  const before = await holdings(f);
  await exitInKind(f, f.world.signers.alice, shares);
  const after = await holdings(f);
  const { USDC } = f.world.tokens;
  const block = await f.world.networkHelpers.time.latestBlock();
  const [paid] = await USDC.queryFilter(USDC.filters.Transfer(f.perp, f.vault), block, block);
  await snapshot.restore();
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  return {
    liquidity: before.liquidity - after.liquidity,
    trades: before.sizes.map(({ market, size }, i) => ({ market, size: (after.sizes[i]?.size ?? 0n) - size })),
    margin: paid?.args.value ?? 0n,
    idle: before.idle.map((amount, i) => least(amount, amount - (after.idle[i] as bigint))) as [bigint, bigint],
  };
}

async function holdings(f: Fixture) {
  const { liquidity } = await f.liquidity.position();
  const idle = [await f.vault.idle(await f.liquidity.token0()), await f.vault.idle(await f.liquidity.token1())];
  const sizes: { market: string; size: bigint }[] = [];
  for (const { base } of Object.values(marketsOf(f))) {
    sizes.push({ market: base, size: (await f.perp.position(base)).size });
  }
  return { liquidity, idle, sizes };
}
