import { CrosshedgeVault, formatReport, parseToken, parseUsd, readReport, toJson } from "@crosshedge/sdk";
import { expect } from "chai";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, liquidityLegIn } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { expectRejection } from "./support.js";

const ONE = 10n ** 18n;

async function hedged() {
  const f = await vaultWithHistory();
  await hedgedPosition(f);
  return f;
}

/** The vault through the SDK, for one of the world's signers. */
function connect(f: Fixture, signer: Fixture["world"]["signers"]["alice"], multicall = true): Promise<CrosshedgeVault> {
  const { deployment } = f.world;
  return CrosshedgeVault.connect({
    address: f.deployment.vault,
    signer,
    multicall: multicall ? deployment.multicall : undefined,
  });
}

/** Asserts that two figures differ by at most one part in `parts`. */
function expectNear(actual: bigint | null | undefined, expected: bigint, parts: bigint): void {
  const difference = (actual ?? 0n) - expected;
  const magnitude = difference < 0n ? -difference : difference;
  expect(magnitude * parts <= expected, `${actual} is not near ${expected}`).to.equal(true);
}

describe("sdk: a vault", () => {
  let f: Fixture;
  let restore: () => Promise<void>;
  let usdcToken: string;
  let alt: string;

  before(async () => {
    f = await hedged();
    usdcToken = await f.world.tokens.USDC.getAddress();
    alt = await f.world.tokens.ALT.getAddress();
  });
  beforeEach(async () => {
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
  });
  afterEach(() => restore());

  describe("state", () => {
    it("agrees with the contracts, read one by one at the same block", async () => {
      const vault = await connect(f, f.world.signers.alice);
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
      const [liquidity, perp] = (await (await connect(f, f.world.signers.alice)).readState()).legs;
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
      const { alice } = f.world.signers;
      const state = await (await connect(f, alice)).readState();
      expect(await (await connect(f, alice, false)).readState({ blockTag: state.block.number })).to.deep.equal(state);
    });

    it("reads the past", async () => {
      const vault = await connect(f, f.world.signers.alice);
      const state = await vault.readState();
      await f.vault
        .connect(f.world.signers.alice)
        .exitInKind(ONE, f.world.signers.alice, f.world.signers.alice, [0n, 0n, 0n, 0n], [], 2n ** 60n);
      expect(await vault.readState({ blockTag: state.block.number })).to.deep.equal(state);
      expect((await vault.readState()).totalSupply).to.equal(state.totalSupply - ONE);
    });

    it("follows when a leg is added", async () => {
      const vault = await connect(f, f.world.signers.alice);
      const again = await liquidityLegIn(f, f.world.deployment.uniswap.pools.altWeth, 1);
      await f.vault.addLeg(again);
      expect((await vault.readState()).legs.length).to.equal(3);
    });

    it("refuses an address without a vault, and one that is none", async () => {
      const { provider } = f.world.ethers;
      await expectRejection(CrosshedgeVault.connect({ address: usdcToken, provider }), "NOT_A_VAULT");
      await expectRejection(CrosshedgeVault.connect({ address: "0x12", provider }), "BAD_ARGUMENT", /`address`/);
      await expectRejection(CrosshedgeVault.connect({ address: usdcToken }), "PROVIDER_REQUIRED");
    });
  });

  describe("deposit", () => {
    const amounts = () => ({ [usdcToken]: usdc(1_000), [alt]: wad(50) });

    it("mints what the preview says, with permits and no other transaction", async () => {
      const { bob } = f.world.signers;
      await fund(f.world, bob.address, { USDC: usdc(1_000), ALT: wad(50) });
      const vault = await connect(f, bob);
      const nonce = await bob.getNonce();
      const { shares } = await vault.previewDepositBasket(amounts());
      const nav = (await vault.readState()).nav;
      const receipt = await vault.depositBasket({ amounts: amounts(), approval: "permit" });
      expect(await bob.getNonce()).to.equal(nonce + 1);
      expect(await f.vault.balanceOf(bob)).to.equal(receipt.shares);
      expect(receipt.amounts).to.deep.equal(amounts());
      // The block in between moves funding by a little.
      expectNear(receipt.shares, shares, 1_000_000n);
      expectNear(receipt.navBefore, nav.mid, 1_000_000n);
      expect(receipt.half > 0n && receipt.hash.length === 66).to.equal(true);
    });

    it("leaves no allowance behind in either mode", async () => {
      const { bob } = f.world.signers;
      for (const approval of ["approve", "auto"] as const) {
        await fund(f.world, bob.address, { USDC: usdc(1_000), ALT: wad(50) });
        await (await connect(f, bob)).depositBasket({
          amounts: amounts(),
          approval,
          receiver: f.world.signers.alice.address,
        });
        expect(await f.world.tokens.USDC.allowance(bob, f.vault)).to.equal(0n);
        expect(await f.world.tokens.ALT.allowance(bob, f.vault)).to.equal(0n);
      }
      expect(await f.vault.balanceOf(bob)).to.equal(0n);
    });

    it("says what is wrong before it sends anything", async () => {
      const { bob } = f.world.signers;
      await fund(f.world, bob.address, { USDC: usdc(1_000) });
      const vault = await connect(f, bob);
      const nonce = await bob.getNonce();
      const foreign =
        f.world.deployment.tokens.LINK === alt ? f.deployment.vault : (f.world.deployment.tokens.LINK as string);
      const one = { [usdcToken]: usdc(1) };
      const refused = [
        [{ amounts: amounts() }, "INSUFFICIENT_BALANCE", /holds 0\.0+ ALT, but the deposit needs 50\.0/],
        [{ amounts: { [foreign]: 1n } }, "TOKEN_NOT_IN_BASKET", /basket \(USDC, ALT, WETH, WBTC\)/],
        [{ amounts: {} }, "BAD_ARGUMENT", /nothing to deposit/],
        [{ amounts: { [usdcToken]: -1n } }, "BAD_ARGUMENT", /at least 0/],
        [{ amounts: one, minShares: ONE * 1_000n }, "SLIPPAGE", /less than the 1,000\.0/],
        [{ amounts: one, slippage: 2n * ONE }, "BAD_ARGUMENT", /`slippage`/],
        [{ amounts: one, receiver: "me" }, "BAD_ARGUMENT", /`receiver`/],
      ] as const;
      for (const [options, code, message] of refused)
        await expectRejection(vault.depositBasket(options), code, message);
      expect(await bob.getNonce()).to.equal(nonce);
      const reader = await CrosshedgeVault.connect({ address: f.deployment.vault, provider: f.world.ethers.provider });
      await expectRejection(reader.depositBasket({ amounts: one }), "SIGNER_REQUIRED");
    });

    it("tells how much may come in now and when the rest, and refuses more before it sends anything", async () => {
      const { bob } = f.world.signers;
      await fund(f.world, bob.address, { USDC: usdc(20_000), ALT: wad(50) });
      const vault = await connect(f, bob);
      const nonce = await bob.getNonce();
      const small = await vault.previewDepositBasket(amounts());
      expect([small.refusal, small.rooms[usdcToken]?.fitsIn]).to.deep.equal([null, 0]);
      const perHour = small.rooms[usdcToken]?.perHour ?? 0n;
      expect(small.rooms[usdcToken]?.usd).to.equal(await f.vault.depositRoom(usdcToken));

      const whole = ((small.rooms[usdcToken]?.amount ?? 0n) * 99n) / 100n;
      await vault.depositBasket({ amounts: { [usdcToken]: whole } });
      const more = { [usdcToken]: whole / 2n };
      const { rooms, refusal } = await vault.previewDepositBasket(more);
      const wait = rooms[usdcToken]?.fitsIn ?? 0;
      expect(wait).to.be.within(1_400, 1_900);
      expect(refusal?.code).to.equal("DEPOSIT_WINDOW");
      const error = await expectRejection(
        vault.depositBasket({ amounts: more }),
        "DEPOSIT_WINDOW",
        /USDC may come in now/,
      );
      expect(error.nextStep).to.match(/All of it fits in about (2[4-9]|3[01]) minutes/);
      expect(error.revert).to.have.property("name", "DepositWindowSpent");
      const never = await expectRejection(
        vault.depositBasket({ amounts: { [usdcToken]: usdc(12_000) } }),
        "DEPOSIT_WINDOW",
      );
      expect(never.nextStep).to.match(/An hour lets in at most \$[\d,.]+ of it: split/);
      expect(perHour < wad(12_000)).to.equal(true);
      // Permits apart, nothing but the first deposit was sent.
      expect(await bob.getNonce()).to.equal(nonce + 1);

      await f.world.networkHelpers.time.increase(wait);
      expect((await vault.previewDepositBasket(more)).refusal).to.equal(null);
      await vault.depositBasket({ amounts: more });
    });

    it("says which mode stops deposits, to anybody who asks", async () => {
      await f.vault.setMode(1);
      const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider: f.world.ethers.provider });
      const { refusal, rooms } = await vault.previewDepositBasket(amounts());
      expect(refusal?.revert).to.have.property("name", "DepositsStopped");
      expect([rooms[usdcToken]?.usd, rooms[usdcToken]?.fitsIn]).to.deep.equal([0n, null]);
    });

    it("decodes the vault's own refusals: a dead feed, a past deadline", async () => {
      const { bob } = f.world.signers;
      await fund(f.world, bob.address, { USDC: usdc(1_000) });
      const vault = await connect(f, bob);
      const one = { amounts: { [usdcToken]: usdc(1) } };
      const late = await expectRejection(
        vault.depositBasket({ ...one, deadline: 1n, approval: "approve" }),
        "CONTRACT_ERROR",
      );
      expect(late.revert).to.have.property("name", "TooLate");
      await f.world.networkHelpers.time.increase(30 * 86_400);
      const dead = await expectRejection(vault.depositBasket(one), "CONTRACT_ERROR", /BadPrice/);
      expect(dead.nextStep).to.match(/Exits in kind need no price/);
    });
  });

  describe("exit in kind", () => {
    it("pays what the preview says", async () => {
      const { alice } = f.world.signers;
      const vault = await connect(f, alice);
      const shares = (await f.vault.balanceOf(alice)) / 4n;
      const preview = await vault.previewExitInKind({ shares });
      const before = await f.world.tokens.USDC.balanceOf(alice);
      const receipt = await vault.exitInKind({ shares });
      expect(receipt.shares).to.equal(shares);
      expect((await f.world.tokens.USDC.balanceOf(alice)) - before).to.equal(receipt.amounts[usdcToken]);
      for (const [token, amount] of Object.entries(preview.amounts)) {
        expectNear(receipt.amounts[token], amount, 10_000n);
      }
    });

    it("works while every feed is dead, and lets a leg be forfeited", async () => {
      const { alice } = f.world.signers;
      const vault = await connect(f, alice);
      await f.world.networkHelpers.time.increase(30 * 86_400);
      const perp = f.deployment.legs.perp as string;
      const whole = await vault.previewExitInKind({ shares: ONE });
      const less = await vault.exitInKind({ shares: ONE, forfeit: [perp] });
      expect(less.forfeit).to.deep.equal([perp]);
      expect((less.amounts[usdcToken] ?? 0n) < (whole.amounts[usdcToken] ?? 0n)).to.equal(true);
    });

    it("says what is wrong before it sends anything", async () => {
      const { alice, bob } = f.world.signers;
      const nonce = await bob.getNonce();
      const vault = await connect(f, bob);
      await expectRejection(vault.exitInKind({ shares: 1n }), "INSUFFICIENT_SHARES", /fewer than/);
      await expectRejection(vault.exitInKind({ shares: 1n, owner: alice.address }), "INSUFFICIENT_ALLOWANCE");
      await expectRejection(vault.exitInKind({ shares: 0n }), "BAD_ARGUMENT");
      const own = await connect(f, alice);
      await expectRejection(
        own.exitInKind({ shares: ONE, minOut: { [usdcToken]: usdc(10 ** 6) } }),
        "SLIPPAGE",
        /USDC now/,
      );
      await expectRejection(
        own.exitInKind({ shares: ONE, minOut: { [f.deployment.vault]: 1n } }),
        "TOKEN_NOT_IN_BASKET",
      );
      expect(await bob.getNonce()).to.equal(nonce);
    });

    it("previews for anybody without a signer", async () => {
      const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider: f.world.ethers.provider });
      const { amounts } = await vault.previewExitInKind({ shares: ONE, owner: f.world.signers.alice.address });
      expect((amounts[usdcToken] ?? 0n) > 0n).to.equal(true);
      await expectRejection(vault.previewExitInKind({ shares: ONE }), "BAD_ARGUMENT", /`owner`/);
    });
  });

  describe("report", () => {
    it("adds up: idle and legs are the NAV, hedge and unhedged are the exposure", async () => {
      const report = await readReport(await connect(f, f.world.signers.alice));
      const idle = report.idle.reduce((total, { usd }) => total + (usd ?? 0n), 0n);
      const equity = report.legs.reduce((total, leg) => total + (leg.equity ?? 0n), 0n);
      expect(Number(idle + equity - (report.nav?.mid ?? 0n))).to.be.closeTo(0, 10);
      for (const { total, hedge, unhedged } of report.exposures) expect(total).to.equal(hedge + unhedged);
      expect(report.sharePrice && report.sharePrice.low < report.sharePrice.mid).to.equal(true);
    });

    it("shows how much the hedge takes away", async () => {
      const { hedgeRatio, exposures, volatility } = await readReport(await connect(f, f.world.signers.alice));
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
      const report = await readReport(await connect(f, f.world.signers.alice));
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
      expect(formatReport(await readReport(await connect(f, f.world.signers.alice)))).to.match(/mode +ReduceOnly/);
    });

    it("prints as a table and as JSON", async () => {
      const report = await readReport(await connect(f, f.world.signers.alice));
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
      const report = await readReport(await connect(f, f.world.signers.alice));
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
