import {
  type ProfitSample,
  readHolding,
  readYield,
  type SharePricePoint,
  sharePricesOfEvents,
  splitProfit,
  type VaultActs,
  worthOf,
  yieldOf,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { type Eventful, eventful } from "./eventful.js";
import { event, FRIEND, HOLDER, holdersStatement, mark } from "./invented-history.js";

const ONE = 10n ** 18n;

describe("sdk: worked examples of reports", () => {
  it("a claim in the block of its fill is a fill too", () => {
    const claim = { sender: HOLDER, receiver: HOLDER, owner: HOLDER, assets: 50_000_000n, shares: 50n * ONE };
    const { lines, sharesLost } = holdersStatement(
      [mark(1, { pending: 50n * ONE }), mark(49, { pending: 50n * ONE }), mark(50)],
      [event(50, "Settled", { shares: 50n * ONE }), event(50, "Withdraw", claim)],
    );
    expect(lines.map(({ kind, change, usd }) => [kind, change, usd])).to.deep.equal([
      ["fill", -50n * ONE, 50n * ONE],
      ["claim", 0n, 50n * ONE],
    ]);
    expect(sharesLost).to.equal(0n);
  });

  it("shares that are asked for, or taken back, for another account change hands", () => {
    const shares = 10n * ONE;
    const { lines, sharesLost } = holdersStatement(
      [mark(1, { balance: 10n * ONE, pending: 10n * ONE }), ...[10, 20, 30, 40].map((block) => mark(block)), mark(50)],
      [
        event(10, "RedeemRequestCancelled", { controller: HOLDER, receiver: FRIEND, shares }),
        event(20, "RedeemRequest", { controller: FRIEND, owner: HOLDER, shares }),
        event(30, "RedeemRequestCancelled", { controller: FRIEND, receiver: HOLDER, shares }),
        event(40, "RedeemRequest", { controller: HOLDER, owner: FRIEND, shares: 2n * shares }),
      ],
    );
    expect(lines.map(({ kind, change, counterparty }) => [kind, change / ONE, counterparty])).to.deep.equal([
      ["transferOut", -10n, FRIEND],
      ["transferOut", -10n, FRIEND],
      ["transferIn", 10n, FRIEND],
      ["transferIn", 20n, FRIEND],
    ]);
    // 30 that the lines lead to, none at the end.
    expect(sharesLost).to.equal(-30n * ONE);
  });

  it("a share price by events is that of the supply at the event, and fees are told apart", () => {
    const supply = 100n * ONE;
    const events = [
      event(5, "Transfer", { from: ZeroAddress, to: HOLDER, value: supply }),
      event(6, "Rebalanced", { outcome: { navAfter: 110n * ONE } }),
    ];
    const [point] = sharePricesOfEvents(events);
    expect([point?.totalSupply, point?.sharePrice?.mid]).to.deep.equal([supply, (11n * ONE) / 10n]);

    const at = (blockNumber: number, minted: bigint, withFees: bigint): SharePricePoint => ({
      ...{ blockNumber, timestamp: blockNumber * 1_000, source: "state", nav: { mid: supply, half: 0n } },
      ...{ totalSupply: minted, supplyWithFees: withFees, sharePrice: { mid: ONE, low: ONE, high: ONE } },
    });
    const fees = event(10, "FeesAccrued", { managementShares: 2n * ONE, performanceShares: 5n * ONE });
    const [from, to] = [at(9, supply, supply), at(11, 107n * ONE, 107n * ONE)];
    const { managementFee, performanceFee } = yieldOf(from, to, [fees]);
    expect([managementFee, performanceFee]).to.deep.equal([ONE / 50n, ONE / 20n]);
    // What was due before the period is none of it, and no event of its first block is.
    const due = yieldOf(at(10, supply, 101n * ONE), at(11, supply, 101n * ONE), [fees]);
    expect([due.managementFee, due.performanceFee]).to.deep.equal([0n, 0n]);
    // Nor is it a gain that shares came in, which pay for what is due as all others do.
    const came = event(10, "Transfer", { from: ZeroAddress, to: FRIEND, value: 101n * ONE });
    const paid = event(10, "FeesAccrued", { managementShares: ONE, performanceShares: 0n });
    const fee = event(10, "Transfer", { from: ZeroAddress, to: HOLDER, value: ONE });
    const after = at(11, 202n * ONE, 202n * ONE);
    for (const events of [[came], [came, paid, fee], [paid, fee, came]]) {
      const end = events.length === 1 ? at(11, 201n * ONE, 202n * ONE) : after;
      const { managementFee: charged, gross } = yieldOf(at(9, supply, 101n * ONE), end, events);
      expect([charged, gross.total].map((one) => (one < 0n ? -one : one) < 10n)).to.deep.equal([true, true]);
    }
  });

  describe("of a vault", () => {
    let e: Eventful;
    before(async () => {
      e = await eventful();
    });

    it("fees dilute by the shares that were minted for them", async () => {
      const { quiet: from, end: to } = e.blocks;
      const { performanceFee } = await readYield(e.vault, { from, to });
      let expected = 1;
      for (const { args, blockNumber } of await e.f.vault.queryFilter(e.f.vault.filters.FeesAccrued, from + 1, to)) {
        const supply = await e.f.vault.totalSupply({ blockTag: blockNumber - 1 });
        expected *= 1 + Number(args.performanceShares) / Number(supply);
      }
      expect(expected > 1.001 && Math.abs(Number(performanceFee) / 1e18 + 1 - expected) < 1e-6).to.equal(true);
    });

    it("a holding counts what waits, and what can be claimed", async () => {
      const { bob } = e.f.world.signers;
      const [claim] = await e.f.vault.queryFilter(e.f.vault.filters.Withdraw, e.blocks.busy, e.blocks.end);
      const blockTag = (claim?.blockNumber ?? 0) - 1;
      const holding = await readHolding(e.vault, bob.address, blockTag);
      expect([holding.claimableAssets, holding.claimableUsd]).to.deep.equal([
        claim?.args.assets,
        (claim?.args.assets ?? 0n) * 10n ** 12n,
      ]);
      const [[mid], supply] = await Promise.all([e.f.vault.nav({ blockTag }), e.f.vault.supplyWithFees({ blockTag })]);
      const shares = await e.f.vault.balanceOf(bob, { blockTag });
      expect(holding.usd?.mid).to.equal((shares * mid) / supply + (holding.claimableUsd ?? 0n));
      const now = await readHolding(e.vault, bob.address);
      expect(now.pending > 0n).to.equal(true);
      expect(now.ofSupply).to.equal(((now.balance + now.pending) * ONE) / (await e.f.vault.supplyWithFees()));
    });

    it("bounties, write-downs and penalties are losses, and explain all of it", async () => {
      const state = await e.vault.readState({ blockTag: e.blocks.busy });
      const own = worthOf(state);
      const hedge = state.legs.find(({ kind }) => kind === "hedge");
      const settlement = state.assets.findIndex(({ address }) => address === state.settlementToken);
      if (own === null || hedge?.kind !== "hedge") throw new TypeError("no prices, or no hedge");
      const [market] = hedge.positions;
      const before: ProfitSample = { state, own, earlier: own };
      const poorer = {
        ...own,
        legs: own.legs.map((leg) => (leg.address === hedge.address ? { ...leg, equity: leg.equity - 5n * ONE } : leg)),
      };
      const assets = state.assets.map((asset, k) =>
        k === settlement ? { ...asset, idle: asset.idle - 7_000_000n } : asset,
      );
      const block = { ...state.block, number: state.block.number + 1 };
      const after: ProfitSample = { state: { ...state, assets, block }, own: poorer, earlier: poorer };
      const vector = (amount: bigint) => state.assets.map((_, k) => (k === settlement ? amount : 0n));
      const trade = { leg: hedge.address, market: market?.market ?? "", assetIndex: market?.assetIndex ?? 0 };
      const acts: VaultActs = {
        ...{ deposited: vector(0n), exited: vector(0n), settled: vector(0n) },
        ...{ bounties: vector(4_000_000n), writtenDown: vector(3_000_000n) },
        ...{ liquidity: [], swaps: [], managementShares: 0n, performanceShares: 0n },
        trades: [{ ...trade, size: 0n, notional: 0n, fee: 0n, penalty: 5n * ONE }],
      };
      const { parts, profit } = splitProfit([before, after], [acts]);
      const { bounties, writtenDown, penalties, funding, unattributed } = parts;
      expect([bounties, writtenDown, penalties, funding, unattributed, profit]).to.deep.equal([
        ...[-4n * ONE, -3n * ONE, -5n * ONE, 0n, 0n],
        -12n * ONE,
      ]);
    });
  });
});
