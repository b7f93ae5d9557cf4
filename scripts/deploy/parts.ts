import type { VaultDeployment } from "@crosshedge/sdk";

/** What one deployment put on a chain. */
export interface Deployed extends VaultDeployment {
  factory: string;
  implementations: { vault: string; rebalancer: string; legs: Record<string, string> };
  /** By name. */
  libraries: Record<string, string>;
  /** Where the first transaction is. */
  block: number;
}
