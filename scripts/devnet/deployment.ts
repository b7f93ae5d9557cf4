import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Deployment, parseDeployment } from "@crosshedge/sdk";
import { UsageError } from "../errors.js";

/** Where the token that pays oracles stands among the tokens: LINK, unless the pools' own token has that name. */
export function linkKey(altSymbol: string): string {
  return altSymbol === "LINK" ? "LinkToken" : "LINK";
}

/** Where the addresses of a chain are kept, below the project's root. */
export function deploymentFile(chainId: number, root = process.cwd()): string {
  return path.join(root, "deployments", `${chainId}.json`);
}

export function writeDeployment(file: string, deployment: Deployment): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
}

/**
 * Read a deployment that has every token of a world.
 * @throws {UsageError} the file cannot be read, or a token is missing
 * @throws {CrosshedgeError} BAD_DEPLOYMENT, naming the path of the first wrong value
 */
export function readDeployment(file: string): Deployment {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `Cannot read the addresses in ${file}.`,
      "Run `npm run devnet` once, or name the file with --deployment.",
      error,
    );
  }
  const deployment = parseDeployment(content);
  const { altSymbol, tokens } = deployment;
  const missing = ["USDC", "WBTC", "WETH", linkKey(altSymbol), altSymbol].find((symbol) => !(symbol in tokens));
  if (missing !== undefined) throw new UsageError(`${file} has no address at tokens.${missing}.`, "Add it.");
  return deployment;
}
