import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Funds } from "./funds.js";
import { type PermitDomain, permitTypedData } from "./permit.js";
import type { ApproveRequirement, PermitRequirement, Requirement } from "./prepared.js";
import { approveTransaction } from "./transaction.js";

/** How an operation gets its allowances: signed permits where possible ("auto"), only so, or only by transactions. */
export type ApprovalMode = "permit" | "approve" | "auto";

const MODES: readonly string[] = ["permit", "approve", "auto"] satisfies ApprovalMode[];

/** @throws {CrosshedgeError} BAD_ARGUMENT for a mode that is none of {@link ApprovalMode} */
export function checkApprovalMode(mode: ApprovalMode): ApprovalMode {
  if (MODES.includes(mode)) return mode;
  throw new CrosshedgeError("BAD_ARGUMENT", `\`approval\` must be one of ${MODES.join(", ")}.`);
}

/** Who allows what to whom. */
export interface AllowanceTerms {
  readonly chainId: bigint;
  readonly owner: string;
  readonly spender: string;
  readonly mode: ApprovalMode;
  /** Of permits, unix seconds. */
  readonly deadline: number;
  /** The domain of a token's permits; null where there are none, or where the owner cannot sign them. */
  readonly permitDomain: (token: string) => PermitDomain | null;
}

function approve(
  { token, amount, needsReset }: Funds,
  { chainId, owner, spender }: AllowanceTerms,
): ApproveRequirement {
  const amounts = needsReset ? [0n, amount] : [amount];
  const transactions = amounts.map((each) => approveTransaction({ chainId, from: owner }, token, spender, each));
  return { kind: "approve", token, spender, amount, transactions };
}

function permit(instead: ApproveRequirement, domain: PermitDomain, terms: AllowanceTerms): PermitRequirement {
  const { token, spender, amount } = instead;
  const { owner, deadline } = terms;
  const typedData = permitTypedData(domain, { owner, spender, value: amount, deadline: BigInt(deadline) });
  return { kind: "permit", token, spender, amount, deadline, typedData, instead };
}

/**
 * What must be allowed before an operation can take its tokens: exactly the amounts, and only where they are not allowed already.
 *
 * @throws {CrosshedgeError} PERMIT_UNSUPPORTED in mode "permit"
 */
export function allowanceRequirements(funds: readonly Funds[], terms: AllowanceTerms): Requirement[] {
  const missing = funds.filter(({ allowance, amount }) => allowance < amount);
  return missing.map((entry) => {
    const instead = approve(entry, terms);
    const domain = terms.mode === "approve" ? null : terms.permitDomain(entry.token);
    if (domain !== null) return permit(instead, domain, terms);
    if (terms.mode !== "permit") return instead;
    throw new CrosshedgeError("PERMIT_UNSUPPORTED", `No permit can be signed for ${entry.token} by ${terms.owner}.`);
  });
}
