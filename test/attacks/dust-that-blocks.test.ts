import { expect } from "chai";
import { fund } from "../../scripts/devnet/world.js";
import { giftCollateral, margin, size, sizeOf } from "../integration/support/weather.js";
import { depositBasket, exitInKind } from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { newRounds, request, settle, withBob } from "../support/queue.js";
import { later, limited, poolOf, send, strangerOf, usdcFirst } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { dollars, landed, mostProfitable, printProfit, profitOf, wealthOf } from "./support/ledger.js";

/**
 * The threat: crumbs in the wrong place. For next to nothing somebody puts dust into the leg's account or its position at Uniswap, among the
 * requests, into the deposit windows, or sends it to the contracts, so that what others need is refused.
 *
 * The bound (docs/threat-model.md, "Strangers"): nothing that holders, keeper or admin need is blocked by what costs less than a dollar a time,
 * and whoever fills a deposit window pays the spread for each hour.
 */
const A_CENT = 10n ** 16n;

async function dusty() {
  const f = await vaultWithHistory();
  await withBob(f);
  const { tokens, signers, ethers } = f.world;
  const giver = await ethers.deployContract("MockGiver");
  for (const to of [await giver.getAddress(), signers.stranger.address]) {
    await fund(f.world, to, { USDC: usdc(200_000), ALT: wad(10_000), WETH: wad(1), WBTC: 10n ** 6n });
  }
  for (const token of [tokens.USDC, tokens.ALT]) await token.connect(signers.stranger).approve(f.vault, 2n ** 255n);
  // Two units of shares are enough for a thousand crumbs.
  await f.vault.connect(signers.alice).transfer(signers.stranger, wad(2));
  return { ...f, giver };
}
const fixture = reusable(dusty);
type Dusty = Awaited<ReturnType<typeof dusty>>;

const give = async (f: Dusty, shift: number) => {
  const { tickLower, tickUpper } = await f.liquidity.position();
  const [lower, upper] = tickLower === tickUpper ? [-6_000n, 6_000n] : [tickLower, tickUpper];
  const pool = f.world.uniswap.pools.altUsdc;
  const give_ = f.giver.getFunction("give");
  await give_(pool, f.liquidity, lower + BigInt(shift), upper + BigInt(shift), 1n);
};

/** Out of the stranger's own pocket, to the leg's account at the perp venue. */
async function margined(f: Dusty, amount: bigint): Promise<void> {
  const { stranger } = f.world.signers;
  const { USDC } = f.world.tokens;
  await USDC.connect(stranger).approve(f.world.perp.vault, amount);
  await f.world.perp.vault.connect(stranger).depositFor(f.perp, USDC, amount);
}

/** The dust, and what throws it. */
const DUST: Record<string, (f: Dusty) => Promise<unknown>> = {
  "a unit for the perp account": (f) => margined(f, 1n),
  "a cent less than a dollar for the perp account": (f) => margined(f, 990_000n),
  "collateral that the perp account can never pay out": (f) => giftCollateral(f, 1n),
  "liquidity in the leg's own range": (f) => give(f, 0),
  "liquidity for the leg in another range": (f) => give(f, 600),
  "tokens and shares sent to every contract": async (f) => {
    const { tokens, signers } = f.world;
    for (const to of [f.vault, f.rebalancer, f.liquidity, f.perp]) {
      for (const token of [tokens.USDC, tokens.ALT, tokens.WETH, tokens.WBTC, f.vault]) {
        await token.connect(signers.stranger).transfer(to, 1n);
      }
    }
  },
  "requests of a unit of shares, for itself and for others": async (f) => {
    const { stranger, alice, bob } = f.world.signers;
    for (const controller of [stranger, alice, bob]) {
      await f.vault.connect(stranger).requestRedeem(1n, controller, stranger);
    }
  },
  "deposits of a cent": async (f) => {
    const { stranger, bob } = f.world.signers;
    const { USDC, ALT } = f.world.tokens;
    for (const [token, amount] of [
      [USDC, 10_000n],
      [ALT, wad("0.001")],
    ] as const) {
      const deposit = f.vault.connect(stranger)["deposit(address,uint256,uint256,address,uint256)"];
      await landed(deposit(token, amount, 0n, bob, 2n ** 63n));
    }
  },
  "calls that anybody may make": async (f) => {
    const others = strangerOf(f);
    await f.vault.connect(f.world.signers.stranger).sync();
    await f.vault.connect(f.world.signers.stranger).accrueFees();
    for (const list of [[margin(f, 1n)], [orders.burn(poolOf(f), 1n)], [size(f, "ETH", 1n)]]) {
      await landed(others.deleverage(list));
      await landed(others.hedge(list));
    }
    await landed(others.raiseAlarm());
    await landed(others.clearAlarm());
  },
};

interface Need {
  before?(f: Dusty): Promise<unknown>;
  /** Made before the dust is thrown. */
  act(f: Dusty): Promise<() => Promise<unknown>>;
  /** What it must have come to. */
  done(f: Dusty): Promise<boolean>;
}
const alice = (f: Dusty) => f.world.signers.alice;
const emptied = async (f: Dusty): Promise<void> => {
  await limited(f, { maxVolatility: wad(10), minHedge: 0n, hedgeFloor: wad(10) });
  await send(f, [size(f, "ETH", -(await sizeOf(f, "ETH"))), size(f, "BTC", -(await sizeOf(f, "BTC")))]);
  await send(f, [margin(f, -((await f.perp.cash()) / 10n ** 12n))]);
  await send(f, [orders.burn(poolOf(f), (await f.liquidity.position()).liquidity)]);
};
const requested = async (f: Dusty): Promise<void> => {
  await request(f, alice(f), (await f.vault.balanceOf(alice(f))) / 60n);
  await newRounds(f);
};

/** What others need. */
const NEEDS: Record<string, Need> = {
  "a deposit": {
    act: async (f) => () => depositBasket(f, f.world.signers.carol, usdc(1_000), wad(10)),
    done: async (f) => (await f.vault.balanceOf(f.world.signers.carol)) > wad(1_000),
  },
  "a settlement": {
    before: requested,
    act: async (f) => () => settle(f),
    done: async (f) => (await f.vault.maxWithdraw(alice(f))) > usdc(2_000),
  },
  "a claim": {
    before: async (f) => {
      await requested(f);
      await settle(f);
    },
    act: async (f) => {
      const filled = await f.vault.maxRedeem(alice(f));
      return () => f.vault.connect(alice(f)).redeem(filled, alice(f), alice(f));
    },
    done: async (f) => (await f.world.tokens.USDC.balanceOf(alice(f))) > usdc(2_000),
  },
  "a cancelled request": {
    before: requested,
    act: async (f) => {
      const waits = await f.vault.pendingRedeemRequest(0, alice(f));
      return () => f.vault.connect(alice(f)).cancelRedeemRequest(waits, alice(f), alice(f));
    },
    done: async (f) => (await f.vault.pendingRedeemRequest(0, alice(f))) <= 1n,
  },
  "an exit": {
    act: async (f) => {
      const shares = await f.vault.balanceOf(alice(f));
      return () => exitInKind(f, alice(f), shares);
    },
    done: async (f) => (await f.vault.balanceOf(alice(f))) === 0n,
  },
  "the keeper's plan, made before": {
    act: async (f) => {
      const { liquidity } = await f.liquidity.position();
      const list = [orders.burn(poolOf(f), liquidity / 9n), margin(f, usdc(300)), size(f, "ETH", -wad("0.2"))];
      const plan = await planOf(f, list);
      return () => f.rebalancer.rebalance(plan);
    },
    done: async (f) => (await f.rebalancer.epoch()) === 2n,
  },
  "a sync": {
    act: async (f) => () => f.vault.sync(),
    done: async (f) => (await f.vault.mode()) === 0n,
  },
  "removing emptied legs": {
    before: emptied,
    act: async (f) => async () => {
      await f.vault.removeLeg(f.perp);
      await f.vault.removeLeg(f.liquidity);
    },
    done: async (f) => (await f.vault.legs()).length === 0,
  },
};

describe("attack: dust", () => {
  for (const [need, { before, act, done }] of Object.entries(NEEDS)) {
    it(`does not block ${need}`, async () => {
      const f = await fixture();
      await before?.(f);
      const { stranger, alice: a, bob, carol } = f.world.signers;
      const victims = [a, bob, carol];
      const outcome = async (dust: ((f: Dusty) => Promise<unknown>) | undefined) => {
        const snapshot = await f.world.networkHelpers.takeSnapshot();
        const at = (await f.world.networkHelpers.time.latest()) + 900;
        const go = await act(f);
        const cost = dust ? -(await profitOf(f, START, [stranger, f.giver as never], () => dust(f))) : 0n;
        await f.world.networkHelpers.time.increaseTo(at);
        const passes = (await landed(go())) && (await done(f));
        const wealth = await wealthOf(f, START, victims);
        await snapshot.restore();
        return { cost, passes, wealth };
      };
      const clean = await outcome(undefined);
      expect(clean.passes).to.equal(true);
      let worst = 0n;
      for (const [name, dust] of Object.entries(DUST)) {
        const { cost, passes, wealth } = await outcome(dust);
        const harm = clean.wealth - wealth;
        if (harm > worst) worst = harm;
        expect(passes, name).to.equal(true);
        expect(harm, `${name}: harm`).to.be.lessThan(A_CENT);
        expect(cost, `${name}: cost`).to.be.greaterThanOrEqual(-A_CENT);
      }
      console.log(
        `      attack dust-that-blocks, ${need}: blocked by none of ${Object.keys(DUST).length}, harm ${dollars(worst)} USD`,
      );
    });
  }

  it("of a dollar keeps an emptied leg for one attempt, and goes to the holders", async () => {
    const f = await fixture();
    await emptied(f);
    const { stranger } = f.world.signers;
    const best = await mostProfitable(f, [999_999n, usdc(1), usdc(2)], async (amount) => {
      const profit = await profitOf(f, START, [stranger], () => margined(f, amount));
      const refused = !(await landed(f.vault.removeLeg(f.perp)));
      expect(refused, `${amount} units`).to.equal(amount >= usdc(1));
      if (!refused) return profit;
      // The keeper takes it out, whatever the limits, and the next attempt passes.
      await limited(f, {});
      const sell = orders.swap(poolOf(f), !(await usdcFirst(f)), wad(1));
      await send(f, [margin(f, -amount), sell]);
      await f.vault.removeLeg(f.perp);
      return profit;
    });
    printProfit("dust-that-blocks, a gift before a leg is removed", { ...best, choice: Number(best.choice) }, 0n);
    expect(best.profit).to.be.lessThan(-wad("0.99"));
  });

  it("that fills a deposit window costs the spread, again for each part of the hour that it is to last", async () => {
    const f = await fixture();
    const { stranger, carol } = f.world.signers;
    const { USDC, ALT } = f.world.tokens;
    const fill = async (token: typeof USDC) => {
      const unit = 10n ** (await token.decimals());
      const price = token === ALT ? BigInt(START.ALT) : 1n;
      const amount = ((await f.vault.depositRoom(token)) * unit * 999n) / (price * wad(1) * 1_000n);
      const deposit = f.vault.connect(stranger)["deposit(address,uint256,uint256,address,uint256)"];
      await deposit(token, amount, 0n, stranger, 2n ** 63n);
    };
    await fund(f.world, carol.address, { USDC: usdc(1_400), ALT: wad(140) });
    for (const token of [USDC, ALT]) await token.connect(carol).approve(f.vault, 2n ** 255n);
    const all = [usdc(1_400), wad(140)];
    const honest = () => landed(f.vault.connect(carol).depositBasket([USDC, ALT], all, 0n, carol, 2n ** 63n));
    await later(f, 3_600);
    const best = await mostProfitable(f, ["USDC", "ALT"] as const, (name) =>
      profitOf(f, START, [stranger], async () => {
        await fill(f.world.tokens[name]);
        await exitInKind(f, stranger, await f.vault.balanceOf(stranger));
      }),
    );
    printProfit("dust-that-blocks, a deposit window filled once", best, 0n);
    expect(best.profit).to.be.lessThan(-wad(1));
    await fill(USDC);
    await fill(ALT);
    expect(await honest()).to.equal(false);
    // A fifth of the window is open again after a fifth of the hour.
    await later(f, 720);
    expect(await honest()).to.equal(true);
  });
});
