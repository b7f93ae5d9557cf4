import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ApproveRequirement, Requirement } from "../prepare/prepared.js";
import { Batch } from "../read/batch.js";
import { approve } from "./approve.js";
import { signPermit } from "./permit.js";
import type { Run } from "./run.js";

/** A requirement that is not met now. */
export interface Gap<Q extends Requirement = Requirement> {
  readonly requirement: Q;
  /** What is allowed now. */
  readonly allowance: bigint;
}

/** Meets what is still missing; permits go into the run's signatures. */
export async function meetRequirements<R>(run: Run<R>): Promise<void> {
  const { prepared, progress, provider, options } = run;
  const open = await openRequirements(run);
  for (const { requirement } of open) checkOwner(prepared.account, asApproval(requirement));
  const canSign =
    options.approval !== "approve" && open.length > 0 && (await provider.getCode(prepared.account)) === "0x";
  const toApprove: Gap<ApproveRequirement>[] = [];
  for (const { requirement, allowance } of open) {
    const signed = requirement.kind === "permit" && canSign ? await signPermit(run, requirement) : "refused";
    if (signed === "met") continue;
    delete progress.signatures[requirement.token];
    if (options.approval === "permit") {
      throw new CrosshedgeError(
        "PERMIT_UNSUPPORTED",
        `No permit of ${prepared.account} for ${requirement.token} works.`,
      );
    }
    toApprove.push({ requirement: asApproval(requirement), allowance });
  }
  for (const gap of toApprove) await approve(run, gap);
}

/** Allowances are read now: what was met since the preparation, or by a run before, is not asked for. */
async function openRequirements<R>({ prepared, provider, progress }: Run<R>): Promise<Gap[]> {
  const { requirements } = prepared;
  if (requirements.length === 0) return [];
  const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const allowances = requirements.map((requirement) => {
    const { token, spender } = requirement;
    return batch.add(erc20.allowance(token, ownerOf(asApproval(requirement)), spender));
  });
  await batch.send();
  const all = requirements.map((requirement, i) => ({ requirement, allowance: allowances[i]?.value() ?? 0n }));
  const isOpen = ({ requirement: { amount }, allowance }: Gap) => allowance < amount;
  for (const { requirement } of all.filter((gap) => !isOpen(gap))) delete progress.signatures[requirement.token];
  return all.filter(isOpen);
}

/** What gives the allowance by transactions. */
export function asApproval(requirement: Requirement): ApproveRequirement {
  return requirement.kind === "permit" ? requirement.instead : requirement;
}

function ownerOf({ transactions }: ApproveRequirement): string {
  const from = transactions[0]?.from;
  if (from === undefined) throw new CrosshedgeError("BAD_ARGUMENT", "A requirement has no transactions.");
  return from;
}

/** @throws {CrosshedgeError} INSUFFICIENT_ALLOWANCE where another account must give it */
export function checkOwner(account: string, requirement: ApproveRequirement): void {
  const owner = ownerOf(requirement);
  if (owner.toLowerCase() === account.toLowerCase()) return;
  throw new CrosshedgeError("INSUFFICIENT_ALLOWANCE", `${owner} has not allowed ${requirement.spender} to do this.`, {
    nextStep: `Let ${owner} send the transactions of the requirement first.`,
  });
}
