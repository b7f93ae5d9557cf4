import { expect } from "chai";
import type { PriceOracle } from "../../sdk/src/generated/index.js";
import {
  answer,
  assetAddress,
  type Chain,
  deployAuthority,
  deployFeed,
  type Feed,
  openChain,
  openRound,
  ROUND_TIMEOUT,
} from "./support/feeds.js";

const START = 1_704_067_200;
const ZERO = "0x0000000000000000000000000000000000000000";
const WAD = 10n ** 18n;
const ASSET = assetAddress(1);
const STABLE = assetAddress(2);
const HEARTBEAT = 3_600;

describe("PriceOracle on real aggregators", () => {
  let chain: Chain;
  let feed: Feed;
  let stable: Feed;
  let oracle: PriceOracle;

  const deploy = (sequencer: { feed: string; grace: number }, authority: string) =>
    chain.ethers.deployContract("PriceOracle", [
      authority,
      sequencer,
      [ASSET, STABLE],
      [
        { feed: feed.address, heartbeat: HEARTBEAT, deviation: WAD / 200n, stableBand: 0n },
        { feed: stable.address, heartbeat: 86_400, deviation: WAD / 400n, stableBand: WAD / 50n },
      ],
    ]) as unknown as Promise<PriceOracle>;

  beforeEach(async () => {
    chain = await openChain(START);
    feed = await deployFeed(chain);
    stable = await deployFeed(chain);
    oracle = await deploy({ feed: ZERO, grace: 0 }, chain.signer.address);
    await answer(chain, feed, 2_300_12345678n, START + 1_000);
    await answer(chain, stable, 99_990_000n, START + 1_001);
  });

  const priceOf = async (asset: string) => {
    const [mid, half, ok] = await oracle.price(asset);
    return { mid, half, ok };
  };

  it("gives the answer at 1e18 with the threshold as its band", async () => {
    expect(await priceOf(ASSET)).to.deep.equal({
      mid: 2_300_12345678n * 10n ** 10n,
      half: (2_300_12345678n * 10n ** 10n) / 200n,
      ok: true,
    });
    const prices = await oracle.snapshot([STABLE, ASSET]);
    expect(prices.ok).to.equal(true);
    expect(prices.mid).to.deep.equal([99_990_000n * 10n ** 10n, 2_300_12345678n * 10n ** 10n]);
  });

  it("refuses a snapshot of more assets than it can be asked for one by one", async () => {
    const many = (count: number) => Array.from({ length: count }, () => STABLE);
    expect((await oracle.snapshot(many(256))).mid.at(-1)).to.equal(999_900_000_000_000_000n);
    await expect(oracle.snapshot(many(257)))
      .to.be.revertedWithCustomError(oracle, "TooManyAssets")
      .withArgs(257n, 256n);
  });

  it("gives some of a set where no more are asked for, whatever is wrong with the others", async () => {
    const all = [STABLE, ASSET, assetAddress(9)];
    const { mid, half } = await oracle.snapshot(all.slice(0, 2));
    const rows = [
      { which: 0n, ok: true, mids: [0n, 0n, 0n], halves: [0n, 0n, 0n] },
      { which: 1n, ok: true, mids: [mid[0], 0n, 0n], halves: [half[0], 0n, 0n] },
      { which: 2n, ok: true, mids: [0n, mid[1], 0n], halves: [0n, half[1], 0n] },
      { which: 3n, ok: true, mids: [...mid, 0n], halves: [...half, 0n] },
      { which: 6n, ok: false, mids: [0n, mid[1], 0n], halves: [0n, half[1], 0n] },
      { which: 2n ** 256n - 1n, ok: false, mids: [...mid, 0n], halves: [...half, 0n] },
    ];
    for (const { which, ok, mids, halves } of rows) {
      const some = await oracle.snapshotOf(all, which);
      expect(some.ok, String(which)).to.equal(ok);
      expect(some.mid).to.deep.equal(mids);
      expect(some.half).to.deep.equal(halves);
    }
  });

  describe("a bad price has ok = false and reverts nothing", () => {
    const rows: Record<string, { act: () => Promise<unknown>; asset?: string; keepsMid: boolean }> = {
      "older than its heartbeat": { act: () => chain.warp(START + 1_000 + HEARTBEAT + 1), keepsMid: true },
      "answer zero": { act: () => answer(chain, feed, 0n), keepsMid: false },
      "answer negative": { act: () => answer(chain, feed, -1n), keepsMid: false },
      "answer beyond 128 bits": { act: () => answer(chain, feed, 2n ** 128n), keepsMid: false },
      "stable above its band": { act: () => answer(chain, stable, 102_000_001n), asset: STABLE, keepsMid: true },
      "stable below its band": { act: () => answer(chain, stable, 97_999_999n), asset: STABLE, keepsMid: true },
      "unknown asset": { act: async () => undefined, asset: assetAddress(9), keepsMid: false },
      "proxy without code": { act: () => setCode(feed.address, "0x"), keepsMid: false },
      "proxy that burns its gas": { act: () => setCode(feed.address, "0xfe"), keepsMid: false },
      "aggregator without code": { act: async () => setCode(await feed.flux.getAddress(), "0x"), keepsMid: false },
      "proxy that refuses readers": {
        act: async () => feed.proxy.setController(await stable.flux.getAddress()),
        keepsMid: false,
      },
      "new aggregator before its first answer": {
        act: async () => {
          const fresh = await deployFeed(chain);
          await feed.proxy.proposeAggregator(await fresh.flux.getAddress());
          await feed.proxy.confirmAggregator(await fresh.flux.getAddress());
        },
        keepsMid: false,
      },
    };
    // Five words: id, answer, startedAt, updatedAt, answeredInRound. What the published aggregators cannot be brought to report.
    const words: Record<string, [bigint, bigint, bigint, bigint, bigint]> = {
      "round not complete": [7n, 10n ** 8n, 1n, BigInt(START + 1_000), 6n],
      "never updated": [7n, 10n ** 8n, 0n, 0n, 7n],
      "from the future": [7n, 10n ** 8n, 1n, BigInt(START + 100_000), 7n],
      "round id beyond 80 bits": [2n ** 80n, 10n ** 8n, 1n, BigInt(START + 1_000), 2n ** 80n],
    };
    const setCode = (address: string, code: string) => chain.send("hardhat_setCode", [address, code]);

    for (const [name, row] of Object.entries(rows)) {
      it(name, async () => {
        const asset = row.asset ?? ASSET;
        const before = await priceOf(asset);
        await row.act();
        const after = await priceOf(asset);
        expect(after.ok).to.equal(false);
        expect(after.mid !== 0n).to.equal(row.keepsMid);
        expect(after.half !== 0n).to.equal(row.keepsMid);
        const other = asset === ASSET ? STABLE : ASSET;
        expect((await oracle.snapshot([asset])).ok).to.equal(false);
        expect((await oracle.snapshot([other, asset])).ok).to.equal(false);
        if (name.startsWith("older")) expect(after.mid).to.equal(before.mid);
      });
    }
    for (const [name, row] of Object.entries(words)) {
      it(name, async () => {
        await setCode(feed.address, returning(row));
        expect((await priceOf(ASSET)).ok).to.equal(false);
      });
    }
    it("four words instead of five", async () => {
      await setCode(feed.address, returning([7n, 10n ** 8n, 1n, BigInt(START + 1_000)]));
      expect(await priceOf(ASSET)).to.deep.equal({ mid: 0n, half: 0n, ok: false });
    });
    it("a feed that burns its gas leaves enough for the others", async () => {
      await setCode(feed.address, "0xfe");
      const { ok, mid } = await oracle.snapshot([ASSET, STABLE], { gasLimit: 700_000 });
      expect(ok).to.equal(false);
      expect(mid[1]).to.equal(99_990_000n * 10n ** 10n);
    });
    it("the same words, in order, are a good price", async () => {
      await setCode(feed.address, returning([7n, 10n ** 8n, 1n, BigInt(START + 1_000), 7n]));
      expect((await priceOf(ASSET)).ok).to.equal(true);
    });
    it("a round that is open and unanswered leaves the last price", async () => {
      await openRound(chain, feed, START + 1_100);
      await chain.warp(START + 1_100 + ROUND_TIMEOUT + 1);
      expect((await priceOf(ASSET)).ok).to.equal(true);
    });
  });

  it("says when the round was published that it reads, good or bad, and zero where none can be read", async () => {
    expect(await oracle.updatedAt(ASSET)).to.equal(START + 1_000);
    expect(await oracle.updatedAt(STABLE)).to.equal(START + 1_001);
    await answer(chain, stable, 80_000_000n, START + 1_100);
    expect((await priceOf(STABLE)).ok).to.equal(false);
    expect(await oracle.updatedAt(STABLE)).to.equal(START + 1_100);
    await chain.warp(START + 1_000 + 2 * HEARTBEAT);
    expect(await oracle.updatedAt(ASSET)).to.equal(START + 1_000);
    expect(await oracle.updatedAt(assetAddress(9))).to.equal(0n);
    await chain.send("hardhat_setCode", [feed.address, "0xfe"]);
    expect(await oracle.updatedAt(ASSET)).to.equal(0n);
  });

  it("refuses a call with too little gas, which must not pass for a bad price", async () => {
    await expect(oracle.price(ASSET, { gasLimit: 120_000 })).to.be.revertedWithCustomError(oracle, "NotEnoughGas");
    expect((await oracle.price(ASSET, { gasLimit: 220_000 }))[2]).to.equal(true);
  });

  describe("sequencer", () => {
    it("makes prices bad while it is down and for the grace period after", async () => {
      const uptime = await deployFeed(chain, 0);
      oracle = await deploy({ feed: uptime.address, grace: 1_800 }, chain.signer.address);
      expect((await priceOf(ASSET)).ok, "no word from the feed").to.equal(false);
      await answer(chain, uptime, 1n, START + 1_100);
      await answer(chain, feed, 2_300n * 10n ** 8n, START + 2_901);
      expect((await priceOf(ASSET)).ok, "down for longer than the grace period").to.equal(false);
      await answer(chain, uptime, 0n, START + 3_000);
      await answer(chain, feed, 2_300n * 10n ** 8n, START + 4_800);
      expect((await priceOf(ASSET)).ok, "grace").to.equal(false);
      expect((await oracle.snapshot([ASSET])).ok, "grace").to.equal(false);
      await chain.warp(START + 4_801);
      expect((await priceOf(ASSET)).ok, "up").to.equal(true);
      expect((await oracle.snapshot([ASSET])).ok, "up").to.equal(true);
    });
  });

  describe("setFeed", () => {
    const good = () => ({ feed: feed.address, heartbeat: HEARTBEAT, deviation: WAD / 100n, stableBand: 0n });

    it("belongs to the authority's role", async () => {
      const authority = await deployAuthority(chain);
      oracle = await deploy({ feed: ZERO, grace: 0 }, await authority.getAddress());
      const [, stranger] = await chain.ethers.getSigners();
      await expect(oracle.connect(stranger as never).setFeed(ASSET, good()))
        .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
        .withArgs(stranger?.address);
      await expect(oracle.setFeed(ASSET, good())).to.emit(oracle, "FeedSet");
      expect((await oracle.feedOf(ASSET)).deviation).to.equal(WAD / 100n);
    });

    it("checks what it is given", async () => {
      const authority = await deployAuthority(chain);
      oracle = await deploy({ feed: ZERO, grace: 0 }, await authority.getAddress());
      const many = await deployFeed(chain, 25);
      const rows: [object, string, unknown[]][] = [
        [{ feed: assetAddress(3) }, "NoCode", [assetAddress(3)]],
        [{ deviation: 0n }, "DeviationOutOfRange", [ASSET, 0n, WAD / 20n]],
        [{ deviation: WAD / 20n + 1n }, "DeviationOutOfRange", [ASSET, WAD / 20n + 1n, WAD / 20n]],
        [{ stableBand: WAD / 10n + 1n }, "StableBandTooWide", [ASSET, WAD / 10n + 1n, WAD / 10n]],
        [{ deviation: WAD / 100n + 1n }, "NotInSteps", [ASSET, WAD / 100n + 1n, 10n ** 9n]],
        [{ stableBand: WAD / 100n - 1n }, "NotInSteps", [ASSET, WAD / 100n - 1n, 10n ** 9n]],
        [{ heartbeat: 0 }, "HeartbeatOutOfRange", [ASSET, 0, 172_800]],
        [{ heartbeat: 172_801 }, "HeartbeatOutOfRange", [ASSET, 172_801, 172_800]],
        [{ feed: many.address }, "TooManyDecimals", [ASSET, 25, 24]],
      ];
      for (const [change, error, args] of rows) {
        await expect(oracle.setFeed(ASSET, { ...good(), ...change }), error)
          .to.be.revertedWithCustomError(oracle, error)
          .withArgs(...args.map((value) => (typeof value === "string" ? chain.ethers.getAddress(value) : value)));
      }
    });

    it("keeps the least and the most that it takes, to the unit", async () => {
      const authority = await deployAuthority(chain);
      oracle = await deploy({ feed: ZERO, grace: 0 }, await authority.getAddress());
      const rows = [
        { heartbeat: 1n, deviation: 10n ** 9n, stableBand: 0n },
        { heartbeat: 172_800n, deviation: WAD / 20n, stableBand: WAD / 10n },
        { heartbeat: 3_960n, deviation: 12_345_678n * 10n ** 9n, stableBand: 98_765_432n * 10n ** 9n },
      ];
      for (const row of rows) {
        await oracle.setFeed(ASSET, { feed: feed.address, ...row });
        const kept = await oracle.feedOf(ASSET);
        expect(kept.feed).to.equal(feed.address);
        expect({ heartbeat: kept.heartbeat, deviation: kept.deviation, stableBand: kept.stableBand }).to.deep.equal(
          row,
        );
      }
    });

    it("is refused at construction too", async () => {
      const factory = await chain.ethers.getContractFactory("PriceOracle");
      const none = { feed: ZERO, grace: 0 };
      await expect(factory.deploy(chain.signer.address, none, [ASSET], []))
        .to.be.revertedWithCustomError(oracle, "LengthMismatch")
        .withArgs(1, 0);
      await expect(factory.deploy(chain.signer.address, { feed: ASSET, grace: 0 }, [], []))
        .to.be.revertedWithCustomError(oracle, "NoCode")
        .withArgs(chain.ethers.getAddress(ASSET));
    });
  });
});

/** Code that answers every call with the given words. */
function returning(words: readonly bigint[]): string {
  const stores = words.map(
    (word, i) => `7f${word.toString(16).padStart(64, "0")}60${(32 * i).toString(16).padStart(2, "0")}52`,
  );
  return `0x${stores.join("")}60${(32 * words.length).toString(16)}6000f3`;
}
