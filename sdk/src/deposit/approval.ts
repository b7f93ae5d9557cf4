import type { Signer } from "ethers";
import { ERC20, erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import { approveExact } from "./approve.js";
import { readPermitDomain, type SignedPermit, signPermit } from "./permit.js";

/** How a deposit gets its allowances: signed permits where possible ("auto"), only so, or only by transactions. */
export type ApprovalMode = "permit" | "approve" | "auto";

/** A token amount that a spender shall be allowed to take. */
export interface Spending {
  token: string;
  amount: bigint;
}

/** Who allows what to whom. */
export interface ApprovalRequest {
  signer: Signer;
  owner: string;
  spender: string;
  spendings: readonly Spending[];
  mode: ApprovalMode;
  /** Of the permits, unix seconds. */
  deadline: bigint;
}

type Missing = Spending & { allowance: bigint };

async function readMissing(at: ReadPoint, { owner, spender, spendings }: ApprovalRequest): Promise<Missing[]> {
  const batch = new Batch(at);
  const allowances = spendings.map(({ token }) => batch.add(erc20.allowance(token, owner, spender)));
  await batch.send();
  return spendings
    .map((spending, index) => ({ ...spending, allowance: allowances[index]?.value() ?? 0n }))
    .filter(({ amount, allowance }) => allowance < amount);
}

/** The token itself takes the permit; so one that would be ignored on-chain is noticed before anything is sent. */
async function accepts(at: ReadPoint, request: ApprovalRequest, permit: SignedPermit): Promise<boolean> {
  const { token, value, deadline, v, r, s } = permit;
  const data = ERC20.encodeFunctionData("permit", [request.owner, request.spender, value, deadline, v, r, s]);
  return at.provider.call({ from: request.owner, to: token, data }).then(
    () => true,
    () => false,
  );
}

async function tryPermit(
  at: ReadPoint,
  request: ApprovalRequest,
  { token, amount }: Spending,
): Promise<SignedPermit | null> {
  const { signer, owner, spender, deadline } = request;
  const domain = await readPermitDomain(at, token, owner);
  if (domain === null) return null;
  const permit = await signPermit(signer, domain, { token, owner, spender, value: amount, deadline });
  return permit !== null && (await accepts(at, request, permit)) ? permit : null;
}

/**
 * Makes sure that the spender may take the amounts, exactly and no more than is missing.
 *
 * Tokens with enough allowance are left alone; the others get a signed permit, which is returned for the call that uses
 * it, or an approval transaction. A contract wallet cannot sign permits and always approves.
 *
 * @throws {CrosshedgeError} PERMIT_UNSUPPORTED in mode "permit", before anything is sent.
 */
export async function ensureAllowances(at: ReadPoint, request: ApprovalRequest): Promise<SignedPermit[]> {
  const missing = await readMissing(at, request);
  if (missing.length === 0) return [];
  const { signer, owner, spender, mode } = request;
  const canPermit = mode !== "approve" && (await at.provider.getCode(owner)) === "0x";
  const permits: SignedPermit[] = [];
  const toApprove: Missing[] = [];
  for (const spending of missing) {
    const permit = canPermit ? await tryPermit(at, request, spending) : null;
    if (permit !== null) permits.push(permit);
    else if (mode === "permit") {
      throw new CrosshedgeError(
        "PERMIT_UNSUPPORTED",
        `No permit can be signed for token ${spending.token} by ${owner}.`,
      );
    } else toApprove.push(spending);
  }
  for (const { token, amount, allowance } of toApprove) {
    await approveExact(at.provider, signer, { token, spender, value: amount, allowance });
  }
  return permits;
}
