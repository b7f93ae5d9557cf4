import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Provider } from "ethers";
import { UsageError } from "../errors.js";

/** What a deployment began with: a later run must go on with the same. */
interface Beginning {
  /** As in the file. */
  config: unknown;
  deployer: string;
  /** First grid time of the covariance oracle, unix seconds, as text. */
  genesis: string;
  /** A block of the chain, by which it is known again. */
  block: { number: number; hash: string };
}

/** Where one deployment keeps its journal, below the root of the project. */
export function journalOf(root: string, chainId: bigint, name: string): string {
  const slug = name.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
  return path.join(root, "deployments", "ignition", `${chainId}-${slug}`);
}

/**
 * Go on with the deployment that the journal has, or get ready for one: `begin` writes down what it begins with.
 * @throws {UsageError} the journal is that of another configuration, account or chain
 */
export async function beginOrResume(
  journal: string,
  { config, deployer, genesis }: { config: unknown; deployer: string; genesis: () => Promise<bigint> },
  provider: Provider,
): Promise<{ genesis: bigint; resumed: boolean; begin(): void }> {
  const file = path.join(journal, "beginning.json");
  if (!existsSync(file)) {
    const latest = await provider.getBlock("latest");
    const beginning: Beginning = {
      config,
      deployer,
      genesis: String(await genesis()),
      block: { number: latest?.number ?? 0, hash: latest?.hash ?? "" },
    };
    return { genesis: BigInt(beginning.genesis), resumed: false, begin: () => write(file, beginning) };
  }
  const begun = JSON.parse(readFileSync(file, "utf8")) as Beginning;
  const startAnew = `Delete ${journal} to begin another deployment.`;
  const block = await provider.getBlock(begun.block.number);
  if (block?.hash !== begun.block.hash) {
    throw new UsageError(
      "The journal belongs to another chain: perhaps a local one that was started again.",
      startAnew,
    );
  }
  if (begun.deployer !== deployer) {
    throw new UsageError(
      `This deployment was begun by ${begun.deployer}, not by ${deployer}.`,
      `Use that account. ${startAnew}`,
    );
  }
  if (!isDeepStrictEqual(begun.config, config)) {
    throw new UsageError(
      "The configuration is not the one that this deployment was begun with.",
      `Put it back to what ${file} has. ${startAnew}`,
    );
  }
  return { genesis: BigInt(begun.genesis), resumed: true, begin: () => {} };
}

function write(file: string, beginning: Beginning): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(beginning, null, 2)}\n`);
}
