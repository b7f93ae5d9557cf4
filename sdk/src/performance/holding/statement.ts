import { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import type { VaultEvent } from "../../history/events.js";
import { mulDiv } from "../../math.js";
import type { VaultLayout } from "../../state/layout.js";
import type { TokenAmounts, Usd18 } from "../../units.js";
import { type Happening, happeningsOf } from "./happenings.js";
import type { AccountMark, Statement, StatementEnd, StatementLine } from "./statementTypes.js";

/** What a statement is made from. */
export interface StatementInputs {
  vault: string;
  account: string;
  layout: Pick<VaultLayout, "assets" | "settlementToken">;
  /** Of the account at both ends, at each block of its events, at each settlement while it waits, and at the block before that. */
  marks: readonly AccountMark[];
  /** Between the ends, in chain order. */
  events: readonly VaultEvent[];
  /** What the opening's shares cost; their market value by default. */
  openingCost?: Usd18 | undefined;
}

/**
 * A statement of holdings from what was read.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT where a mark is missing, NOT_ENOUGH_DATA where the opening has neither cost nor price
 */
export function statementOf(inputs: StatementInputs): Statement {
  const { vault, account, layout, marks, events } = inputs;
  const sorted = [...marks].sort((a, b) => a.block.number - b.block.number);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    throw new CrosshedgeError("BAD_ARGUMENT", "A statement needs the account at both ends of the period.");
  }
  const byBlock = new Map(sorted.map((mark) => [mark.block.number, mark]));
  const markAt = (block: number): AccountMark => {
    const found = byBlock.get(block);
    if (found !== undefined) return found;
    throw new CrosshedgeError("BAD_ARGUMENT", `The account was not read at block ${block}.`);
  };
  const opening = endOf(first, openingCostOf(first, inputs.openingCost));
  const book = new Book(opening);
  const between = events.filter(({ blockNumber: n }) => n > first.block.number && n <= last.block.number);
  for (const happening of happeningsOf(between, account, vault, layout, markAt)) {
    book.add(happening, layout, markAt(happening.event.blockNumber));
  }
  const closing = endOf(last, book.cost);
  return {
    ...{ vault, account, opening, closing },
    openingCostFrom: inputs.openingCost === undefined ? "market" : "given",
    lines: book.lines,
    deposited: book.total("usd", ["deposit"]),
    received: book.total("usd", ["fill", "exit"]),
    realised: book.total("realised", ["fill", "exit"]),
    unrealised: closing.usd && closing.usd.mid - closing.cost,
    feesDiluted: -book.total("usd", ["fee"]),
    sharesLost: closing.shares - book.shares,
    unpriced: book.lines.filter(({ usd }) => usd === null).length,
  };
}

function openingCostOf(mark: AccountMark, given: Usd18 | undefined): Usd18 {
  if (given !== undefined) return given;
  const shares = mark.balance + mark.pending;
  if (shares === 0n) return 0n;
  const worth = sharesUsd(mark, shares);
  if (worth !== null) return worth;
  throw new CrosshedgeError("NOT_ENOUGH_DATA", `There are no good prices at block ${mark.block.number}.`, {
    nextStep: "Give `openingCost`, or begin at a block with good prices.",
  });
}

/** What shares are worth at the NAV of a mark; null at bad prices. */
export function sharesUsd({ nav, supplyWithFees }: AccountMark, shares: bigint, low = false): Usd18 | null {
  if (!nav.ok) return null;
  const usd = low ? nav.mid - nav.half : nav.mid;
  return usd > 0n ? (mulDiv(shares, usd, supplyWithFees) ?? 0n) : 0n;
}

function endOf(mark: AccountMark, cost: Usd18): StatementEnd {
  const { block, balance, pending, claimableAssets } = mark;
  const shares = balance + pending;
  const [mid, low] = [sharesUsd(mark, shares), sharesUsd(mark, shares, true)];
  return { block, shares, usd: mid === null || low === null ? null : { mid, low }, claimableAssets, cost };
}

/** Tokens in USD at a mark's prices; null where one of them is bad. */
function tokensUsd(tokens: TokenAmounts, { assets }: Pick<VaultLayout, "assets">, { mids }: AccountMark): Usd18 | null {
  let total = 0n;
  for (const [token, amount] of Object.entries(tokens)) {
    const index = assets.findIndex(({ address }) => address === token);
    const mid = mids[index];
    if (mid === null || mid === undefined) return null;
    total += (amount * mid) / 10n ** BigInt(assets[index]?.decimals ?? 0);
  }
  return total;
}

/** Shares and their cost, line by line. */
class Book {
  readonly lines: StatementLine[] = [];
  shares: bigint;
  cost: Usd18;

  constructor({ shares, cost }: StatementEnd) {
    this.shares = shares;
    this.cost = cost;
  }

  add(happening: Happening, layout: Pick<VaultLayout, "assets">, mark: AccountMark): void {
    const { kind, event, counterparty, shares, change, tokens } = happening;
    const worth = Object.keys(tokens).length > 0 ? tokensUsd(tokens, layout, mark) : sharesUsd(mark, shares);
    const taken = change < 0n && this.shares > 0n ? -(this.cost * -change) / this.shares : 0n;
    let usd = worth;
    let cost = taken;
    let realised: Usd18 | null = 0n;
    if (kind === "deposit") [usd, cost] = [worth && -worth, worth === null ? 0n : -worth];
    else if (kind === "transferIn") cost = worth ?? 0n;
    else if (kind === "fill" || kind === "exit") realised = worth === null ? null : worth + taken;
    else if (kind === "fee") usd = dilution(mark, this.shares, shares);
    if (kind === "fee" && (this.shares === 0n || usd === 0n)) return;
    this.shares += change;
    this.cost += cost;
    const { blockNumber, transactionHash } = event;
    const place = { blockNumber, timestamp: mark.block.timestamp, transactionHash };
    const after = { sharesAfter: this.shares, costAfter: this.cost };
    this.lines.push({ kind, ...place, counterparty, shares, change, tokens, usd, cost, realised, ...after });
  }

  total(field: "usd" | "realised", kinds: readonly StatementLine["kind"][]): Usd18 {
    const counted = this.lines.filter(({ kind }) => kinds.includes(kind));
    return counted.reduce((sum, line) => sum + (line[field] ?? 0n), 0n);
  }
}

/** What minting so many shares for somebody took from a holding, by the supply at the end of the block; negative. */
function dilution({ nav, totalSupply }: AccountMark, held: bigint, minted: bigint): Usd18 | null {
  if (!nav.ok) return null;
  const before = totalSupply - minted;
  return nav.mid > 0n && before > 0n ? -((nav.mid * held * minted) / (totalSupply * before)) : 0n;
}
