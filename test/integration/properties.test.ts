import {
  Batch,
  CrosshedgeError,
  type CrosshedgeVault,
  type Prepared,
  prepareCancelRequest,
  prepareClaim,
  prepareDepositBasket,
  prepareExitInKind,
  prepareRequestRedeem,
  redemption,
  send as sendPrepared,
} from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { addPools } from "../../keeper/src/observe/pools.js";
import { openBook } from "../../keeper/src/plan/book.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import { fund, movePerp, movePool, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, refreshFeeds } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, wad } from "../support/orders.js";
import { marketsOf, perpOf, send } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const RUNS = 20;
const SEED = 4;
const WAD = 10n ** 18n;

type Signer = Fixture["world"]["signers"]["alice"];
type Who = "alice" | "bob";

/** What can happen to a vault between two looks at it. */
type Step =
  | { kind: "deposit"; who: Who; token: "USDC" | "ALT"; usd: number }
  | { kind: "request" | "redeem" | "exit"; who: Who; percent: number }
  | { kind: "cancel" | "claim"; who: Who }
  | { kind: "settle" }
  | { kind: "market"; asset: "ALT" | "ETH" | "BTC"; move: number }
  | { kind: "trade"; market: "ETH" | "BTC"; usd: number };

const who = fc.constantFrom<Who>("alice", "alice", "bob");
const kind = <K extends Step["kind"]>(...kinds: K[]) => fc.constantFrom(...kinds);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind("deposit"),
      who,
      token: fc.constantFrom<"USDC" | "ALT">("USDC", "ALT"),
      usd: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: kind("request", "redeem", "exit"), who, percent: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind("cancel", "cancel", "claim"), who }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("settle") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind("market"),
      asset: fc.constantFrom<"ALT" | "ETH" | "BTC">("ALT", "ETH", "BTC"),
      move: fc.integer({ min: -4, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind("trade"),
      market: fc.constantFrom<"ETH" | "BTC">("ETH", "BTC"),
      usd: fc.integer({ min: -3_000, max: 3_000 }).filter((usd) => usd !== 0),
    }),
  },
);

/** What a holder has by his own book. */
interface Account {
  balance: bigint;
  /** Asked to be redeemed, neither taken back nor claimed. */
  queued: bigint;
}

/** One vault, and what each holder believes that he has. */
class Case {
  readonly accounts: Record<Who, Account> = { alice: { balance: 0n, queued: 0n }, bob: { balance: 0n, queued: 0n } };
  readonly prices = { ...START };

  constructor(
    readonly f: Fixture,
    readonly sdk: CrosshedgeVault,
  ) {}

  signer(holder: Who): Signer {
    return this.f.world.signers[holder];
  }

  /** A look and then the deed, at one and the same time: the NAV and fees move by the second. */
  async foreseen<P, R extends object>(holder: Who, prepare: () => Promise<Prepared<P, R>>): Promise<[P, R]> {
    const { time, mine, takeSnapshot } = this.f.world.networkHelpers;
    const at = (await time.latest()) + 5;
    const snapshot = await takeSnapshot();
    await time.setNextBlockTimestamp(at);
    await mine();
    const prepared = await prepare();
    await snapshot.restore();
    await time.setNextBlockTimestamp(at);
    return [prepared.preview, await sendPrepared(prepared, this.signer(holder))];
  }

  async take(next: Step): Promise<boolean> {
    switch (next.kind) {
      case "deposit":
        return this.deposit(next.who, next.token, next.usd);
      case "request":
        return this.request(next.who, next.percent);
      case "redeem":
        return (await this.request(next.who, next.percent)) && (await this.settle()) && (await this.claim(next.who));
      case "exit":
        return this.exit(next.who, next.percent);
      case "cancel":
        return this.cancel(next.who);
      case "claim":
        return this.claim(next.who);
      case "settle":
        return this.settle();
      case "market":
        return this.market(next.asset, next.move);
      case "trade":
        return this.trade(next.market, next.usd);
    }
  }

  async deposit(holder: Who, symbol: "USDC" | "ALT", usd: number): Promise<boolean> {
    const token = this.f.world.tokens[symbol];
    const amount = symbol === "USDC" ? BigInt(usd) * 10n ** 6n : (BigInt(usd) * WAD) / 10n;
    await fund(this.f.world, this.signer(holder).address, { [symbol]: amount });
    await token.connect(this.signer(holder)).approve(this.f.vault, amount);
    const amounts = { [await token.getAddress()]: amount };
    const terms = { account: this.signer(holder).address, amounts, slippage: WAD / 10n };
    const prepare = () => prepareDepositBasket(this.sdk, terms);
    const refused = (error: unknown) =>
      CrosshedgeError.is(error, "DEPOSIT_WINDOW") || CrosshedgeError.is(error, "CONTRACT_ERROR");
    if (await prepare().then(() => false, refused)) return false;
    const [preview, { shares }] = await this.foreseen(holder, prepare);
    expect(shares).to.equal(preview.shares);
    this.accounts[holder].balance += shares;
    return true;
  }

  async request(holder: Who, percent: number): Promise<boolean> {
    const shares = (this.accounts[holder].balance * BigInt(percent)) / 100n;
    if (shares === 0n) return false;
    const signer = this.signer(holder);
    await sendPrepared(await prepareRequestRedeem(this.sdk, { account: signer.address, shares }), signer);
    this.accounts[holder].balance -= shares;
    this.accounts[holder].queued += shares;
    return true;
  }

  async exit(holder: Who, percent: number): Promise<boolean> {
    const shares = (this.accounts[holder].balance * BigInt(percent)) / 100n;
    if (shares === 0n) return false;
    const terms = { account: this.signer(holder).address, shares, slippage: WAD / 10n };
    const [preview, { amounts }] = await this.foreseen(holder, () => prepareExitInKind(this.sdk, terms));
    expect(amounts).to.deep.equal(preview.amounts);
    this.accounts[holder].balance -= shares;
    return true;
  }

  async cancel(holder: Who): Promise<boolean> {
    const signer = this.signer(holder);
    const { pending } = await redemption(this.sdk, signer.address);
    if (pending === 0n) return false;
    const { shares } = await sendPrepared(await prepareCancelRequest(this.sdk, { account: signer.address }), signer);
    expect(shares).to.equal(pending);
    this.accounts[holder].balance += shares;
    this.accounts[holder].queued -= shares;
    return true;
  }

  async claim(holder: Who): Promise<boolean> {
    const signer = this.signer(holder);
    const { claimable, claimableAssets } = await redemption(this.sdk, signer.address);
    if (claimable === 0n) return false;
    const before = await this.f.world.tokens.USDC.balanceOf(signer);
    const sent = await sendPrepared(await prepareClaim(this.sdk, { account: signer.address }), signer);
    expect([sent.shares, sent.assets]).to.deep.equal([claimable, claimableAssets]);
    expect((await this.f.world.tokens.USDC.balanceOf(signer)) - before).to.equal(claimableAssets);
    this.accounts[holder].queued -= claimable;
    return true;
  }

  async settle(): Promise<boolean> {
    await this.f.world.networkHelpers.time.increase(60);
    await refreshFeeds(this.f);
    await this.f.vault.connect(this.f.world.signers.keeper).settle();
    return true;
  }

  async market(asset: "ALT" | "ETH" | "BTC", move: number): Promise<boolean> {
    this.prices[asset] *= 1 + move / 100;
    await this.f.world.networkHelpers.time.increase(901);
    await refreshFeeds(this.f);
    await setFeed(this.f.world, asset, this.prices[asset]);
    if (asset === "ALT") await movePool(this.f.world, "altUsdc", this.prices.ALT);
    else await movePerp(this.f.world, asset, this.prices[asset]);
    // The pool's average is of a quarter of an hour.
    await this.f.world.networkHelpers.time.increase(901);
    await refreshFeeds(this.f);
    return true;
  }

  async trade(market: "ETH" | "BTC", usd: number): Promise<boolean> {
    const size = (wad(usd) * 10n ** 6n) / BigInt(Math.round(this.prices[market] * 1e6));
    try {
      await send(this.f, [orders.size(perpOf(this.f), marketsOf(this.f)[market].base, size)]);
      return true;
    } catch {
      return false;
    }
  }

  /** What SDK and keeper make of a block is what the contracts say at it. */
  async check(): Promise<void> {
    const state = await this.sdk.readState();
    const batch = new Batch({
      provider: this.f.world.ethers.provider,
      multicall: await this.f.world.multicall.getAddress(),
      blockNumber: state.block.number,
    });
    const pools = addPools(batch, state);
    await batch.send();
    const measured = measureBook(openBook({ state, pools: pools() }));
    const [held] = await this.f.vault.portfolio({ blockTag: state.block.number });
    near(measured.nav, held.nav);
    measured.exposure.forEach((usd, i) => void near(usd, held.exposure[i] as bigint));
    measured.hedgeExposure.forEach((usd, i) => void near(usd, held.hedgeExposure[i] as bigint));
    expect(measured.gammas.length).to.equal(held.gammas.length);
    for (const [i, { c }] of measured.gammas.entries()) near(c, (held.gammas[i] as { c: bigint }).c);
    await this.checkHolders();
  }

  async checkHolders(): Promise<void> {
    for (const holder of ["alice", "bob"] as const) {
      const { balance, queued } = this.accounts[holder];
      expect(await this.f.vault.balanceOf(this.signer(holder))).to.equal(balance);
      const { pending, claimable } = await redemption(this.sdk, this.signer(holder).address);
      // Each touch of a position rounds by less than a unit.
      expect(queued - pending - claimable >= 0n && queued - pending - claimable <= 10n, `${holder} waits`).to.equal(
        true,
      );
    }
  }
}

/** The same to a millionth of a dollar: TypeScript and Solidity round in other places. */
function near(a: bigint, b: bigint): void {
  const apart = a > b ? a - b : b - a;
  expect(apart < 10n ** 12n, `${a} is not near ${b}`).to.equal(true);
}

async function hedged() {
  const f = await vaultWithHistory();
  const { shares } = await hedgedPosition(f);
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
  return { ...f, shares, sdk: await connect(f) };
}

const fixture = reusable(hedged);

describe("properties over TypeScript and chain", () => {
  it("previews equal execution, the keeper's figures the chain's, and holders have what they believe", async function () {
    this.timeout(10 * 60_000);
    const taken: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 9 }), async (steps) => {
        const f = await fixture();
        const one = new Case(f, f.sdk);
        one.accounts.alice.balance = f.shares;
        for (const next of steps) {
          if (await one.take(next)) taken[next.kind] = (taken[next.kind] ?? 0) + 1;
          await one.check();
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    const all = ["deposit", "request", "redeem", "exit", "cancel", "settle", "market", "trade"];
    expect(
      all.filter((kind) => (taken[kind] ?? 0) < 2),
      JSON.stringify(taken),
    ).to.deep.equal([]);
  });
});
