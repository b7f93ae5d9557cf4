import {
  CrosshedgeError,
  decodeError,
  type Prepared,
  type Requirement,
  type Revert,
  type Signatures,
} from "@crosshedge/sdk";
import { expect } from "chai";
import type { TransactionReceipt } from "ethers";
import { fund } from "../../../scripts/devnet/world.js";
import type { AnyCase } from "./operations.js";
import { atSameTime, balances, inOneBlock, type Signer, type Stage, standStill } from "./stage.js";

/** How an operation went: as previewed, refused by both with the same reason, or refused for the legs that must be given up. */
export type Verdict = "equal" | "refused" | "mustForfeit";

type AnyPrepared = Prepared<unknown, unknown>;

/** A revert without what only one of two looks can have. */
function reasonOf(error: CrosshedgeError): unknown {
  const plain = (revert: Revert | undefined): unknown =>
    revert?.kind === "custom" ? { name: revert.name, args: revert.args, inner: plain(revert.inner) } : revert;
  return plain(error.revert);
}

async function refusalOf(run: () => Promise<unknown>): Promise<CrosshedgeError | null> {
  return run().then(
    () => null,
    (caught: unknown) => decodeError(caught),
  );
}

/** What a user does about a requirement: he signs, or sends what it names, from whom it names. */
async function fulfil(s: Stage, requirement: Requirement, sign: boolean, at: number): Promise<Signatures> {
  if (requirement.kind === "permit" && sign) {
    const { domain, types, message } = requirement.typedData;
    const signer = await s.world.ethers.getSigner(String(message.owner));
    return { [requirement.token]: await signer.signTypedData(domain, types, message) };
  }
  const { transactions } = requirement.kind === "permit" ? requirement.instead : requirement;
  for (const { from, to, data } of transactions) {
    const signer = await s.world.ethers.getSigner(from);
    await s.world.networkHelpers.time.setNextBlockTimestamp(at);
    await signer.sendTransaction({ to, data });
  }
  return {};
}

/** Tokens that the preview was made with though the account has too few. */
async function topUp(s: Stage, prepared: AnyPrepared, account: string): Promise<void> {
  const { amounts = {} } = prepared.preview as { amounts?: Record<string, bigint> };
  if (!prepared.operation.startsWith("deposit")) return;
  const { USDC, ALT } = s.world.tokens;
  const owned = { USDC: amounts[await USDC.getAddress()] ?? 0n, ALT: amounts[await ALT.getAddress()] ?? 0n };
  await fund(s.world, account, owned);
}

async function send(sender: Signer, prepared: AnyPrepared, signatures: Signatures): Promise<TransactionReceipt> {
  const { to, data, from, value } = prepared.build(signatures);
  expect(from).to.equal(sender.address);
  const receipt = await (await sender.sendTransaction({ to, data, value })).wait();
  if (receipt === null) throw new TypeError("no receipt");
  return receipt;
}

/** Balances as they are, less what they were; nothing where nothing changed. */
function changed(before: Map<string, bigint>, after: Map<string, bigint>): Map<string, bigint> {
  const changes = [...after].map(([key, value]): [string, bigint] => [key, value - (before.get(key) ?? 0n)]);
  return new Map(changes.filter(([, amount]) => amount !== 0n));
}

const sorted = (changes: Map<string, bigint>) => [...changes].filter(([, amount]) => amount !== 0n).sort();

/**
 * Prepares an operation at a block and executes it in the next one, at the very same time: result and balances are those of the preview, or both
 * refuse for the same reason.
 *
 * @param given What the operation needs is given before it is prepared, not after
 * @param sign Permits are signed, not replaced by their approvals
 */
export async function compare(s: Stage, one: AnyCase, given: boolean, sign: boolean): Promise<Verdict> {
  if (given) await one.ready();
  const block = await standStill(s);
  let prepared: AnyPrepared;
  try {
    prepared = await one.prepare(block);
  } catch (caught) {
    if (!CrosshedgeError.is(caught)) throw caught;
    return sameRefusal(s, one, caught, block.timestamp);
  }
  expect(prepared.block.hash).to.equal(block.hash);
  const preview = prepared.preview as { mustForfeit?: readonly string[] };
  if (preview.mustForfeit?.length) {
    const refusal = await refusalOf(async () => prepared.build());
    expect(refusal?.revert).to.have.property("name", "LegUnreachable");
    await sameRefusal(s, one, refusal as CrosshedgeError, block.timestamp);
    return "mustForfeit";
  }
  return executed(s, one, prepared, sign);
}

async function sameRefusal(s: Stage, one: AnyCase, refusal: CrosshedgeError, at: number): Promise<Verdict> {
  const { time } = s.world.networkHelpers;
  expect(refusal.nextStep).to.match(/\S/);
  await inOneBlock(s, at, one.ready);
  await time.setNextBlockTimestamp(at);
  const before = await balances(s, one.parties);
  const real = await refusalOf(one.byHand);
  if (refusal.code === "NOTHING_TO_DO") {
    expect(sorted(changed(before, await balances(s, one.parties)))).to.deep.equal([]);
    return "refused";
  }
  expect(real, `refused by the preview alone: ${refusal.message}`).to.not.equal(null);
  expect(reasonOf(refusal), refusal.message).to.deep.equal(reasonOf(real as CrosshedgeError));
  return "refused";
}

async function executed(s: Stage, one: AnyCase, prepared: AnyPrepared, sign: boolean): Promise<Verdict> {
  const { block } = prepared;
  await inOneBlock(s, block.timestamp, () => topUp(s, prepared, one.sender.address));
  let signatures: Signatures = {};
  for (const requirement of prepared.requirements) {
    signatures = { ...signatures, ...(await fulfil(s, requirement, sign, block.timestamp)) };
  }
  const before = await balances(s, one.parties);
  const receipt = await atSameTime(s, block, () => send(one.sender, prepared, signatures));
  expect((await receipt.getBlock()).timestamp).to.equal(block.timestamp);
  const { result, changes } = one.expected(prepared.preview);
  expect(prepared.resultOf(receipt)).to.deep.include(result);
  expect(sorted(changed(before, await balances(s, one.parties)))).to.deep.equal(sorted(changes));
  await one.after?.(prepared.preview);
  return "equal";
}
