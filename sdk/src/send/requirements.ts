import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ApproveRequirement, Requirement } from "../prepare/prepared.js";
import { Batch } from "../read/batch.js";
import { formatToken } from "../units.js";
import { approve } from "./approve.js";
import { signPermit } from "./permit.js";
import type { Run } from "./run.js";

/** A requirement that is not met now. */
export interface Gap<Q extends Requirement = Requirement> {
  readonly requirement: Q;
  /** What is allowed now. */
  readonly allowance: bigint;
  /** What the owner has now. */
  readonly balance: bigint;
}

/** Meets what is still missing; permits go into the run's signatures. */
export async function meetRequirements<R>(run: Run<R>): Promise<void> {
  const { prepared, progress, provider, options } = run;
  const open = await openRequirements(run);
  for (const { requirement } of open) checkOwner(prepared.account, asApproval(requirement));
  for (const gap of open) await checkBalance(run, gap);
  const canSign =
    options.approval !== "approve" && open.length > 0 && (await provider.getCode(prepared.account)) === "0x";
  const toApprove: Gap<ApproveRequirement>[] = [];
  for (const gap of open) {
    const { requirement } = gap;
    const signed = requirement.kind === "permit" && canSign ? await signPermit(run, requirement) : "refused";
    if (signed === "met") continue;
    delete progress.signatures[requirement.token];
    if (options.approval === "permit") {
      throw new CrosshedgeError(
        "PERMIT_UNSUPPORTED",
        `No permit of ${prepared.account} for ${requirement.token} works.`,
      );
    }
    toApprove.push({ ...gap, requirement: asApproval(requirement) });
  }
  for (const gap of toApprove) await approve(run, gap);
}

/** Allowances are read now: what was met since the preparation, or by a run before, is not asked for. */
async function openRequirements<R>({ prepared, provider, progress }: Run<R>): Promise<Gap[]> {
  const { requirements } = prepared;
  if (requirements.length === 0) return [];
  const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const reads = requirements.map((requirement) => {
    const { token, spender } = requirement;
    const owner = ownerOf(asApproval(requirement));
    const allowance = batch.add(erc20.allowance(token, owner, spender));
    return { requirement, allowance, balance: batch.add(erc20.balanceOf(token, owner)) };
  });
  await batch.send();
  const all = reads.map(({ requirement, allowance, balance }) => {
    return { requirement, allowance: allowance.value(), balance: balance.value() };
  });
  const isOpen = ({ requirement: { amount }, allowance }: Gap) => allowance < amount;
  for (const { requirement } of all.filter((gap) => !isOpen(gap))) delete progress.signatures[requirement.token];
  return all.filter(isOpen);
}

/** Nobody shall sign, or pay for approvals, for an operation that cannot work. */
async function checkBalance<R>({ prepared, provider }: Run<R>, { requirement, balance }: Gap): Promise<void> {
  const { token, amount } = requirement;
  if (balance >= amount) return;
  const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const [symbol, decimals] = [batch.add(erc20.symbol(token)), batch.add(erc20.decimals(token))];
  await batch.send();
  const [has, needs] = [balance, amount].map((units) => formatToken(units, Number(decimals.orNull() ?? 0n)));
  throw new CrosshedgeError(
    "INSUFFICIENT_BALANCE",
    `${prepared.account} holds ${has} ${symbol.orNull() ?? token}, but ${needs} are needed.`,
  );
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
