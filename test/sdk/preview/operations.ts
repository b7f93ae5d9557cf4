import {
  type PinnedBlock,
  type Prepared,
  prepareCancelRequest,
  prepareClaim,
  prepareDeposit,
  prepareDepositBasket,
  prepareExitInKind,
  prepareRequestRedeem,
  prepareSetOperator,
  prepareSettle,
} from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { fund } from "../../../scripts/devnet/world.js";
import { usdc, wad } from "../../support/orders.js";
import { HOLDERS, type Holder, type Signer, type Stage, signerOf } from "./stage.js";

const FOREVER = 2n ** 63n;

/** An operation that somebody wants to do. */
export type Operation =
  | { kind: "deposit"; who: Holder; token: "USDC" | "ALT"; usd: number; approval: "approve" | "permit" }
  | { kind: "depositBasket"; who: Holder; usdc: number; alt: number; approval: "approve" | "permit" }
  | { kind: "requestRedeem"; who: Holder; by: By; percent: number }
  | { kind: "cancelRequest" | "claim"; who: Holder; by: By; percent: number | "all" }
  | { kind: "exitInKind"; who: Holder; by: By; percent: number; forfeit: "nothing" | "perp" | "pool" | "ALT" }
  | { kind: "settle"; keeper: boolean }
  | { kind: "setOperator"; who: Holder; approved: boolean };

/** Who sends it: the holder, an operator of his, or somebody with an allowance of shares. */
type By = "self" | "operator" | "allowance";

const who = fc.constantFrom<Holder>(...HOLDERS, "alice", "bob");
const by = fc.constantFrom<By>("self", "self", "operator", "allowance");
const approval = fc.constantFrom("approve" as const, "permit" as const);
const percent = fc.integer({ min: 1, max: 105 });
const orAll = fc.oneof(percent, fc.constant("all" as const));
const holder = fc.constantFrom<Holder>("alice", "bob", "bob");

/** Each of them in turn, so that none is left out. */
export const operations: fc.Arbitrary<Operation[]> = fc
  .tuple(
    fc.record({
      kind: fc.constant("deposit" as const),
      who,
      token: fc.constantFrom("USDC" as const, "ALT" as const),
      usd: fc.integer({ min: 1, max: 20_000 }),
      approval,
    }),
    fc.record({
      kind: fc.constant("depositBasket" as const),
      who,
      usdc: fc.integer({ min: 1, max: 9_000 }),
      alt: fc.integer({ min: 1, max: 400 }),
      approval,
    }),
    fc.record({ kind: fc.constant("requestRedeem" as const), who, by, percent }),
    fc.record({ kind: fc.constant("cancelRequest" as const), who: holder, by, percent: orAll }),
    fc.record({ kind: fc.constant("claim" as const), who: holder, by, percent: orAll }),
    fc.record({
      kind: fc.constant("exitInKind" as const),
      who,
      by,
      percent,
      forfeit: fc.constantFrom(
        "nothing" as const,
        "nothing" as const,
        "perp" as const,
        "pool" as const,
        "ALT" as const,
      ),
    }),
    fc.record({ kind: fc.constant("settle" as const), keeper: fc.boolean() }),
    fc.record({ kind: fc.constant("setOperator" as const), who, approved: fc.boolean() }),
  )
  .chain((all) => fc.shuffledSubarray(all, { minLength: 5 }));

/** One operation, ready to be prepared and to be executed without the SDK. */
export interface Case<P, R> {
  prepare(block: PinnedBlock): Promise<Prepared<P, R>>;
  /** Gives what is missing: tokens, allowances. */
  ready(): Promise<void>;
  sender: Signer;
  /** The same call by hand, without any least amount. */
  byHand(): Promise<unknown>;
  /** Accounts whose balances are compared. */
  parties: string[];
  /** What the result and the balances must have become, by the preview. */
  expected(preview: P): { result: Partial<R>; changes: Map<string, bigint> };
  /** What else is to be seen after it. */
  after?(preview: P): Promise<void>;
}

export type AnyCase = Case<unknown, unknown>;
const part = (whole: bigint, hundredths: number): bigint => (whole * BigInt(hundredths)) / 100n;
const change = (...entries: [account: string, token: string, amount: bigint][]): Map<string, bigint> => {
  const changes = new Map<string, bigint>();
  for (const [account, token, amount] of entries) {
    const key = `${account} ${token}`;
    changes.set(key, (changes.get(key) ?? 0n) + amount);
  }
  return changes;
};

async function depositCase(s: Stage, op: Extract<Operation, { kind: "deposit" | "depositBasket" }>): Promise<AnyCase> {
  const me = signerOf(s, op.who);
  const single = op.kind === "deposit";
  const wanted = single
    ? { [op.token]: op.token === "USDC" ? usdc(op.usd) : wad(op.usd) / 10n }
    : { USDC: usdc(op.usdc), ALT: wad(op.alt) };
  const amounts: Record<string, bigint> = {};
  for (const symbol of ["USDC", "ALT"] as const) {
    const amount = wanted[symbol];
    if (amount !== undefined) amounts[await s.world.tokens[symbol].getAddress()] = amount;
  }
  const [tokens, values] = [Object.keys(amounts), Object.values(amounts)];
  const common = { account: me.address, approval: op.approval };
  const made: Case<{ shares: bigint }, { shares: bigint; amounts: Record<string, bigint> }> = {
    prepare: (block) =>
      single
        ? prepareDeposit(s.sdk, { ...common, token: tokens[0] as string, amount: values[0] as bigint, block })
        : prepareDepositBasket(s.sdk, { ...common, amounts, block }),
    ready: async () => {
      await fund(s.world, me.address, wanted);
      for (const symbol of Object.keys(wanted) as ("USDC" | "ALT")[]) {
        await s.world.tokens[symbol].connect(me).approve(s.vault, wanted[symbol] as bigint);
      }
    },
    sender: me,
    byHand: () => s.vault.connect(me).depositBasket(tokens, values, 0n, me, FOREVER),
    parties: [me.address],
    expected: ({ shares }) => ({
      result: { shares, amounts },
      changes: change(
        [me.address, s.deployment.vault, shares],
        ...tokens.map((token): [string, string, bigint] => [me.address, token, -(amounts[token] as bigint)]),
      ),
    }),
  };
  return made as AnyCase;
}

/** Who sends it, and what he needs for it. */
async function sending(s: Stage, holder: Holder, how: By) {
  const owner = signerOf(s, holder);
  const sender = how === "self" ? owner : s.world.signers.maker;
  if (how === "operator") await s.vault.connect(owner).setOperator(sender, true);
  return { owner, sender };
}

async function requestCase(s: Stage, op: Extract<Operation, { kind: "requestRedeem" }>): Promise<AnyCase> {
  const { owner, sender } = await sending(s, op.who, op.by);
  const shares = part(await s.vault.balanceOf(owner), op.percent) || 1n;
  const parties = { owner: owner.address, controller: owner.address };
  const made: Case<{ shares: bigint; alreadyWaiting: bigint }, { shares: bigint; owner: string }> = {
    prepare: (block) => prepareRequestRedeem(s.sdk, { account: sender.address, shares, ...parties, block }),
    ready: async () => void (op.by === "allowance" && (await s.vault.connect(owner).approve(sender, shares))),
    sender,
    byHand: () => s.vault.connect(sender).requestRedeem(shares, owner, owner),
    parties: [owner.address, s.deployment.vault],
    expected: (preview) => ({
      result: { shares: preview.shares, ...parties },
      changes: change([owner.address, s.deployment.vault, -shares], [s.deployment.vault, s.deployment.vault, shares]),
    }),
    after: async ({ alreadyWaiting }) => {
      expect(await s.vault.pendingRedeemRequest(0, owner)).to.equal(alreadyWaiting + shares);
    },
  };
  return made as AnyCase;
}

async function cancelCase(s: Stage, op: Extract<Operation, { kind: "cancelRequest" | "claim" }>): Promise<AnyCase> {
  const { owner, sender } = await sending(s, op.who, op.by);
  const receiver = s.world.signers.stranger.address;
  const waits = await s.vault.pendingRedeemRequest(0, owner);
  const given = op.percent === "all" ? {} : { shares: part(waits, op.percent) || 1n };
  const shares = given.shares ?? waits;
  const parties = { controller: owner.address, receiver };
  const made: Case<{ shares: bigint; stillWaiting: bigint }, { shares: bigint }> = {
    prepare: (block) => prepareCancelRequest(s.sdk, { account: sender.address, ...given, ...parties, block }),
    ready: async () => {},
    sender,
    byHand: () => s.vault.connect(sender).cancelRedeemRequest(shares, receiver, owner),
    parties: [receiver, s.deployment.vault],
    expected: (preview) => ({
      result: { shares: preview.shares, ...parties },
      changes: change([receiver, s.deployment.vault, shares], [s.deployment.vault, s.deployment.vault, -shares]),
    }),
    after: async ({ stillWaiting }) => {
      expect(await s.vault.pendingRedeemRequest(0, owner)).to.equal(stillWaiting);
    },
  };
  return made as AnyCase;
}

async function claimCase(s: Stage, op: Extract<Operation, { kind: "cancelRequest" | "claim" }>): Promise<AnyCase> {
  const { owner, sender } = await sending(s, op.who, op.by);
  const receiver = s.world.signers.stranger.address;
  const filled = await s.vault.maxRedeem(owner);
  const given = op.percent === "all" ? {} : { shares: part(filled, op.percent) || 1n };
  const parties = { controller: owner.address, receiver };
  const made: Case<{ shares: bigint; assets: bigint }, { shares: bigint; assets: bigint }> = {
    prepare: (block) => prepareClaim(s.sdk, { account: sender.address, ...given, ...parties, block }),
    ready: async () => {},
    sender,
    byHand: () => s.vault.connect(sender).redeem(given.shares ?? filled, receiver, owner),
    parties: [receiver],
    expected: ({ shares, assets }) => ({
      result: { shares, assets, ...parties },
      changes: change([receiver, s.sdk.layout.settlementToken, assets]),
    }),
  };
  return made as AnyCase;
}

async function exitCase(s: Stage, op: Extract<Operation, { kind: "exitInKind" }>): Promise<AnyCase> {
  const { owner, sender } = await sending(s, op.who, op.by === "operator" ? "allowance" : op.by);
  const usable = (await s.vault.balanceOf(owner)) + (await s.vault.pendingRedeemRequest(0, owner));
  const shares = part(usable, op.percent) || 1n;
  const receiver = s.world.signers.maker.address;
  const given = { nothing: [], perp: [await s.perp.getAddress()], pool: [await s.liquidity.getAddress()] };
  const forfeit = op.forfeit === "ALT" ? [await s.world.tokens.ALT.getAddress()] : given[op.forfeit];
  const none = s.sdk.assets.map(() => 0n);
  const made: Case<
    { amounts: Record<string, bigint>; fromQueue: bigint },
    { shares: bigint; amounts: Record<string, bigint>; forfeit: readonly string[] }
  > = {
    prepare: (block) =>
      prepareExitInKind(s.sdk, { account: sender.address, shares, owner: owner.address, receiver, forfeit, block }),
    ready: async () => void (sender !== owner && (await s.vault.connect(owner).approve(sender, shares))),
    sender,
    byHand: () => s.vault.connect(sender).exitInKind(shares, receiver, owner, none, forfeit, FOREVER),
    parties: [receiver, owner.address],
    expected: ({ amounts, fromQueue }) => ({
      result: { shares, amounts, forfeit },
      changes: change(
        [owner.address, s.deployment.vault, fromQueue - shares],
        ...Object.entries(amounts).map(([token, amount]): [string, string, bigint] => [receiver, token, amount]),
      ),
    }),
  };
  return made as AnyCase;
}

async function settleCase(s: Stage, { keeper }: Extract<Operation, { kind: "settle" }>): Promise<AnyCase> {
  const sender = keeper ? s.world.signers.keeper : s.world.signers.stranger;
  const reserved = await s.vault.reserved();
  const made: Case<{ shares: bigint; assets: bigint; stillQueued: bigint }, { shares: bigint; assets: bigint }> = {
    prepare: (block) => prepareSettle(s.sdk, { account: sender.address, block }),
    ready: async () => {},
    sender,
    byHand: () => s.vault.connect(sender).settle(),
    parties: [s.deployment.vault],
    expected: ({ shares, assets }) => ({
      result: { shares, assets },
      changes: change([s.deployment.vault, s.deployment.vault, -shares]),
    }),
    after: async ({ assets, stillQueued }) => {
      expect((await s.vault.reserved()) - reserved).to.equal(assets);
      expect((await s.vault.waiting()).shares).to.equal(stillQueued);
    },
  };
  return made as AnyCase;
}

async function operatorCase(s: Stage, op: Extract<Operation, { kind: "setOperator" }>): Promise<AnyCase> {
  const me = signerOf(s, op.who);
  const operator = s.world.signers.keeper.address;
  const made: Case<{ changes: boolean }, { approved: boolean }> = {
    prepare: (block) => prepareSetOperator(s.sdk, { account: me.address, operator, approved: op.approved, block }),
    ready: async () => {},
    sender: me,
    byHand: () => s.vault.connect(me).setOperator(operator, op.approved),
    parties: [],
    expected: () => ({ result: { approved: op.approved }, changes: new Map() }),
    after: async () => void expect(await s.vault.isOperator(me, operator)).to.equal(op.approved),
  };
  return made as AnyCase;
}

/** The case of an operation at the state of now. */
export function caseOf(s: Stage, op: Operation): Promise<AnyCase> {
  switch (op.kind) {
    case "deposit":
    case "depositBasket":
      return depositCase(s, op);
    case "requestRedeem":
      return requestCase(s, op);
    case "cancelRequest":
      return cancelCase(s, op);
    case "claim":
      return claimCase(s, op);
    case "exitInKind":
      return exitCase(s, op);
    case "settle":
      return settleCase(s, op);
    case "setOperator":
      return operatorCase(s, op);
  }
}
