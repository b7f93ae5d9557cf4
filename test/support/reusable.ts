import type { World } from "../../scripts/devnet/world.js";

const built = new Map<unknown, { state: unknown; restore(): Promise<void> }>();

/**
 * A fixture that is built once in the process and put back to its first state at each call.
 * Each fixture has a chain of its own, so the one of the network helpers, which knows one chain, does not serve.
 */
export function reusable<T extends { world: Pick<World, "networkHelpers"> }>(
  build: () => Promise<T>,
): () => Promise<T> {
  return async () => {
    const known = built.get(build);
    if (known) {
      await known.restore();
      return known.state as T;
    }
    const state = await build();
    const snapshot = await state.world.networkHelpers.takeSnapshot();
    built.set(build, { state, restore: () => snapshot.restore() });
    return state;
  };
}
