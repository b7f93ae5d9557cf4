import { ASSET_PARAMETERS, SETTINGS } from "../../../scripts/deploy/parameters.js";
import { ASSETS, type Asset, DECIMALS, type Prices } from "../../../scripts/devnet/assets.js";
import { movePerp, movePool, setFeed } from "../../../scripts/devnet/world.js";
import { hedgedPosition, refreshFeeds } from "../../support/actions.js";
import { type Fixture, START } from "../../support/fixture.js";
import { wad } from "../../support/orders.js";
import { landed } from "./ledger.js";
import { depositToken, makeRich, type Signer, type Symbol_ } from "./trade.js";

/** Returns of the assets that the feeds have not reported, 0.1 = 10%. */
export type Move = Partial<Record<Asset, number>>;

export const SYMBOLS: Record<Asset, Symbol_> = { USDC: "USDC", ALT: "ALT", ETH: "WETH", BTC: "WBTC" };

/** Which tokens an attacker brings: those that the feeds price too high, cash, or everything. */
export const BRINGS = ["moved", "cash", "all"] as const;
export type Brings = (typeof BRINGS)[number];

export function truthOf(move: Move): Prices {
  const truth = { ...START };
  for (const asset of ASSETS) truth[asset] *= 1 + (move[asset] ?? 0);
  return truth;
}

/** A hedged vault of Alice's whose deposit windows are empty, and an attacker with money. Every feed has just reported. */
export async function quietVault(f: Fixture): Promise<void> {
  await hedgedPosition(f);
  await makeRich(f, f.world.signers.stranger);
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
}

/** Deposit all that the windows let in of these tokens, and ten times as much if it is let in. Returns how many were let in. */
export async function bring(f: Fixture, who: Signer, move: Move, brings: Brings): Promise<number> {
  const assets = ASSETS.filter(
    (asset) => brings === "all" || (brings === "cash" ? asset === "USDC" : move[asset] !== undefined),
  );
  let done = 0;
  for (const asset of assets) {
    const symbol = SYMBOLS[asset];
    const one = 10n ** BigInt(DECIMALS[asset]);
    const room = await f.vault.depositRoom(f.world.tokens[symbol]);
    // What has no room is tried all the same, so that it is the vault that refuses.
    const usd = room > 0n ? room : wad(100);
    // A little less: funding moves the NAV until the deposit lands.
    const most = (usd * one * 999n) / (1_000n * wad(START[asset]));
    for (const amount of [10n * most, most]) {
      if (!(await landed(depositToken(f, who, symbol, amount)))) continue;
      done++;
      break;
    }
  }
  return done;
}

/** Arbitrage brings the pool and the perp markets to what is true. */
export async function marketMoves(f: Fixture, truth: Prices): Promise<void> {
  await movePool(f.world, "altUsdc", truth.ALT);
  for (const market of ["ETH", "BTC"] as const) await movePerp(f.world, market, truth[market]);
}

/** Every feed reports what is true. */
export async function reportTruth(f: Fixture, truth: Prices): Promise<void> {
  for (const asset of ASSETS) await setFeed(f.world, asset, truth[asset]);
}

/** The largest of the returns, without its sign. */
export const sizeOf = (move: Move): number => Math.max(...ASSETS.map((asset) => Math.abs(move[asset] ?? 0)));

/** `depositWindow` of the NAV that the feeds tell, times the largest return, USD, 1e18: W·J. */
export async function windowTimesJump(f: Fixture, move: Move): Promise<bigint> {
  const { mid } = await f.vault.nav();
  return (((mid * BigInt(SETTINGS.depositWindow)) / wad(1)) * wad(sizeOf(move).toFixed(12))) / wad(1);
}

/** True if no feed had to report the move. */
export const isWithinThresholds = (move: Move): boolean =>
  ASSETS.every((asset) => Math.abs(move[asset] ?? 0) <= Number(ASSET_PARAMETERS[asset].deviation) / 1e18);
