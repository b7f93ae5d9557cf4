import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Simulated } from "../prepare/simulateOperation.js";
import type { PinnedBlock } from "../read/block.js";

/** A leg that refuses to be left now. */
export interface UnreachableLeg {
  readonly leg: string;
  /** The venue's reason, decoded, with its next step. */
  readonly error: CrosshedgeError;
}

/** An exit that works, perhaps without some legs. */
export interface ReachableExit<T, B> {
  readonly simulated: Simulated<T, B>;
  readonly value: T;
  /** Legs that had to be given up beside those that were listed. */
  readonly unreachable: readonly UnreachableLeg[];
}

/** Legs that a vault can have. */
const MOST_LEGS = 4;

function unreachableLeg(error: CrosshedgeError): UnreachableLeg | null {
  const { revert } = error;
  if (revert?.kind !== "custom" || revert.name !== "LegUnreachable") return null;
  return { leg: String(revert.args.leg), error };
}

/**
 * Simulates an exit, and again without each leg that refuses to be left.
 *
 * @throws {CrosshedgeError} The very call's reason to refuse, where no forfeit helps
 */
export async function withoutUnreachable<T, B>(
  simulate: (forfeit: readonly string[], at: PinnedBlock | undefined) => Promise<Simulated<T, B>>,
  listed: readonly string[],
  explain: (refusal: CrosshedgeError, before: B) => CrosshedgeError,
): Promise<ReachableExit<T, B>> {
  const unreachable: UnreachableLeg[] = [];
  let simulated: Simulated<T, B> | null = null;
  for (let tries = 0; tries <= MOST_LEGS; tries += 1) {
    const forfeit: string[] = [...listed, ...unreachable.map(({ leg }) => leg)];
    simulated = await simulate(forfeit, simulated?.block);
    const { outcome } = simulated;
    if (outcome.ok) return { simulated, value: outcome.value, unreachable };
    const next = unreachableLeg(outcome.error);
    if (next === null || forfeit.includes(next.leg))
      throw refusal(unreachable[0], explain(outcome.error, simulated.before));
    unreachable.push(next);
  }
  throw refusal(unreachable[0], new CrosshedgeError("CONTRACT_ERROR", "No leg of the vault can be left now."));
}

/** The very call's own reason, with the next step that is left when giving the leg up is refused too. */
function refusal(first: UnreachableLeg | undefined, last: CrosshedgeError): CrosshedgeError {
  if (first === undefined) return last;
  const { code, shortMessage, revert } = first.error;
  const details = { cause: last, nextStep: `${last.shortMessage} ${last.nextStep}` };
  return new CrosshedgeError(code, shortMessage, revert === undefined ? details : { ...details, revert });
}
