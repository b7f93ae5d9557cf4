import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { LaneHold, VaultKey } from "../journal.js";
import type { Database } from "../schema.js";

/** Rows whose columns have these values, whatever the table; without any, all of them. */
export function where(columns: object) {
  return <T extends keyof Database>(eb: ExpressionBuilder<Database, T>): Expression<SqlBool> =>
    eb.and(columns as Parameters<typeof eb.and>[0]);
}

/** Columns of a vault, lower-case as they are stored; what is left out is not asked for. */
export function vaultOf({ chainId, vault }: Partial<VaultKey>): { chain_id?: number; vault?: string } {
  return {
    ...(chainId !== undefined && { chain_id: chainId }),
    ...(vault !== undefined && { vault: vault.toLowerCase() }),
  };
}

/** Columns of an account, lower-case as they are stored. */
export function accountOf({ chainId, signer }: Pick<LaneHold, "chainId" | "signer">) {
  return { chain_id: chainId, signer: signer.toLowerCase() };
}
