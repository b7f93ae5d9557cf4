import { stringify } from "yaml";
import { Secret } from "../secrets/secret.js";
import type { OperatorConfig } from "./schema.js";
import { variableOf } from "./signer-schema.js";
import type { ChainTarget } from "./targets.js";

/** The configuration that counts, as YAML: defaults filled in, vaults by their names and with the settings of their keeper, secrets hidden. */
export function showConfig(config: OperatorConfig, targets: readonly ChainTarget[]): string {
  const { keeper: _common, params: _params, signer: _signer, chains: _chains, storage, ...rest } = config;
  const chains = targets.map(({ chain, chainId, multicall, signer, vaults }) => ({
    ...chain,
    chainId,
    ...(multicall === undefined ? {} : { multicall }),
    signer: variableOf(signer) === null ? signer : { environment: variableOf(signer) },
    vaults: vaults.map(({ name, address, intervalSeconds, keeper }) => ({
      name,
      vault: address,
      intervalSeconds,
      keeper,
    })),
  }));
  return stringify(plain({ storage: showStorage(storage), ...rest, chains }), { lineWidth: 120 }).trimEnd();
}

function showStorage(storage: OperatorConfig["storage"]): string | Secret {
  if (storage.kind === "directory") return storage.directory;
  return storage.kind === "postgres" ? storage.url : storage.kind;
}

/** The same with each secret as the text that stands for it. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
