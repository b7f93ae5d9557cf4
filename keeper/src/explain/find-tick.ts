import { KeeperError } from "../errors.js";
import type { Journal, Tick } from "../store/journal.js";

/** @throws {KeeperError} there is no such tick */
export async function findTick(journal: Journal, id: number): Promise<Tick> {
  const tick = await journal.tick(id);
  if (tick !== null) return tick;
  throw new KeeperError(`The journal has no tick ${id}.`, "`crosshedge journal ls` shows those that it has.");
}
