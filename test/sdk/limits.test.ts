import {
  type CrosshedgeVault,
  decodeError,
  type LimitField,
  type LimitUse,
  limitsUsed,
  readReport,
  type VaultState,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { movePerp, movePool } from "../../scripts/devnet/world.js";
import { hedgedPosition } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, liquidityFor, orders, planOf, usdc, wad } from "../support/orders.js";
import { limited, marketsOf, perpOf, poolOf, publicLimited, send, usdcFirst } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(async () => {
  const f = await vaultWithHistory();
  return { ...f, ...(await hedgedPosition(f)) };
});
const FOREVER = 2n ** 63n;

/** What a covariance shown with half a unit less beside the diagonal can make of a volatility or a share. */
const LAST_DIGITS = 2_000n;

function lineOf(lines: LimitUse[], name: LimitField, source = "limits", subject?: string): LimitUse {
  const found = lines.find(
    (line) => line.name === name && line.source === source && (!subject || line.subject === subject),
  );
  if (found === undefined) throw new Error(`no line ${name}`);
  return found;
}

/** The custom error that a call fails with; null where it does not. */
async function refusalOf(call: Promise<unknown>) {
  try {
    await call;
    return null;
  } catch (caught) {
    const { revert } = decodeError(caught);
    if (revert?.kind !== "custom") throw caught;
    return revert;
  }
}

describe("sdk: limits used", () => {
  let f: Awaited<ReturnType<typeof fixture>>;
  let vault: CrosshedgeVault;

  beforeEach(async () => {
    f = await fixture();
    vault = await connect(f);
  });

  /** More ALT, more short, more margin, more liquidity: nothing of it reduces the variance. */
  async function growing(): Promise<EncodedOrder[]> {
    return [
      orders.swap(poolOf(f), await usdcFirst(f), usdc(2_000)),
      orders.margin(perpOf(f), usdc(1_000)),
      orders.size(perpOf(f), marketsOf(f).ETH.base, -wad("0.2")),
      orders.mint(poolOf(f), f.range, await liquidityFor(f, f.range, wad(100), usdc(1_000))),
    ];
  }

  /** The error that a plan fails with at a time; null where it passes. */
  async function verdictAt(time: number, list: EncodedOrder[]): Promise<string | null> {
    const plan = await planOf(f, list);
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.world.networkHelpers.time.setNextBlockTimestamp(time);
    const verdict = await refusalOf(f.rebalancer.rebalance.staticCall(plan, { blockTag: "pending" }));
    await snapshot.restore();
    return verdict?.name ?? null;
  }

  it("are inside exactly where the Rebalancer lets a plan pass", async () => {
    const at = (await f.world.networkHelpers.time.latest()) + 300;
    const plan = await growing();
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.world.networkHelpers.time.setNextBlockTimestamp(at);
    await send(f, plan);
    const lines = limitsUsed(await vault.readState());
    await snapshot.restore();

    const alt = await f.world.tokens.ALT.getAddress();
    const refusals: [LimitField, string, bigint, string?][] = [
      ["maxVolatility", "NeitherReducedNorHedged", LAST_DIGITS],
      ["minHedge", "NeitherReducedNorHedged", LAST_DIGITS],
      ["maxGammaVolatility", "GammaTooLarge", 1n],
      ["maxAsset", "AssetTooLarge", 1n, alt],
      ["maxGross", "GrossTooLarge", 1n],
      ["maxVenue", "VenueTooLarge", 1n],
      ["minMarginRatio", "MarginTooThin", 1n],
      ["minRangeWidth", "RangeTooNarrow", 1n],
    ];
    for (const [name, error, step, subject] of refusals) {
      const { used, kind, inside } = lineOf(lines, name, "limits", subject);
      if (used === null) throw new Error(`${name} is not measured`);
      expect(inside, name).to.equal(true);
      const slack = kind === "most" ? step - 1n : 1n - step;
      const beyond = kind === "most" ? used - step : used + step;
      // What strangers may bring the margin up to lies above what is asked of it.
      await publicLimited(f, { marginTarget: wad(1) });
      await limited(f, { [name]: used + slack });
      expect(await verdictAt(at, plan), `${name} at its limit`).to.equal(null);
      await limited(f, { [name]: beyond });
      expect(await verdictAt(at, plan), `${name} beyond it`).to.equal(error);
    }
  });

  it("say how far a pool stands off, and when its band stops a mint", async () => {
    await movePool(f.world, "altUsdc", START.ALT * 1.01);
    const { used } = lineOf(limitsUsed(await vault.readState()), "poolBand");
    const at = (await f.world.networkHelpers.time.latest()) + 100;
    const mint = [orders.mint(poolOf(f), f.range, await liquidityFor(f, f.range, wad(10), usdc(100)))];
    await limited(f, { poolBand: used ?? 0n });
    expect(await verdictAt(at, mint)).to.equal(null);
    await limited(f, { poolBand: (used ?? 0n) - 1n });
    expect(await verdictAt(at, mint)).to.equal("PoolOutOfBand");
  });

  it("count the cooldown to the second, and the loss budgets as they refill", async () => {
    await limited(f, { cooldown: 100n });
    await send(f, await growing());
    const { block, keeperReadyAt } = await vault.readState();
    expect(keeperReadyAt).to.equal(block.timestamp + 100);
    const spare = [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad("0.1"))];
    expect(await verdictAt(keeperReadyAt - 1, spare)).to.equal("TooSoon");
    expect(await verdictAt(keeperReadyAt, spare)).to.equal(null);
    await f.world.networkHelpers.time.increaseTo(keeperReadyAt - 1);
    expect(lineOf(limitsUsed(await vault.readState()), "cooldown")).to.include({ used: 99n, inside: false });
    await f.world.networkHelpers.mine();
    expect(lineOf(limitsUsed(await vault.readState()), "cooldown")).to.include({ used: 100n, inside: true });

    const { lossBudgets, limits } = await readReport(vault);
    const line = lineOf(limits, "lossBudget");
    expect([line.used, line.headroom]).to.deep.equal([lossBudgets.keeper.spent, lossBudgets.keeper.left]);
    expect(lossBudgets.keeper.spent > 0n).to.equal(true);
    await f.world.networkHelpers.time.increaseTo(lossBudgets.keeper.fullAt - 5);
    expect((await f.rebalancer.lossSpent())[0] > 0n).to.equal(true);
    await f.world.networkHelpers.time.increaseTo(lossBudgets.keeper.fullAt);
    expect((await f.rebalancer.lossSpent())[0]).to.equal(0n);
  });

  it("say what the vault says to a deposit: window, band, pool", async () => {
    const { stranger } = f.world.signers;
    const usdcToken = await f.world.tokens.USDC.getAddress();
    const refusal = async () => {
      const deposit = f.vault.connect(stranger).depositBasket;
      return refusalOf(deposit.staticCall([usdcToken], [usdc(50_000)], 0n, stranger, FOREVER, { blockTag: "latest" }));
    };
    const window = lineOf((await readReport(vault)).limits, "depositWindow", "settings", usdcToken);
    const spent = await refusal();
    expect([spent?.name, spent?.args.left]).to.deep.equal(["DepositWindowSpent", window.headroom]);
    // Where something else bounds what may come in, the window's use is not known by it.
    const open = await vault.readState();
    const { settings, nav } = open;
    const room = window.limit / 2n;
    const rooms = open.assets.map(() => room);
    const usedOf = (state: VaultState, given: readonly bigint[]) =>
      lineOf(limitsUsed(state, given), "depositWindow", "settings", usdcToken).used;
    const closed = open.assets.map(() => 0n);
    expect(usedOf(open, rooms)).to.equal(window.limit - room);
    expect(usedOf(open, closed)).to.equal(window.limit);
    const capped = { ...open, settings: { ...settings, maxNav: nav.mid + room } };
    expect(usedOf(capped, rooms)).to.equal(null);
    expect(usedOf({ ...open, mode: "NoDeposit" }, closed)).to.equal(null);
    expect(usedOf({ ...open, nav: { ...nav, half: nav.mid } }, closed)).to.equal(null);

    await movePool(f.world, "altUsdc", START.ALT * 1.08);
    const pool = lineOf((await readReport(vault)).limits, "depositBand", "settings");
    expect(lineOf((await readReport(vault)).limits, "depositWindow", "settings", usdcToken).used).to.equal(null);
    const disagrees = await refusal();
    expect([disagrees?.name, disagrees?.args.disagreement]).to.deep.equal(["PoolDisagrees", pool.used]);
    expect(pool.inside).to.equal(false);

    await movePerp(f.world, "ETH", START.ETH * 1.09);
    await movePerp(f.world, "BTC", START.BTC * 1.09);
    const state = await vault.readState();
    const wide = await refusal();
    expect([wide?.name, wide?.args.half]).to.deep.equal(["BandTooWide", state.nav.half]);
    expect(lineOf(limitsUsed(state), "bandWidth", "code").inside).to.equal(false);
  });

  it("say the volatility that raiseAlarm finds", async () => {
    const state: VaultState = await vault.readState();
    const { used, inside } = lineOf(limitsUsed(state), "alarmVolatility", "publicLimits");
    const calm = await refusalOf(f.rebalancer.raiseAlarm.staticCall({ blockTag: state.block.number }));
    const [volatility] = Object.values(calm?.args ?? {});
    const off = BigInt(volatility as bigint) - (used ?? 0n);
    expect(off < LAST_DIGITS && off > -LAST_DIGITS, `${off}`).to.equal(true);
    expect(inside).to.equal(true);
  });
});
