import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ConfigFlags } from "../../../keeper/src/operator-config/flags.js";
import { type LoadedConfig, loadOperatorConfig } from "../../../keeper/src/operator-config/load.js";

/** A folder of its own for the files of a test. */
export function folder() {
  const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-operator-"));
  return (name: string, content: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
}

/** The configuration of a file's text, variables and flags. */
export function load(text: string | null, environment: NodeJS.ProcessEnv = {}, flags: ConfigFlags = {}): LoadedConfig {
  const file = text === null ? undefined : folder()("keeper.yaml", text);
  return loadOperatorConfig({ file, environment, flags });
}

/** What is said of a configuration that is wrong. */
export function faultsOf(text: string | null, environment: NodeJS.ProcessEnv = {}, flags: ConfigFlags = {}): string {
  try {
    load(text, environment, flags);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The configuration was taken.");
}

export const VAULT = "0x00000000000000000000000000000000000000AA";
export const OTHER = "0x00000000000000000000000000000000000000bb";

export const GOOD = `
storage: /var/lib/crosshedge
chains:
  - chainId: 42161
    rpc:
      - https://one.example/v2/first-secret
      - https://two.example/v2/second-secret
    maxHeadAgeSeconds: 30
    vaults:
      - name: main
        vault: ${VAULT.toLowerCase()}
        keeper:
          hedge: { minTrade: 0.02 }
keeper:
  hedge: { minTrade: 0.01, riskAversion: 50 }
`;
