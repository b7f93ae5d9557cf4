import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import { setFeed } from "../../scripts/devnet/world.js";
import { balancesOf, exitInKind, hedgedPosition, navPerShare, pricesOf, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";
import { closeMarket, movePrices, thinMargin } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
const DOCS = path.resolve(import.meta.dirname, "../../docs/exits.md");

/** Percent of the leaver's part of the perp account that he is paid, or the venue's reason to refuse the exit. */
type Cell = number | string;

const HOLDERS = {
  small: (shares: bigint) => shares / 100n,
  third: (shares: bigint) => (shares * 30n) / 100n,
  last: (shares: bigint) => shares,
};
type Holder = keyof typeof HOLDERS;

interface Row extends Record<Holder, Cell> {
  state: string;
  bring: (f: Fixture) => Promise<unknown>;
}

const deployer = (f: Fixture) => f.world.signers.deployer;

const ROWS: Row[] = [
  { state: "all well", bring: async () => {}, small: 100, third: 100, last: 100 },
  {
    state: "a market paused",
    bring: (f) => f.world.perp.markets.ETH.base.pause(),
    small: "CH_MNO",
    third: "CH_MNO",
    last: "CH_MNO",
  },
  {
    state: "the clearing house paused",
    bring: (f) => f.world.perp.clearingHouse.connect(deployer(f)).pause(),
    small: "Pausable: paused",
    third: "Pausable: paused",
    last: "Pausable: paused",
  },
  {
    state: "the venue's vault paused",
    bring: (f) => f.world.perp.vault.connect(deployer(f)).pause(),
    small: "Pausable: paused",
    third: "Pausable: paused",
    last: "Pausable: paused",
  },
  { state: "a market closed", bring: (f) => closeMarket(f, "ETH", 1), small: 100, third: 100, last: 100 },
  { state: "margin at 8%", bring: (f) => thinAt(f, 1.07), small: 0, third: 51, last: 100 },
  { state: "margin at 5%", bring: (f) => thinAt(f, 1.1), small: "CH_NEFCM", third: 0, last: 100 },
  {
    state: "over the tick limit",
    bring: async (f) => {
      const { ETH } = f.world.deployment.perp.markets;
      // The first plan's own trade is inside the window of the limit still.
      await f.world.networkHelpers.time.increase(60);
      await f.world.perp.exchange.connect(deployer(f)).setMaxTickCrossedWithinBlock(ETH.base, 1);
    },
    small: 100,
    third: "EX_OPLAS",
    last: "EX_OPLAS",
  },
  {
    state: "over the price spread",
    bring: (f) => setFeed(f.world, "ETH", START.ETH * 0.88),
    small: "EX_OPB",
    third: "EX_OPB",
    last: "EX_OPB",
  },
];

async function thinAt(f: Fixture, factor: number): Promise<void> {
  await thinMargin(f, 0.16);
  await movePrices(f, factor);
}

/** The leaver's part of the account at the venue's own prices, and what the leg paid for him, USDC units. */
async function leave(f: Fixture, shares: bigint, forfeit: string[] = []) {
  const { alice } = f.world.signers;
  const { USDC } = f.world.tokens;
  const supply = await f.vault.totalSupply();
  const value = await f.world.perp.vault.getAccountValue(f.perp);
  const receipt = await (await exitInKind(f, alice, shares, forfeit)).wait();
  const block = receipt?.blockNumber as number;
  const paid = (await USDC.queryFilter(USDC.filters.Transfer(f.perp, f.vault), block, block))[0]?.args.value ?? 0n;
  const cut = (await f.perp.queryFilter(f.perp.filters.PaidInPart, block, block))[0]?.args;
  return { part: (value * shares) / supply, paid, cut, out: await balancesOf(f, alice.address) };
}

/** The text of an Error(string). */
function textOf(reason: string): string {
  return AbiCoder.defaultAbiCoder().decode(["string"], `0x${reason.slice(10)}`)[0] as string;
}

function render(): string {
  const cell = (value: Cell) => (typeof value === "number" ? `paid ${value}%` : `refused, \`${value}\``);
  const lines = ROWS.map((row) => `| ${row.state} | ${cell(row.small)} | ${cell(row.third)} | ${cell(row.last)} |`);
  return ["| venue | holder of 1% | of 30% | last holder |", "|---|---|---|---|", ...lines].join("\n");
}

describe("exits by state of the venue and size of the holder", () => {
  for (const row of ROWS) {
    for (const holder of Object.keys(HOLDERS) as Holder[]) {
      const expected = row[holder];
      const pays = typeof expected === "number";
      it(`${row.state}, ${holder}: ${pays ? `paid ${expected}%` : expected}`, async () => {
        const f = await fixture();
        const held = await hedgedPosition(f);
        await row.bring(f);
        const shares = HOLDERS[holder](held.shares);
        if (pays) await paidCase(f, shares, expected);
        else await refusedCase(f, shares, expected);
      });
    }
  }

  it("stands in the documents as tested", () => {
    expect(readFileSync(DOCS, "utf8")).to.contain(render());
  });
});

async function paidCase(f: Fixture, shares: bigint, percent: number): Promise<void> {
  const last = shares === (await f.vault.totalSupply());
  const whole = await f.world.networkHelpers.takeSnapshot();
  const withoutLeg = last ? undefined : await leave(f, shares, [await f.perp.getAddress()]);
  await whole.restore();
  const before = await navPerShare(f);
  const { part, paid, cut, out } = await leave(f, shares);
  // The fee and the impact of closing are the leaver's: most of all where the margin is thin against the notional.
  const share = (100 * Number(paid)) / Number(part);
  if (percent === 100) {
    expect(share).to.be.within(96, 100);
    expect(cut).to.equal(undefined);
  } else {
    expect(share).to.be.within(Math.max(percent - 1, 0), percent + 1);
    expect(cut?.paid).to.equal(paid);
    expect((100 * Number(cut?.owed)) / Number(part)).to.be.within(96, 100);
  }
  if (last) {
    expect(await f.perp.isEmpty()).to.equal(true);
    expect(await f.perp.cash()).to.be.lessThan(10n ** 13n);
    expect(await f.vault.totalSupply()).to.equal(0n);
  } else {
    // Every other leg pays as if this one were not there, and the others lose nothing.
    expect(out[0]).to.equal((withoutLeg?.out[0] as bigint) + paid);
    expect(out.slice(1)).to.deep.equal(withoutLeg?.out.slice(1));
    expect(await navPerShare(f)).to.be.at.least((before * 999_999n) / 1_000_000n);
  }
}

async function refusedCase(f: Fixture, shares: bigint, reason: string): Promise<void> {
  const { alice } = f.world.signers;
  const { ETH } = f.world.deployment.perp.markets;
  const leg = await f.perp.getAddress();
  const supply = await f.vault.totalSupply();
  const [position, cash] = [await f.perp.position(ETH.base), await f.perp.cash()];
  await expect(exitInKind(f, alice, shares))
    .to.be.revertedWithCustomError(f.vault, "LegUnreachable")
    .withArgs(leg, (bytes: string) => textOf(bytes) === reason);
  if (shares === supply) {
    await expect(exitInKind(f, alice, shares, [leg])).to.be.revertedWithCustomError(f.vault, "LastHolderForfeits");
    return;
  }
  const idle = await f.vault.idle(f.world.tokens.ALT);
  const { out, paid } = await leave(f, shares, [leg]);
  expect(paid).to.equal(0n);
  expect(out[1]).to.be.greaterThan((idle * shares) / supply);
  // The whole account stays with the others.
  expect(await f.perp.position(ETH.base)).to.deep.equal(position);
  expect(relative(await f.perp.cash(), cash)).to.be.lessThan(1e-4);
  expect((await pricesOf(f)).ok).to.equal(true);
}
