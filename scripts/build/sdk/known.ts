import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseDeployment } from "../../../sdk/src/deployment/deployment.js";

/** The module, below the sources' folder. */
export const KNOWN_DEPLOYMENTS_FILE = "deployment/known.ts";

/** The devnet's chain is nobody's: its addresses are in a file of whoever runs it. */
const LOCAL = "31337.json";

/**
 * The source of the module that has every committed deployment, checked and checksummed.
 *
 * @param folder Where the `<chainId>.json` are
 * @throws {CrosshedgeError} BAD_DEPLOYMENT for a file that is not one; an Error for one that is named after another chain
 */
export function knownDeploymentsSource(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name) && name !== LOCAL);
  const deployments = files.map((name) => {
    const deployment = parseDeployment(readFileSync(path.join(folder, name), "utf8"));
    if (`${deployment.chainId}.json` === name) return deployment;
    throw new Error(`${name} says it is of chain ${deployment.chainId}: name it ${deployment.chainId}.json.`);
  });
  const table = deployments
    .sort((a, b) => a.chainId - b.chainId)
    .map((deployment) => `  ${deployment.chainId}: ${JSON.stringify(deployment)},\n`);
  return `// Written by \`npm run build:sdk\` from deployments/<chainId>.json.
import type { Deployment } from "./deployment.js";

/** Every chain's deployment, by its id. */
export const KNOWN_DEPLOYMENTS: Readonly<Record<number, Deployment>> = {${table.length > 0 ? `\n${table.join("")}` : ""}};
`;
}
