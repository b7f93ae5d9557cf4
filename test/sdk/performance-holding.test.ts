import {
  type AccountMark,
  formatTable,
  holdingTable,
  readHolding,
  readStatement,
  type Statement,
  statementTable,
  toCsv,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { type Eventful, eventful } from "./eventful.js";
import { event, FRIEND, HOLDER, holdersStatement, mark, TOKEN } from "./invented-history.js";
import { expectCode, expectRejection } from "./support.js";

const ONE = 10n ** 18n;

const sum = (values: readonly (bigint | null)[]): bigint =>
  values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n);

/** What was made by the prices, all told: closing worth and all that came out, less opening worth and all that went in. */
function expectProfitToAddUp({ lines, opening, closing, deposited, received, realised, unrealised }: Statement): void {
  const [into, out] = ["transferIn", "transferOut"].map((kind) =>
    sum(lines.filter((line) => line.kind === kind).map(({ cost }) => cost)),
  );
  const gained = (closing.usd?.mid ?? 0n) + received - opening.cost - deposited - into! - out!;
  expect(realised + (unrealised ?? 0n)).to.equal(gained);
}

describe("sdk: holdings", () => {
  describe("a statement", () => {
    // 100 shares for $100, 100 more for $200, half of all given away, 50 filled at $3, the rest leaves in kind for $190.
    const deposit = (amount: bigint) => ({
      sender: HOLDER,
      receiver: HOLDER,
      tokens: [TOKEN],
      amounts: [amount],
      shares: 100n * ONE,
    });
    const events = [
      event(10, "BasketDeposit", deposit(100_000_000n)),
      event(20, "BasketDeposit", deposit(200_000_000n)),
      event(30, "Transfer", { from: HOLDER, to: FRIEND, value: 100n * ONE }),
      event(40, "RedeemRequest", {
        controller: HOLDER,
        owner: HOLDER,
        requestId: 0n,
        sender: HOLDER,
        shares: 50n * ONE,
      }),
      event(50, "Settled", { shares: 50n * ONE }),
      event(60, "Withdraw", {
        sender: HOLDER,
        receiver: FRIEND,
        owner: HOLDER,
        assets: 150_000_000n,
        shares: 50n * ONE,
      }),
      event(70, "ExitInKind", { owner: HOLDER, receiver: HOLDER, shares: 50n * ONE, amounts: [190_000_000n] }),
    ];
    const filled = { balance: 50n * ONE, claimable: 50n * ONE, claimableAssets: 150_000_000n };
    const marks = [
      mark(1),
      mark(10, { balance: 100n * ONE }),
      mark(20, { balance: 200n * ONE }, 2n),
      mark(30, { balance: 100n * ONE }, 2n),
      mark(40, { balance: 50n * ONE, pending: 50n * ONE }, 3n),
      mark(49, { balance: 50n * ONE, pending: 50n * ONE }, 3n),
      mark(50, filled, 3n),
      mark(60, { balance: 50n * ONE }, 3n),
      mark(70, {}, 4n),
    ];

    it("has the average cost of a worked example", () => {
      const told = holdersStatement(marks, events);
      const figures = told.lines.map(({ kind, change, usd, cost, realised, costAfter }) => [
        ...[kind, change / ONE],
        ...[usd, cost, realised, costAfter].map((figure) => (figure ?? 0n) / ONE),
      ]);
      expect(figures).to.deep.equal([
        ["deposit", 100n, 100n, 100n, 0n, 100n],
        ["deposit", 100n, 200n, 200n, 0n, 300n],
        ["transferOut", -100n, 200n, -150n, 0n, 150n],
        ["request", 0n, 150n, 0n, 0n, 150n],
        ["fill", -50n, 150n, -75n, 75n, 75n],
        ["claim", 0n, 150n, 0n, 0n, 75n],
        ["exit", -50n, 190n, -75n, 115n, 0n],
      ]);
      expect([told.deposited, told.received, told.realised, told.unrealised]).to.deep.equal(
        [300n, 340n, 190n, 0n].map((usd) => usd * ONE),
      );
      expect([told.sharesLost, told.unpriced, told.openingCostFrom]).to.deep.equal([0n, 0, "market"]);
      expect(told.lines.map(({ counterparty }) => counterparty)).to.deep.equal([
        null,
        null,
        FRIEND,
        null,
        null,
        FRIEND,
        null,
      ]);
      expectProfitToAddUp(told);
    });

    it("begins with the cost that is given, or the market's", () => {
      const later = marks.slice(2, 4);
      expect(holdersStatement(later, events).opening.cost).to.equal(400n * ONE);
      const given = holdersStatement(later, events, 300n * ONE);
      expect([given.opening.cost, given.closing.cost, given.openingCostFrom]).to.deep.equal([
        300n * ONE,
        150n * ONE,
        "given",
      ]);
      expect(given.unrealised).to.equal(50n * ONE);
      const bad = later.map((one) => ({ ...one, nav: { ...one.nav, ok: false } }));
      expectCode(() => holdersStatement(bad, events), "NOT_ENOUGH_DATA");
      const blind = holdersStatement(bad, events, 300n * ONE);
      expect([blind.unrealised, blind.unpriced, blind.closing.cost]).to.deep.equal([null, 1, 150n * ONE]);
      expectCode(() => holdersStatement(marks.slice(2, 3), events), "BAD_ARGUMENT");
      expectCode(() => holdersStatement([marks[0]!, marks[8]!], events), "BAD_ARGUMENT", /not read at block/);
    });

    it("takes what ERC-4626's mint burns at once out of the deposit, and fee shares in at no cost", () => {
      const minted = (from: string, to: string, value: bigint, logIndex: number) => ({
        ...event(10, "Transfer", { from, to, value }),
        logIndex,
      });
      const own = [
        events[0]!,
        minted(ZeroAddress, HOLDER, 100n * ONE, 1),
        minted(HOLDER, ZeroAddress, 7n, 2),
        event(20, "FeesAccrued", { recipient: HOLDER, managementShares: ONE, performanceShares: 0n }),
        event(30, "FeesAccrued", { recipient: FRIEND, managementShares: 10n * ONE, performanceShares: 0n }),
      ];
      const held = [mark(1), ...[10, 20, 30].map((block) => mark(block, { balance: 101n * ONE - 7n }))];
      const { lines, sharesLost, feesDiluted } = holdersStatement(held, own);
      expect(lines.map(({ kind, change, cost }) => [kind, change, cost])).to.deep.equal([
        ["deposit", 100n * ONE - 7n, 100n * ONE],
        ["feeShares", ONE, 0n],
        ["fee", 0n, 0n],
      ]);
      expect(sharesLost).to.equal(0n);
      // 10 of 1,000 shares worth $1 are new: the others' had been worth 1,000/990.
      expect(feesDiluted).to.equal(((101n * ONE - 7n) * 10n) / 990n);
    });
  });

  describe("in a vault", () => {
    let e: Eventful;
    before(async () => {
      e = await eventful();
    });

    it("are worth their part of the NAV and the claim, and what leaving in kind pays", async () => {
      const { vault, f, blocks } = e;
      const { bob } = f.world.signers;
      const holding = await readHolding(vault, bob.address);
      expect(holding.block.number).to.equal(blocks.end);
      expect(holding.balance).to.equal(await f.vault.balanceOf(bob));
      expect(holding.pending).to.equal(await f.vault.pendingRedeemRequest(0, bob));
      expect(holding.pending > 0n).to.equal(true);
      const [mid, half] = await f.vault.nav();
      const supply = await f.vault.supplyWithFees();
      const shares = holding.balance + holding.pending;
      expect(holding.usd).to.deep.equal({ mid: (shares * mid) / supply, low: (shares * (mid - half)) / supply });
      const none = (await f.vault.assets()).map(() => 0n);
      const paid = await f.vault.connect(bob).exitInKind.staticCall(shares, bob, bob, none, [], 2n ** 63n);
      expect(Object.values(holding.inKind?.amounts ?? {})).to.deep.equal([...paid]);
      const worth = holding.inKind?.usd ?? 0n;
      const { mid: atNav } = holding.usd!;
      expect(worth * 100n > atNav * 97n && worth * 100n < atNav * 103n, `${worth} of ${atNav}`).to.equal(true);
      expect(formatTable(holdingTable(holding))).to.match(/waiting in the queue +200\.0000/);
    });

    it("are none, or of the past, and a broken address is refused", async () => {
      const { vault, f, blocks } = e;
      const { alice, feedOwner } = f.world.signers;
      const none = await readHolding(vault, feedOwner.address);
      expect([none.usd, none.inKind, none.inKindError]).to.deep.equal([{ mid: 0n, low: 0n }, null, null]);
      const past = await readHolding(vault, alice.address, blocks.busy);
      expect(past.balance).to.equal(await f.vault.balanceOf(alice, { blockTag: blocks.busy }));
      await expectRejection(readHolding(vault, "0x12"), "BAD_ARGUMENT", /account/);
    });

    it("have a statement that adds up, with the queue's fill and a claim", async () => {
      const { vault, f, blocks } = e;
      const { bob, stranger } = f.world.signers;
      const period = { from: blocks.busy, to: blocks.end };
      const seen: AccountMark[] = [];
      const statement = await readStatement(vault, bob.address, {
        ...period,
        onProgress: ({ state }) => state && seen.push(state),
      });
      const again = await readStatement(vault, bob.address, { ...period, known: seen.slice(1), maxSamples: 1 });
      expect(again).to.deep.equal(statement);
      const kinds = statement.lines.map(({ kind }) => kind).filter((kind) => kind !== "fee");
      expect(kinds).to.deep.equal(["deposit", "transferOut", "request", "fill", "claim", "request", "cancel"]);
      expect(statement.sharesLost <= 0n && statement.sharesLost > -3n).to.equal(true);
      const [deposit, transfer] = statement.lines.filter(({ kind }) => kind !== "fee");
      // 4,000 USDC, and 100 ALT at what they were worth.
      const alt = (await f.vault.portfolio({ blockTag: deposit!.blockNumber }))[1].mid[1] as bigint;
      expect(deposit!.usd).to.equal(4_000n * ONE + 100n * alt);
      expect([transfer!.counterparty, transfer!.shares]).to.deep.equal([stranger.address, 500n * ONE]);
      const claim = statement.lines.find(({ kind }) => kind === "claim");
      const [withdrawn] = await f.vault.queryFilter(f.vault.filters.Withdraw, blocks.busy, blocks.end);
      expect(Object.values(claim?.tokens ?? {})).to.deep.equal([withdrawn?.args.assets]);
      expect(statement.received).to.equal((withdrawn?.args.assets ?? 0n) * 10n ** 12n);
      expect(statement.feesDiluted > 0n).to.equal(true);
      expectProfitToAddUp(statement);
      const csv = toCsv(statementTable(statement, vault.layout)).trimEnd().split("\r\n");
      expect(csv).to.have.length(statement.lines.length + 3);
      expect(csv[0]).to.match(/^block,time_UTC,kind,shares,change_shares,amount_USDC,amount_ALT,worth_USD/);
      await expectRejection(readStatement(vault, bob.address, { from: 5, to: 5 }), "BAD_ARGUMENT");
    });

    it("have a statement of an exit in kind", async () => {
      const { vault, f, blocks } = e;
      const { alice } = f.world.signers;
      const statement = await readStatement(vault, alice.address, { from: blocks.start, to: blocks.end });
      const exit = statement.lines.find(({ kind }) => kind === "exit");
      expect(exit?.change).to.equal(-20_000n * ONE);
      expect(statement.sharesLost).to.equal(0n);
      expect(exit?.realised).to.equal((exit?.usd ?? 0n) + (exit?.cost ?? 0n));
      expectProfitToAddUp(statement);
    });
  });
});
