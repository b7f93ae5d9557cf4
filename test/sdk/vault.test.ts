import { CrosshedgeVault, formatReport, parseToken, parseUsd, readReport, toJson } from "@crosshedge/sdk";
import { expect } from "chai";
import { setFeed } from "../../scripts/devnet/world.js";
import { liquidityLegIn } from "../support/actions.js";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { hedgedVault } from "../support/hedged.js";
import { wad } from "../support/orders.js";
import { expectRejection } from "./support.js";

const ONE = 10n ** 18n;

/** Asserts that two figures differ by at most one part in `parts`. */
function expectNear(actual: bigint | null | undefined, expected: bigint, parts: bigint): void {
  const difference = (actual ?? 0n) - expected;
  const magnitude = difference < 0n ? -difference : difference;
  expect(magnitude * parts <= expected, `${actual} is not near ${expected}`).to.equal(true);
}

describe("sdk: a vault", () => {
  let f: Fixture;
  let usdcToken: string;

  beforeEach(async () => {
    f = await hedgedVault();
    usdcToken = await f.world.tokens.USDC.getAddress();
  });

  describe("state", () => {
    it("agrees with the contracts, read one by one at the same block", async () => {
      const vault = await connect(f);
      const state = await vault.readState();
      const [held] = await f.vault.portfolio();
      expect(state.nav).to.deep.equal({ mid: held.nav, half: held.half, ok: true });
      expect(state.portfolio.exposure).to.deep.equal([...held.exposure]);
      expect(state.portfolio.hedgeExposure).to.deep.equal([...held.hedgeExposure]);
      expect(state.assets.map(({ symbol, decimals }) => [symbol, decimals])).to.deep.equal([
        ["USDC", 6],
        ["ALT", 18],
        ["WETH", 18],
        ["WBTC", 8],
      ]);
      expect(state.assets[0]?.idle).to.equal(await f.vault.idle(usdcToken));
      expect([state.epoch, state.totalSupply]).to.deep.equal([await f.rebalancer.epoch(), await f.vault.totalSupply()]);
      expect(state.limits.maxVolatility).to.equal((await f.rebalancer.limits()).maxVolatility);
      const { fast } = await f.covariance.covariance();
      expect(state.covariance.usable && state.covariance.fast?.flat()).to.deep.equal([...fast]);
    });

    it("tells the legs apart and shows their positions", async () => {
      const [liquidity, perp] = (await (await connect(f)).readState()).legs;
      if (liquidity?.kind !== "liquidity" || perp?.kind !== "hedge") throw new Error("other venues");
      expect([liquidity.isHedge, perp.isHedge]).to.deep.equal([false, true]);
      expect(liquidity.liquidity).to.equal((await f.liquidity.position())[2]);
      expect([liquidity.venue, perp.venue]).to.deep.equal(["uniswap-v3", "perp-v2"]);
      expect(perp.collateralWeight).to.equal(ONE);
      const asked = await f.perp.quote(perp.positions[0]?.market ?? "");
      expect(perp.positions[0]?.quote).to.deep.equal({ price: asked.price, fee: asked.fee, depth: asked.depth });
      expect(perp.cash).to.equal(await f.perp.cash());
      expect(perp.positions.map(({ size }) => size)).to.deep.equal([-wad(20), -wad("0.5")]);
      expect(liquidity.marginRatio).to.equal(null);
      expect(perp.marginRatio).to.be.a("bigint");
    });

    it("is the same with and without Multicall3", async () => {
      const state = await (await connect(f)).readState();
      const plain = await connect(f, { multicall: undefined });
      expect(await plain.readState({ blockTag: state.block.number })).to.deep.equal(state);
    });

    it("reads the past", async () => {
      const vault = await connect(f);
      const state = await vault.readState();
      await f.vault
        .connect(f.world.signers.alice)
        .exitInKind(ONE, f.world.signers.alice, f.world.signers.alice, [0n, 0n, 0n, 0n], [], 2n ** 60n);
      expect(await vault.readState({ blockTag: state.block.number })).to.deep.equal(state);
      expect((await vault.readState()).totalSupply).to.equal(state.totalSupply - ONE);
    });

    it("follows when a leg is added", async () => {
      const vault = await connect(f);
      const again = await liquidityLegIn(f, f.world.deployment.uniswap.pools.altWeth, 1);
      await f.vault.addLeg(again);
      expect((await vault.readState()).legs.length).to.equal(3);
    });

    it("refuses an address without a vault, and one that is none", async () => {
      const { provider } = f.world.ethers;
      await expectRejection(
        CrosshedgeVault.connect({ address: usdcToken, provider }),
        "NOT_A_VAULT",
        /vault at 0x\w{40}\.$/,
      );
      await expectRejection(CrosshedgeVault.connect({ address: "0x12", provider }), "BAD_ARGUMENT", /`address`/);
      await expectRejection(CrosshedgeVault.connect({ address: usdcToken } as never), "PROVIDER_REQUIRED");
    });
  });

  describe("report", () => {
    it("adds up: idle and legs are the NAV, hedge and unhedged are the exposure", async () => {
      const report = await readReport(await connect(f));
      const idle = report.idle.reduce((total, { usd }) => total + (usd ?? 0n), 0n);
      const equity = report.legs.reduce((total, leg) => total + (leg.equity ?? 0n), 0n);
      expect(Number(idle + equity - (report.nav?.mid ?? 0n))).to.be.closeTo(0, 10);
      for (const { total, hedge, unhedged } of report.exposures) expect(total).to.equal(hedge + unhedged);
      expect(report.sharePrice && report.sharePrice.low < report.sharePrice.mid).to.equal(true);
    });

    it("shows how much the hedge takes away", async () => {
      const { hedgeRatio, exposures, volatility } = await readReport(await connect(f));
      const perInstrument = exposures.reduce((total, line) => total + (line.hedgeRatio ?? 0n), 0n);
      expect(Number(perInstrument - (hedgeRatio ?? 0n))).to.be.closeTo(0, 5);
      expect((hedgeRatio ?? 0n) > 0n && (volatility.hedged ?? 0n) < (volatility.unhedged ?? 0n)).to.equal(true);
      const nav = (await f.vault.nav()).mid;
      const [held] = await f.vault.portfolio();
      const horizon = (await f.rebalancer.limits()).horizon;
      const gammas = held.gammas.map(({ c, i, j }) => ({ c, i, j }));
      const [variance] = await f.covariance.variance([...held.exposure], gammas, horizon);
      const expected = Math.sqrt(Number(variance) / 1e18) / (Number(nav) / 1e18);
      expectNear(volatility.hedged, BigInt(Math.round(expected * 1e18)), 10n ** 12n);
    });

    it("says what may be done now: mode, fees, queue, budgets, alarm", async () => {
      const report = await readReport(await connect(f));
      const settings = await f.vault.settings();
      expect(report.mode).to.equal("Normal");
      expect(report.fees).to.deep.equal({
        management: settings.managementFee,
        performance: settings.performanceFee,
        highWaterMark: await f.vault.highWaterMark(),
        recipient: settings.feeRecipient,
      });
      expect(report.queue).to.include({ shares: 0n, ofSupply: 0n, since: null, fraction: null });
      const { lossBudget } = await f.rebalancer.limits();
      const [spent] = await f.rebalancer.lossSpent();
      expect(report.lossBudgets.keeper).to.include({ spent, capacity: lossBudget, left: lossBudget - spent });
      const lastSign = Number(await f.rebalancer.lastSign());
      expect([report.keeper.alarm.raisedAt, report.keeper.lastSign]).to.deep.equal([null, lastSign]);
      await f.vault.setMode(2);
      expect(formatReport(await readReport(await connect(f)))).to.match(/mode +ReduceOnly/);
    });

    it("prints as a table and as JSON", async () => {
      const report = await readReport(await connect(f));
      const text = formatReport(report);
      for (const word of ["NAV", "share price", "USDC", "uniswap-v3", "perp-v2", "hedge ratio"])
        expect(text).to.include(word);
      expect(text).not.to.include("\u001b");
      expect(JSON.parse(JSON.stringify(toJson(report))).nav.mid).to.equal(report.nav?.mid.toString());
      expect(parseUsd("1") * parseToken("1", 0)).to.equal(ONE);
    });

    it("leaves out what a bad price would falsify", async () => {
      await f.world.networkHelpers.time.increase(30 * 86_400);
      await setFeed(f.world, "USDC", 1);
      const report = await readReport(await connect(f));
      expect([report.pricesOk, report.nav, report.hedgeRatio, report.sharePrice]).to.deep.equal([
        false,
        null,
        null,
        null,
      ]);
      expect(report.idle.map(({ usd }) => usd !== null)).to.deep.equal([true, false, false, false]);
      expect(formatReport(report)).to.include("PRICES ARE BAD");
    });
  });
});
