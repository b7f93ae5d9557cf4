import { decoded } from "../errors/decoded.js";
import { IHedgeVault__views } from "../generated/abi.js";
import type { Pending } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { CrosshedgeVault, ReadOptions } from "../vault.js";
import { toReport } from "./report.js";
import type { VaultReport } from "./types.js";

/**
 * NAV, idle basket, legs, exposures, greeks, volatility, share price, queue, limits and keeper at one block, in as many requests as a state:
 * one where prices are as expected.
 *
 * @throws {CrosshedgeError} READ_FAILED, NETWORK
 * @example
 * console.log(formatReport(await readReport(vault)));
 */
export function readReport(vault: CrosshedgeVault, options: Omit<ReadOptions, "along"> = {}): Promise<VaultReport> {
  return decoded(async () => {
    const contract = contractAt(IHedgeVault__views, vault.address);
    let rooms: Pending<bigint>[] = [];
    const state = await vault.readState({
      ...options,
      along: (batch, { assets }) => {
        rooms = assets.map(({ address }) => batch.add(contractCall(contract, "depositRoom", address)));
      },
    });
    const usd = rooms.map((room) => room.orNull());
    return toReport(state, usd);
  });
}
