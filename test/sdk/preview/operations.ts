import fc from "fast-check";
import { HOLDERS, type Holder } from "./stage.js";

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
export type By = "self" | "operator" | "allowance";

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
