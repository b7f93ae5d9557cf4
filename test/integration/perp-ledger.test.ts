import { expect } from "chai";
import { keccak256, MaxUint256, solidityPacked } from "ethers";
import { movePerp } from "../../scripts/devnet/world.js";
import { exitInKind, hedgedPosition } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import {
  baseOf,
  blockNumber,
  causesSince,
  closeMarket,
  gift,
  giftCollateral,
  liquidate,
  margin,
  movePrices,
  plan,
  polledCash,
  quit,
  size,
  thinMargin,
  UNIT,
} from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
/** Between what `cash` costs with the ledger known and what it costs with the full poll, two markets open. */
const POLLED_GAS = 420_000n;

const owedOf = async (f: Fixture) => (await f.world.perp.accountBalance.getPnlAndPendingFee(f.perp))[0];

/** What the leg says is what the venue says, to the wei, and the ledger tells it by itself. */
async function expectKnown(f: Fixture): Promise<void> {
  expect(await f.perp.cash()).to.equal(await polledCash(f));
  expect((await f.perp.lastSeen()).owed).to.equal(await owedOf(f));
}

/** A stranger's act: the leg's cash is right before anybody synced; `sync` names the cause, and the ledger holds again. */
async function expectFound(f: Fixture, act: () => Promise<unknown>, ...causes: string[]): Promise<void> {
  await f.vault.sync();
  await expectKnown(f);
  const block = await blockNumber(f);
  await act();
  expect(await f.perp.cash()).to.equal(await polledCash(f));
  await f.vault.sync();
  expect(await causesSince(f, block)).to.deep.equal(causes);
  await expectKnown(f);
}

describe("PerpV2Leg's ledger: own acts", () => {
  it("follows margin in and out, opening, increasing, reducing and closing", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expectKnown(f);
    await movePrices(f, 0.97);
    for (const order of [
      margin(f, usdc(1_000)),
      size(f, "ETH", -wad(1)),
      size(f, "ETH", wad(3)),
      size(f, "BTC", wad("0.123456789")),
      margin(f, -usdc(500)),
      size(f, "ETH", wad(1)),
    ]) {
      await plan(f, order);
      await expectKnown(f);
    }
    expect(await owedOf(f)).to.not.equal(0n);
  });

  it("follows a market that is left, and one that is entered again, with funding in between", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePerp(f.world, "ETH", START.ETH * 0.985);
    await plan(f, size(f, "ETH", wad(20) - 20n), size(f, "ETH", 20n), size(f, "ETH", -wad(20)));
    await expectKnown(f);
    await plan(f, size(f, "ETH", wad(20)), size(f, "BTC", -wad("0.7")));
    expect((await f.perp.position(baseOf(f, "ETH"))).size).to.equal(0n);
    await expectKnown(f);
    await plan(f, size(f, "ETH", -wad(20)));
    await f.world.networkHelpers.time.increase(3_000);
    await expectKnown(f);
  });

  it("follows exits, small and last", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    await movePrices(f, 1.03);
    for (const part of [shares / 1_000n, shares / 3n]) {
      await exitInKind(f, alice, part);
      await expectKnown(f);
    }
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
    await expectKnown(f);
    expect(await f.perp.isEmpty()).to.equal(true);
  });

  it("follows trades at a discount on the fee", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { marketRegistry } = f.world.perp;
    const { deployer } = f.world.signers;
    await marketRegistry.connect(deployer).setFeeManager(deployer, true);
    await marketRegistry.connect(deployer).setFeeDiscountRatio(f.perp, 500_000);
    await expectKnown(f);
    expect((await f.perp.quote(baseOf(f, "ETH"))).fee).to.equal(wad("0.0005"));
    await plan(f, size(f, "ETH", wad(2)));
    await expectKnown(f);
  });

  it("does not ask the venue what it owes while nothing has changed, and asks when something has", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    expect(await f.perp.cash.estimateGas()).to.be.lessThan(POLLED_GAS);
    await gift(f, 1n);
    expect(await f.perp.cash.estimateGas()).to.be.greaterThan(POLLED_GAS);
    await f.vault.sync();
    expect(await f.perp.cash.estimateGas()).to.be.lessThan(POLLED_GAS);
  });

  it("counts pending funding without a sync", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePerp(f.world, "ETH", START.ETH * 0.97);
    await f.world.networkHelpers.time.increase(900);
    const before = await f.perp.cash();
    await f.world.networkHelpers.time.increase(1_800);
    expect(await f.perp.cash()).to.be.lessThan(before - wad(1));
    await expectKnown(f);
  });
});

describe("PerpV2Leg's ledger: what others do to the account", () => {
  it("finds a gift", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expectFound(f, () => gift(f, usdc(123)), "Gift");
  });

  it("finds funding settled in the leg's name, as the venue's forwarder could", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePerp(f.world, "ETH", START.ETH * 0.97);
    await f.world.networkHelpers.time.increase(3_000);
    const leg = await f.perp.getAddress();
    await expectFound(
      f,
      async () => {
        await f.world.networkHelpers.impersonateAccount(leg);
        await f.world.networkHelpers.setBalance(leg, 10n ** 18n);
        await f.world.perp.clearingHouse.connect(await f.world.ethers.getSigner(leg)).settleAllFunding(leg);
      },
      "Funding",
    );
  });

  it("finds a liquidation, of a sliver, of a part, and of all of a market", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    await expectFound(f, () => liquidate(f, "ETH", -1n), "Liquidation");
    await expectFound(f, () => liquidate(f, "ETH", -wad(2)), "Liquidation");
    await movePrices(f, 1.14, 1.1);
    await expectFound(f, () => liquidate(f, "ETH"), "Liquidation");
    expect((await f.perp.position(baseOf(f, "ETH"))).size).to.equal(0n);
  });

  it("finds what a stranger settled in a closed market", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expectFound(
      f,
      async () => {
        await closeMarket(f, "BTC", 0.9);
        await quit(f, "BTC");
      },
      "Settlement",
    );
    expect((await f.perp.position(baseOf(f, "BTC"))).size).to.equal(0n);
    // A second time changes nothing.
    await expectFound(f, () => quit(f, "BTC"));
  });

  it("finds bad debt that the venue's insurance took over", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.2);
    await expectFound(
      f,
      async () => {
        for (const market of ["ETH", "BTC"] as const) {
          await closeMarket(f, market, 1.2);
          await quit(f, market);
        }
      },
      "BadDebt",
    );
    expect(await f.perp.cash()).to.be.within(0n, UNIT - 1n);
  });

  it("finds collateral of another kind turned into margin by a liquidator", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await giftCollateral(f, wad("0.5"));
    await expectKnown(f);
    await movePrices(f, 1.18);
    const { vault } = f.world.perp;
    const { WETH, USDC } = f.world.tokens;
    await expectFound(
      f,
      async () => {
        const { stranger } = f.world.signers;
        await USDC.connect(f.world.signers.deployer).mint(stranger, usdc(10_000));
        await USDC.connect(stranger).approve(vault, MaxUint256);
        await vault.connect(stranger).liquidateCollateral(f.perp, WETH, usdc(10), true);
      },
      "Gift",
    );
  });

  it("is not moved by orders that are not the leg's, forged or empty", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    const { clearingHouse } = f.world.perp;
    const stranger = clearingHouse.connect(f.world.signers.stranger);
    const leg = await f.perp.getAddress();
    const forged = keccak256(solidityPacked(["address", "address", "int24", "int24"], [leg, baseOf(f, "ETH"), 0, 0]));
    await f.world.networkHelpers.time.increase(600);
    // The order that nobody placed has the key of an empty range: only the pool's own check of the range stands in between.
    await expect(stranger.cancelExcessOrders(leg, baseOf(f, "ETH"), [forged])).to.be.revertedWith("TLU");
    await stranger.cancelExcessOrders(leg, baseOf(f, "ETH"), []);
    await stranger.cancelAllExcessOrders(leg, baseOf(f, "ETH"));
    await f.world.perp.vault.connect(f.world.signers.stranger).settleBadDebt(leg);
    await expectKnown(f);
  });
});
