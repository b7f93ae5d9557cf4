import { expect } from "chai";
import { concat, parseUnits, toBeHex, ZeroHash } from "ethers";
import { percent } from "../../scripts/deploy/parameters.js";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import { changeSettings, exitInKind, hedgedPosition, pricesOf, refreshFeeds, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory, vaultWithoutHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;
const DAY = 86_400;
/** PUSH1 0, PUSH1 0, REVERT. */
const REVERT = "0x60006000fd";

/** A vault of four assets that nothing but idle tokens is in. */
async function vaultWithoutLegs(): Promise<Fixture> {
  const f = await vaultWithoutHistory();
  for (const leg of Object.values(f.deployment.legs)) await f.vault.removeLeg(leg);
  return f;
}
const fixture = reusable(vaultWithoutLegs);
const withPositions = reusable(vaultWithHistory);

async function enter(f: Fixture, asset: "USDC" | "WETH", amount: bigint) {
  const { alice } = f.world.signers;
  const token = f.world.tokens[asset];
  await fund(f.world, alice.address, { [asset]: amount });
  await token.connect(alice).approve(f.vault, amount);
  const deposit = f.vault.connect(alice)["deposit(address,uint256,uint256,address,uint256)"];
  return deposit(token, amount, 0n, alice, FOREVER);
}

/** Every feed is too old; then those of `assets` speak again. */
async function onlyFresh(f: Fixture, ...assets: ("USDC" | "ETH" | "BTC" | "ALT")[]) {
  await f.world.networkHelpers.time.increase(2 * DAY);
  for (const asset of assets) await setFeed(f.world, asset, START[asset]);
}

describe("the prices that a deposit needs, without legs", () => {
  it("are those of what comes in and of the settlement token, where nothing is held", async () => {
    const f = await fixture();
    await onlyFresh(f, "ETH");
    await expect(enter(f, "WETH", wad(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
    expect(await f.vault.depositRoom(f.world.tokens.WETH)).to.equal(0n);
    await onlyFresh(f, "USDC");
    await expect(enter(f, "WETH", wad(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
    expect(await f.vault.depositRoom(f.world.tokens.WETH)).to.equal(0n);
    await setFeed(f.world, "ETH", START.ETH);
    await enter(f, "WETH", wad(1));
    // Half a percent off: the feed's threshold.
    expect(await f.vault.balanceOf(f.world.signers.alice)).to.equal(wad(1_990));
  });

  it("are those of what is held as well, as long as any of it is held", async () => {
    const f = await fixture();
    await enter(f, "USDC", usdc(50_000));
    await enter(f, "WETH", wad(1));
    const { alice } = f.world.signers;
    await onlyFresh(f, "USDC");
    await expect(enter(f, "USDC", usdc(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
    expect(await f.vault.idle(f.world.tokens.WETH)).to.equal(0n);
    await enter(f, "USDC", usdc(1_000));
    expect(await f.vault.balanceOf(alice)).to.equal(wad("997.5"));
    // And again, once there is some.
    await setFeed(f.world, "ETH", START.ETH);
    await enter(f, "WETH", wad("0.001"));
    await onlyFresh(f, "USDC");
    await expect(enter(f, "USDC", usdc(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
  });

  it("are enough for the same figures as with all prices", async () => {
    const f = await fixture();
    const { USDC } = f.world.tokens;
    await enter(f, "USDC", usdc(50_000));
    await f.world.networkHelpers.time.increase(2 * DAY);
    await refreshFeeds(f);
    const [preview, room] = [await f.vault.previewDepositBasket([USDC], [usdc(100)]), await f.vault.depositRoom(USDC)];
    const [assets, most] = [await f.vault.convertToAssets(wad(1)), await f.vault.maxDeposit(f.world.signers.alice)];
    await onlyFresh(f, "USDC");
    expect((await f.vault.nav()).ok).to.equal(false);
    expect(await f.vault.previewDepositBasket([USDC], [usdc(100)])).to.equal(preview);
    expect(await f.vault.depositRoom(USDC)).to.equal(room);
    expect(await f.vault.convertToAssets(wad(1))).to.equal(assets);
    expect(await f.vault.maxDeposit(f.world.signers.alice)).to.equal(most);
    // Not a rate that was kept: it is that of now.
    expect(await f.vault.navTimestamp()).to.equal(BigInt(await f.world.networkHelpers.time.latest()));
    expect(await f.vault.previewMint(preview)).to.be.within(usdc(100) - 1n, usdc(100));
  });

  it("count every asset that is held, in any order of coming", async () => {
    const f = await fixture();
    const { alice } = f.world.signers;
    const { WBTC, ALT, USDC, WETH } = f.world.tokens;
    const amounts = [parseUnits("0.1", 8), wad(50), usdc(700), wad(2)];
    await fund(f.world, alice.address, { WBTC: amounts[0]!, ALT: amounts[1]!, USDC: amounts[2]!, WETH: amounts[3]! });
    for (const [i, token] of [WBTC, ALT, USDC, WETH].entries()) {
      await token.connect(alice).approve(f.vault, amounts[i] as bigint);
      await f.vault.connect(alice).depositBasket([token], [amounts[i] as bigint], 0n, alice, FOREVER);
    }
    expect((await f.vault.nav()).mid).to.equal(wad(3_000) + wad(500) + wad(700) + wad(4_000));
    const [held] = await f.vault.portfolio();
    expect(held.exposure).to.deep.equal([wad(700), wad(500), wad(4_000), wad(3_000)]);
  });

  it("are all of them again as soon as there is a leg, and no more when it is gone", async () => {
    const f = await fixture();
    const leg = await f.world.ethers.deployContract("MockLeg", [await f.vault.getAddress()]);
    await f.vault.addLeg(leg);
    await onlyFresh(f, "USDC");
    await expect(enter(f, "USDC", usdc(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
    await f.vault.removeLeg(leg);
    await enter(f, "USDC", usdc(1));
  });
});

describe("what a deposit notes", () => {
  it("is the rate of that moment, with the fee that was due, for a time of bad prices", async () => {
    const f = await fixture();
    await changeSettings(f, { managementFee: percent(5) });
    await enter(f, "USDC", usdc(50_000));
    await enter(f, "WETH", wad(1));
    await f.world.networkHelpers.time.increase(180 * DAY);
    await refreshFeeds(f);
    await setFeed(f.world, "ETH", START.ETH * 1.5);
    await enter(f, "USDC", usdc(100));
    const at = BigInt(await f.world.networkHelpers.time.latest());
    const good = await f.vault.convertToAssets(wad(1_000));
    await onlyFresh(f, "USDC");
    await setFeed(f.world, "USDC", 0.5);
    expect(await f.vault.navTimestamp()).to.equal(at);
    // A fee that is carried over compounds a little less.
    expect(relative(await f.vault.convertToAssets(wad(1_000)), good)).to.be.lessThan(2e-6);
    // Half a year of 5%, and what the price of WETH brought.
    expect(Number(good) / 1e6).to.be.within(1_000 * 1.0215 * 0.974, 1_000 * 1.0225 * 0.977);
  });
});

describe("an oracle's answer", () => {
  it("is refused in any other layout than that of a snapshot", async () => {
    const f = await fixture();
    await enter(f, "USDC", usdc(1_000));
    const { mid, half } = await pricesOf(f);
    const word = (value: bigint | number) => toBeHex(value, 32);
    const answer = (change: Partial<Record<number, bigint>>, cut = 0) => {
      const words = [0x20n, 0x60n, 0x100n, 1n, 4n, ...mid, 4n, ...half].map((value, i) => word(change[i] ?? value));
      return concat(words).slice(0, 2 + 2 * (32 * words.length - cut));
    };
    /** Code that returns these bytes whatever it is asked: they stand behind twelve bytes of code. */
    const returning = (data: string) => {
      const size = toBeHex((data.length - 2) / 2, 2).slice(2);
      return `0x61${size}600d5f3961${size}5ff3fe${data.slice(2)}`;
    };
    const preview = () => f.vault.previewDepositBasket([f.world.tokens.USDC], [usdc(1)]);
    const oracle = f.oracles.priceOracle;
    const put = (data: string) => f.world.networkHelpers.setCode(oracle, returning(data));
    const expected = await preview();
    await put(answer({}));
    expect(await preview()).to.equal(expected);
    const wrong = { 0: 0x40n, 1: 0x80n, 2: 0xe0n, 3: 2n, 4: 3n, 9: 5n };
    for (const [at, value] of Object.entries(wrong)) {
      await put(answer({ [Number(at)]: value }));
      await expect(preview(), at).to.be.revertedWithCustomError(f.vault, "Malformed").withArgs(oracle);
    }
    for (const data of [answer({}, 1), answer({}, 32), `${answer({})}${ZeroHash.slice(2)}`, "0x"]) {
      await put(data);
      await expect(preview()).to.be.revertedWithCustomError(f.vault, "Malformed");
    }
    await f.world.networkHelpers.setCode(oracle, "0x60015f5260205ffd");
    await expect(preview()).to.be.revert(f.world.ethers);
  });
});

describe("the value of a vault with positions", () => {
  for (const asset of ["USDC", "ALT", "ETH"] as const) {
    it(`is none, and not that at a price of zero, where the feed of ${asset} does not answer`, async () => {
      const f = await withPositions();
      await hedgedPosition(f);
      const good = await f.vault.nav();
      expect(good.mid).to.be.greaterThan(wad(140_000));
      expect(good.ok).to.equal(true);
      await f.world.networkHelpers.setCode(await f.world.feeds[asset].proxy.getAddress(), REVERT);
      expect([...(await f.vault.nav())]).to.deep.equal([0n, 0n, false]);
      await expect(enter(f, "USDC", usdc(1))).to.be.revertedWithCustomError(f.vault, "BadPrice");
    });
  }
});
