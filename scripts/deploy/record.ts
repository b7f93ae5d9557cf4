import { readFileSync } from "node:fs";
import { parseDeployment } from "@crosshedge/sdk";
import { writeDeployment } from "../devnet/deployment.js";
import type { Deployed } from "./parts.js";

/** Put a vault into the chain's file, beside the ones that are there, with the configuration it was made from. */
export function recordVault(file: string, name: string, deployed: Deployed, config: unknown): void {
  const content = JSON.parse(readFileSync(file, "utf8")) as { vaults?: Record<string, unknown> };
  const all = { ...content, vaults: { ...content.vaults, [name]: { ...deployed, config } } };
  parseDeployment(all);
  writeDeployment(file, all as never);
}
