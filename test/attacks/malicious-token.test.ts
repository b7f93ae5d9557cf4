import { expect } from "chai";
import { parseUnits } from "ethers";
import { SETTINGS } from "../../scripts/deploy/parameters.js";
import { fund } from "../../scripts/devnet/world.js";
import { depositBasket, exitInKind } from "../support/actions.js";
import type { Fixture } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { later } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { QUIRKS, strangePosition, vaultWithStrangeToken } from "../support/strange.js";
import { landed, mostProfitable, printProfit } from "./support/ledger.js";

/**
 * The threat: the issuer of a token in basket and pool, a holder of the vault himself, turns the token against the others: switches a charge on,
 * blocks accounts, rebases, lets transfers fail or lie, says a false balance or false decimals, or makes tokens out of nothing.
 *
 * The bound (docs/threat-model.md): that token ("a token's issuer") and the liquidity in its pool ("a venue"); everybody leaves with the rest,
 * by giving up what fails. Tokens made out of nothing come in by deposits: at most `depositWindow` of NAV an hour, while feed and pool still
 * believe in them. What the token is worth in the end is nothing, so only dollars count.
 */
const TOKEN_UNIT = 10n ** 12n;
const DECIMALS = 18;

/** Alice's hedged vault; Bob has a sixth of it and the issuer another one. */
async function issued() {
  const f = await vaultWithStrangeToken(DECIMALS);
  await strangePosition(f);
  const { alice, bob, stranger } = f.world.signers;
  const part = (await f.vault.totalSupply()) / 6n;
  for (const who of [bob, stranger]) await f.vault.connect(alice).transfer(who, part);
  return f;
}
const fixture = reusable(issued);

const tokenOf = async (f: Fixture) =>
  f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.ALT.getAddress());
const tell = async (f: Fixture, name: string, ...args: unknown[]) => (await tokenOf(f)).getFunction(name)(...args);
const rebase = (f: Fixture, factor: string) => tell(f, "setIndex", parseUnits(factor, 18));

/** The same balances, and other decimals. */
async function lieAboutDecimals(f: Fixture, decimals: number): Promise<void> {
  const { ethers, networkHelpers, tokens } = f.world;
  const model = await ethers.deployContract("MockStrangeToken", ["ALT", "ALT", decimals]);
  await networkHelpers.setCode(await tokens.ALT.getAddress(), await ethers.provider.getCode(model));
}

const buy = async (f: Fixture, amount: number): Promise<void> => {
  await depositBasket(f, f.world.signers.stranger, usdc(amount), 0n);
};

interface Malice {
  act(f: Fixture): Promise<unknown>;
  /** Makes it good again, when the others are gone. */
  undo?(f: Fixture): Promise<unknown>;
  /** What the others have to give up to leave. */
  forfeit: ("token" | "pool")[];
  /** Where the vault lacks tokens on the way, so that the largest holder leaves by halves and syncs in between. */
  byHalves?: boolean;
}
const blocked = (whom: (f: Fixture) => string[], forfeit: Malice["forfeit"]): Malice => {
  const set = async (f: Fixture, on: boolean) => {
    for (const account of whom(f)) await tell(f, "setBlocked", account, on);
  };
  return { act: (f) => set(f, true), undo: (f) => set(f, false), forfeit };
};
const recoded = (code: string): Malice => ({
  act: async (f) => f.world.networkHelpers.setCode(await f.world.tokens.ALT.getAddress(), code),
  undo: (f) => lieAboutDecimals(f, DECIMALS),
  forfeit: ["pool", "token"],
});
const rebased = (factor: string): Malice => ({
  act: (f) => rebase(f, factor),
  undo: (f) => rebase(f, "1"),
  forfeit: [],
});

/** What the issuer does. */
const MALICE: Record<string, Malice> = {
  nothing: { act: async () => undefined, forfeit: [] },
  "a charge on transfers": {
    act: (f) => tell(f, "setQuirk", QUIRKS.Fee),
    undo: (f) => tell(f, "setQuirk", QUIRKS.None),
    forfeit: [],
    byHalves: true,
  },
  "transfers that say they failed": {
    act: (f) => tell(f, "setQuirk", QUIRKS.ReturnsFalse),
    undo: (f) => tell(f, "setQuirk", QUIRKS.None),
    forfeit: ["pool", "token"],
  },
  "the vault blocked": blocked((f) => [f.deployment.vault], ["pool", "token"]),
  "the pool blocked": blocked((f) => [f.world.deployment.uniswap.pools.altUsdc as string], ["pool"]),
  "the holders blocked": blocked((f) => [f.world.signers.alice.address, f.world.signers.bob.address], ["token"]),
  "balances halved": { ...rebased("0.5"), forfeit: ["token"] },
  "balances gone": { ...rebased("0.000000000001"), forfeit: ["pool", "token"] },
  "balances doubled": rebased("2"),
  "balances a thousandfold": rebased("1000"),
  "no code any more": recoded("0x"),
  "every call reverting": recoded("0x5f5ffd"),
  "decimals of six": { act: (f) => lieAboutDecimals(f, 6), undo: (f) => lieAboutDecimals(f, DECIMALS), forfeit: [] },
  "decimals of thirty": {
    act: (f) => lieAboutDecimals(f, 30),
    undo: (f) => lieAboutDecimals(f, DECIMALS),
    forfeit: [],
  },
  "a balance of nothing for as long as he buys shares": {
    act: async (f) => {
      await rebase(f, "0.000000000001");
      await f.vault.sync();
      await buy(f, 5_000);
      await rebase(f, "1");
      await f.vault.sync();
    },
    forfeit: [],
  },
};

type Signer = Fixture["world"]["signers"]["alice"];
const dollarsOf = async (f: Fixture, who: Signer) => (await f.world.tokens.USDC.balanceOf(who)) * TOKEN_UNIT;

/** Leaves with all shares but a unit, and so as not the last. Dollars, 1e18. */
async function leave(
  f: Fixture,
  who: Signer,
  { forfeit, byHalves }: Pick<Malice, "forfeit" | "byHalves">,
): Promise<bigint> {
  const before = await dollarsOf(f, who);
  const places = { token: await f.world.tokens.ALT.getAddress(), pool: f.deployment.legs.liquidity as string };
  const names = forfeit.map((name) => places[name]);
  for (let halves = byHalves ? 12 : 0; halves >= 0; halves--) {
    await f.vault.sync();
    const shares = await f.vault.balanceOf(who);
    await exitInKind(f, who, halves > 0 ? shares / 2n : shares - 1n, halves > 0 || !byHalves ? names : [places.token]);
  }
  return (await dollarsOf(f, who)) - before;
}

/** What the vault has that the issuer cannot touch, and what he can: idle tokens and the liquidity, USD, 1e18. */
async function stakes(f: Fixture): Promise<{ nav: bigint; his: bigint }> {
  const [{ nav, equity }, { mid }] = await f.vault.portfolio();
  const idle = ((await f.vault.idle(f.world.tokens.ALT)) * (mid[1] as bigint)) / wad(1);
  return { nav, his: idle + (equity[0] as bigint) };
}

/** The issuer leaves before the others, or waits until they have given up what fails, makes it good again and leaves with that. */
const ORDERS = ["first", "last"] as const;

describe("attack: a malicious token in basket and pool", () => {
  it("costs the others at most the token and its pool, which is also the most that its issuer earns", async () => {
    const f = await fixture();
    const { alice, bob, stranger } = f.world.signers;
    const { nav, his } = await stakes(f);
    // Half a percent: what closing the hedge costs them.
    const least = (((nav - his) * 5n) / 6n / 1_000n) * 995n;
    let honest = 0n;
    const choices = Object.keys(MALICE).flatMap((name) => ORDERS.map((order) => ({ name, order })));
    const best = await mostProfitable(f, choices, async ({ name, order }) => {
      const malice = MALICE[name] as Malice;
      const start = await dollarsOf(f, stranger);
      await malice.act(f);
      if (order === "first") await leave(f, stranger, malice);
      const others = (await leave(f, bob, malice)) + (await leave(f, alice, malice));
      expect(others, name).to.be.greaterThan(least);
      if (order === "last") {
        await malice.undo?.(f);
        await leave(f, stranger, { forfeit: [] });
      }
      const earned = (await dollarsOf(f, stranger)) - start;
      if (name === "nothing") honest = earned > honest ? earned : honest;
      return earned - honest;
    });
    const bound = (his * 5n) / 6n;
    printProfit("malicious-token", best, bound);
    expect(best.profit).to.be.lessThanOrEqual(bound);
  });

  it("made out of nothing buys no more than the deposit window an hour", async () => {
    const f = await fixture();
    const { stranger } = f.world.signers;
    const { nav } = await stakes(f);
    const hourly = (nav * (SETTINGS.depositWindow as bigint)) / wad(1);
    const { ALT } = f.world.tokens;
    const deposit = f.vault.connect(stranger)["deposit(address,uint256,uint256,address,uint256)"];
    await fund(f.world, stranger.address, { ALT: wad(1_000_000) });
    await ALT.connect(stranger).approve(f.vault, 2n ** 255n);
    let windowsPassed = 0;
    const choices = [1, 2, 4].flatMap((hours) => [1, 8].map((windows) => ({ hours, windows })));
    const best = await mostProfitable(f, choices, async ({ hours, windows }) => {
      const start = await dollarsOf(f, stranger);
      const honest = await f.world.networkHelpers.takeSnapshot();
      await leave(f, stranger, { forfeit: [] });
      const alone = (await dollarsOf(f, stranger)) - start;
      await honest.restore();
      for (let hour = 0; hour < hours; hour++) {
        const room = ((await f.vault.depositRoom(ALT)) * 998n) / 10_000n;
        const passes = await landed(deposit(ALT, room * BigInt(windows), 0n, stranger, 2n ** 63n));
        if (passes) windowsPassed = Math.max(windowsPassed, windows);
        await later(f, 3_600);
      }
      await leave(f, stranger, { forfeit: [] });
      const profit = (await dollarsOf(f, stranger)) - start - alone;
      expect(profit).to.be.lessThanOrEqual(hourly * BigInt(hours));
      return profit;
    });
    printProfit("malicious-token, made out of nothing", best, hourly * BigInt(best.choice.hours));
    expect(best.profit).to.be.greaterThan(0n);
    expect(windowsPassed).to.equal(1);
  });
});
