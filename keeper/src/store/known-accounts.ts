import type { Session } from "./session.js";

/** An account that signs on a chain. */
export interface KnownAccount {
  readonly chainId: number;
  readonly signer: string;
}

/** Every account that has ever had a lane of this storage. */
export async function knownAccounts(session: Session): Promise<KnownAccount[]> {
  const rows = await session.run((db) =>
    db.selectFrom("lanes").select(["chain_id", "signer"]).orderBy("chain_id").orderBy("signer").execute(),
  );
  return rows.map(({ chain_id, signer }) => ({ chainId: chain_id, signer }));
}
