import { canGuard } from "./breakdown/guard.js";
import { GuardedBeta } from "./breakdown/guarded-beta.js";
import type { MethodFactory } from "./forecast/methods.js";

/** A method whose models watch whether the relation that they hedge by still holds: as it is where they do, else guarded. */
export function guardedMethod(make: MethodFactory): MethodFactory {
  return (hedges) => {
    const model = make(hedges);
    return canGuard(model) ? model : new GuardedBeta(hedges, model);
  };
}
