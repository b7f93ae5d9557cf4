import { isAddress } from "ethers";
import type { Selectable } from "kysely";
import { KeeperError } from "../errors.js";
import type { VaultKey } from "./journal.js";
import type { TargetRow } from "./schema.js";
import type { Session } from "./session.js";

/** A vault that the journal knows, and what it is called. */
export interface KnownTarget extends VaultKey {
  readonly name: string;
}

/** Every vault that was ever kept with this storage, by name. */
export async function knownTargets(session: Session): Promise<KnownTarget[]> {
  const rows: Selectable<TargetRow>[] = await session.run((db) =>
    db.selectFrom("targets").selectAll().orderBy("name").execute(),
  );
  return rows.map(({ name, chain_id, vault }) => ({ name, chainId: chain_id, vault }));
}

/**
 * The vault of that name or address.
 *
 * @throws {KeeperError} with the names that there are
 */
export async function knownTarget(session: Session, wanted: string): Promise<KnownTarget> {
  const targets = await knownTargets(session);
  const named = targets.find(({ name }) => name === wanted);
  const same = isAddress(wanted) ? targets.filter(({ vault }) => vault === wanted.toLowerCase()) : [];
  const found = named ?? same[0];
  if (found !== undefined) return found;
  const names = targets.map(({ name }) => name).join(", ");
  throw new KeeperError(
    `The journal knows no vault "${wanted}".`,
    names === "" ? "It is empty: a first tick writes the vault down. Is --storage right?" : `It knows ${names}.`,
  );
}
