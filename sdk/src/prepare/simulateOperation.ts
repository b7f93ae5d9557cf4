import { checkConnected } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import type { Outcome, ReadPoint } from "../multicall.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import type { CrosshedgeVault } from "../vault.js";
import type { Conditions } from "./conditions.js";
import { type Funds, isReady } from "./funds.js";
import { hasCodeAt } from "./hasCodeAt.js";
import { givenBalances, learnSlots } from "./missingBalances.js";
import { callDirectly, type OperationCall, type Shot, type Source, shoot } from "./shot.js";

/** An operation to simulate, and at which block. */
export interface OperationRequest<T, B> extends OperationCall<T, B> {
  /** A block that is known already; the node's latest by default. */
  block?: PinnedBlock | undefined;
}

/** An operation simulated at one block. */
export interface Simulated<T, B> {
  readonly block: PinnedBlock;
  readonly chainId: bigint;
  /** The vault just before it. */
  readonly conditions: Conditions;
  /** What `before` read. */
  readonly before: B;
  /** What the call answered, or the contract's own reason to refuse it. */
  readonly outcome: Outcome<T>;
  /** By spending: what the account really has. */
  readonly funds: readonly Funds[];
  /** True for a contract wallet, and for an account that has delegated itself to code (EIP-7702). */
  readonly hasCode: boolean;
}

interface Attempt<T, B> {
  block: PinnedBlock;
  shot: Shot<T, B>;
  /** The very call with nothing overridden. */
  direct: Outcome<T>;
  /** Why the node could not act as the account, if so. */
  refused: unknown;
}

/**
 * What an operation would do at one block, in one batch of requests.
 *
 * Where the account has and allows enough, the answer is that of the very call with nothing overridden, whatever code the account has. Where
 * something is missing, the account has Multicall3's code for as long as one `eth_call` lasts: it really approves what it spends, in a state where it
 * has it, and makes the call. A second batch is made where the node's latest block moved on between the answers of the first, where its clock is not the
 * block's (as on Arbitrum), and where a balance is missing.
 *
 * @throws {CrosshedgeError} WRONG_CHAIN; INSUFFICIENT_BALANCE where a balance is missing that cannot be simulated; UNSUPPORTED where an allowance is
 */
export function simulateOperation<T, B = undefined>(
  vault: CrosshedgeVault,
  request: OperationRequest<T, B>,
): Promise<Simulated<T, B>> {
  return decoded(() => simulate({ connection: vault.connection, layout: vault.layout }, request));
}

async function simulate<T, B>(source: Source, request: OperationRequest<T, B>): Promise<Simulated<T, B>> {
  const { connection, layout } = source;
  const { provider, chainId, multicallCode: code = null } = connection;
  const [, attempt, hasCode] = await Promise.all([
    checkConnected(connection),
    request.block ? attemptAt(source, request, request.block, code) : attemptNow(source, request, code),
    hasCodeAt(provider, request.account),
    code === null ? undefined : learnSlots(connection, request, pointOf(source, request.block)),
  ]);
  const { block, shot, direct } = attempt;
  if (shot.rebalancer !== layout.rebalancer) {
    return simulate({ connection, layout: { ...layout, rebalancer: shot.rebalancer } }, { ...request, block });
  }
  const ready = needsNothing(request, shot, direct);
  const outcome = ready ? direct : await withMissing(source, request, attempt, code);
  return {
    block,
    chainId,
    conditions: shot.conditions(block),
    before: shot.before,
    outcome,
    funds: shot.funds,
    hasCode,
  };
}

function pointOf({ connection }: Source, block?: PinnedBlock): ReadPoint {
  const { provider, multicall } = connection;
  if (block === undefined) return { provider, multicall, blockNumber: "latest" };
  return { provider, multicall, blockNumber: block.number, blockHash: block.hash ?? undefined };
}

/** Everything at a block. */
async function attemptAt<T, B>(
  source: Source,
  request: OperationRequest<T, B>,
  block: PinnedBlock,
  code: string | null,
): Promise<Attempt<T, B>> {
  const at = pointOf(source, block);
  let refused: unknown;
  const act = async (code: string) => {
    try {
      return await shoot(source, { ...at, as: { address: request.account, code } }, request);
    } catch (caught) {
      refused = caught;
      return null;
    }
  };
  const [acted, direct] = await Promise.all([
    code === null ? null : act(code),
    callDirectly(at, request.account, request.call),
  ]);
  return { block, shot: acted ?? (await shoot(source, at, request)), direct, refused };
}

/** Everything at the node's latest block; again, at its hash, where the answers are not known to be of one. */
async function attemptNow<T, B>(
  source: Source,
  request: OperationRequest<T, B>,
  code: string | null,
): Promise<Attempt<T, B>> {
  const { provider } = source.connection;
  if (code === null) return attemptAt(source, request, await pinBlock(provider), code);
  const at = pointOf(source);
  const [block, shot, direct] = await Promise.all([
    pinBlock(provider),
    shoot(source, { ...at, as: { address: request.account, code } }, request).catch(() => null),
    callDirectly(at, request.account, request.call),
  ]);
  if (shot?.isOf(block) && (!shot.funds.every(isReady) || same(direct, shot.outcome))) {
    return { block, shot, direct, refused: undefined };
  }
  return attemptAt(source, request, block, code);
}

/** True where the very call stands for itself: its sender has and allows enough, and nobody else has anything to grant. */
function needsNothing<T, B>(
  { grants = [] }: OperationRequest<T, B>,
  { funds, outcome }: Shot<T, B>,
  direct: Outcome<T>,
) {
  return funds.every(isReady) && (direct.ok || outcome === null || grants.length === 0);
}

/** The direct call cannot tell its block: it is believed to be of that of another simulation that says the same. */
function same<T>(a: Outcome<T>, b: Outcome<T> | null): boolean {
  const text = (outcome: Outcome<T> | null) =>
    outcome && (outcome.ok ? String(outcome.value) : `refused: ${outcome.error.shortMessage}`);
  return text(a) === text(b);
}

async function withMissing<T, B>(
  source: Source,
  request: OperationRequest<T, B>,
  { block, shot, refused }: Attempt<T, B>,
  code: string | null,
): Promise<Outcome<T>> {
  const overrides = givenBalances(source, request.account, shot.funds);
  if (code === null || shot.outcome === null) throw unsupported(code, refused);
  if (Object.keys(overrides).length === 0) return shot.outcome;
  const as = { address: request.account, code };
  const { outcome } = await shoot(source, { ...pointOf(source, block), as, overrides }, request);
  if (outcome === null) throw unsupported(code, refused);
  return outcome;
}

function unsupported(code: string | null, cause: unknown): CrosshedgeError {
  return new CrosshedgeError("UNSUPPORTED", "The operation cannot be simulated before its allowances are given.", {
    cause,
    nextStep: `${
      code === null ? "Connect with this chain's Multicall3" : "Use a node that takes state overrides"
    }, or approve the vault for the exact amounts first.`,
  });
}
