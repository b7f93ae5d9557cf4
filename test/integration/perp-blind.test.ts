import { expect } from "chai";
import { toBeHex } from "ethers";
import { percent } from "../../scripts/deploy/parameters.js";
import { setFeed } from "../../scripts/devnet/world.js";
import { balancesOf, exitInKind, hedgedPosition, pricesOf, relative, worthOf } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, usdc, wad } from "../support/orders.js";
import { perpOf, send, strangerOf } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { blockNumber, causesSince, gift, impairment, margin, polledCash, size, sizeOf } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
/** Where the vault keeps its mode. */
const MODE_SLOT = toBeHex(1, 32);

/** An hour ago the feeds rose by two fifths, and nobody has traded since: the venue's average of the index runs past the price. */
async function blinded(f: Fixture, ...assets: ("ETH" | "BTC")[]): Promise<void> {
  for (const asset of assets) await setFeed(f.world, asset, START[asset] * 1.4);
  await f.world.networkHelpers.time.increase(3_840);
  await f.world.networkHelpers.mine();
  await expect(f.world.perp.vault.getAccountValue(f.perp)).to.be.revertedWith("SafeCast: value must be positive");
}

const mend = (f: Fixture, asset: "ETH" | "BTC") => f.world.perp.markets[asset].base.cacheTwap(900);
const ratioOf = async (f: Fixture) => f.perp.marginRatio(await pricesOf(f));

describe("PerpV2Leg, where the venue cannot value its account", () => {
  it("has a margin ratio: the oracle's, or that at the highest mark there can be", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    const prices = await pricesOf(f);
    expect(prices.ok).to.equal(true);
    const { equity } = await f.perp.measure(prices);
    // 20 ETH and half a BTC short, two fifths above $55,000
    expect(relative(await f.perp.marginRatio(prices), (equity * wad(1)) / wad(77_000))).to.be.lessThan(0.001);
    // An oracle far below leaves the word to the venue.
    for (const i of [2, 3]) prices.mid[i] = (prices.mid[i] as bigint) / 10n;
    const blind = await f.perp.marginRatio(prices);
    for (const asset of ["ETH", "BTC"] as const) await mend(f, asset);
    const told = await f.perp.marginRatio(prices);
    expect(blind).to.be.lessThanOrEqual(told);
    expect(relative(blind, told)).to.be.lessThan(0.05);
  });

  it("gives the same ratio with however little gas, or none", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    for (const i of [2, 3]) prices.mid[i] = (prices.mid[i] as bigint) / 10n;
    const { number } = (await f.world.ethers.provider.getBlock("latest")) as { number: number };
    const full = await f.perp.marginRatio(prices, { blockTag: number });
    const answers = new Set<bigint | string>();
    for (let gasLimit = 150_000n; gasLimit < 1_500_000n; gasLimit += 10_000n) {
      answers.add(await f.perp.marginRatio(prices, { gasLimit, blockTag: number }).catch(() => "none"));
    }
    expect([...answers]).to.have.members(["none", full]);
  });

  it("is not blocked by a sync with so little gas that the venue cannot answer once it could", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    const { sync } = f.vault.connect(f.world.signers.stranger);
    // A slot that is named beforehand is cheaper to change.
    const accessList = [{ address: await f.vault.getAddress(), storageKeys: [MODE_SLOT] }];
    const needed = await sync.estimateGas({ accessList });
    const impaired: bigint[] = [];
    for (let gasLimit = needed / 2n; gasLimit <= needed; gasLimit += 1_000n) {
      const mode = await sync.staticCall({ gasLimit, accessList }).catch(() => 0n);
      if (mode !== 0n) impaired.push(gasLimit);
    }
    expect(impaired).to.deep.equal([]);
    expect(await sync.staticCall({ accessList })).to.equal(0n);
  });

  it("takes the keeper's margin", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    const before = await f.perp.cash();
    await send(f, [margin(f, usdc(1_000))]);
    expect(relative((await f.perp.cash()) - before, wad(1_000))).to.be.lessThan(0.01);
  });

  it("is reduced, and not increased", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    await expect(send(f, [size(f, "ETH", -wad(1))])).to.revert(f.world.ethers);
    const at = await f.world.networkHelpers.takeSnapshot();
    await send(f, [size(f, "ETH", wad(1))]);
    expect(await sizeOf(f, "ETH")).to.equal(-wad(19));
    await at.restore();
    await send(f, [size(f, "BTC", wad("0.1"))]);
    expect(await sizeOf(f, "BTC")).to.equal(-wad("0.4"));
  });

  it("is brought over its floor by anybody, and no further than the target", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await send(f, [orders.margin(perpOf(f), -usdc(30_000))]);
    await blinded(f, "ETH");
    expect(await ratioOf(f)).to.be.lessThan(percent(20));
    const refused = strangerOf(f).deleverage([margin(f, usdc(30_000))]);
    await expect(refused).to.be.revertedWithCustomError(f.rebalancer, "AboveTarget");
    await strangerOf(f).deleverage([margin(f, usdc(15_000))]);
    expect(await ratioOf(f)).to.be.within(percent(20), percent(30));
  });

  it("gives nobody a reason to act while the oracle's margin is sound", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    for (const order of [margin(f, usdc(1_000)), size(f, "ETH", wad(1))]) {
      const sent = strangerOf(f).deleverage([order]);
      await expect(sent).to.be.revertedWithCustomError(f.rebalancer, "MarginIsSound");
    }
  });

  for (const [name, parts] of [
    ["a small holder", 100n],
    ["the last holder", 1n],
  ] as const) {
    it(`is left by ${name}, for what is left once it is mended`, async () => {
      const f = await fixture();
      const { alice } = f.world.signers;
      const { shares } = await hedgedPosition(f);
      await blinded(f, "ETH", "BTC");
      const blind = await f.world.networkHelpers.takeSnapshot();
      await exitInKind(f, alice, shares / parts);
      const left = await balancesOf(f, alice.address);
      await blind.restore();
      for (const asset of ["ETH", "BTC"] as const) await mend(f, asset);
      await exitInKind(f, alice, shares / parts);
      const mended = await balancesOf(f, alice.address);
      expect(relative(await worthOf(f, left), await worthOf(f, mended))).to.be.lessThan(0.0001);
    });
  }

  it("survives a gift of a unit: anybody may sync, and a leaver and the keeper need nobody", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await blinded(f, "ETH", "BTC");
    await gift(f, 1n);
    const given = await f.world.networkHelpers.takeSnapshot();
    await exitInKind(f, f.world.signers.alice, shares / 10n);
    await given.restore();
    const block = await blockNumber(f);
    await send(f, [margin(f, usdc(1_000))]);
    expect(await causesSince(f, block)).to.deep.equal(["Gift", "Margin"]);
    expect(await f.perp.cash()).to.equal(await polledCash(f));
    await given.restore();
    expect(await impairment(f)).to.equal(0n);
    expect(await f.vault.mode()).to.equal(0n);
    expect((await f.vault.nav()).mid).to.be.greaterThan(wad(100_000));
    await send(f, [margin(f, usdc(1_000))]);
  });
});
