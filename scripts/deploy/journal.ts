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

const FILE = "beginning.json";

/** Where one deployment keeps its journal, below the root of the project. */
export function journalOf(root: string, chainId: bigint, name: string): string {
  const slug = name.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
  return path.join(root, "deployments", "ignition", `${chainId}-${slug}`);
}

/** Write down what a deployment begins with. */
export async function begin(
  journal: string,
  { config, deployer, genesis }: { config: unknown; deployer: string; genesis: bigint },
  provider: Provider,
): Promise<void> {
  const latest = await provider.getBlock("latest");
  const block = { number: latest?.number ?? 0, hash: latest?.hash ?? "" };
  const beginning: Beginning = { config, deployer, genesis: String(genesis), block };
  mkdirSync(journal, { recursive: true });
  writeFileSync(path.join(journal, FILE), `${JSON.stringify(beginning, null, 2)}\n`);
}

/**
 * The first grid time of a deployment that was begun before, undefined if none was.
 * @throws {UsageError} the journal is that of another configuration, account or chain
 */
export async function resume(
  journal: string,
  { config, deployer }: { config: unknown; deployer: string },
  provider: Provider,
): Promise<bigint | undefined> {
  const file = path.join(journal, FILE);
  if (!existsSync(file)) return undefined;
  const begun = JSON.parse(readFileSync(file, "utf8")) as Beginning;
  const startAnew = `Delete ${journal} to begin another deployment.`;
  const block = await provider.getBlock(begun.block.number);
  const first = firstTransaction(journal);
  // Two local chains that were started alike have the same blocks until somebody does something on one of them.
  const same = first === undefined || (await provider.getTransactionReceipt(first)) !== null;
  if (block?.hash !== begun.block.hash || !same) {
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
  return BigInt(begun.genesis);
}

/** Number of the block after which a deployment was begun. */
export function beginningBlock(journal: string): number {
  return (JSON.parse(readFileSync(path.join(journal, FILE), "utf8")) as Beginning).block.number;
}

/** Hash of the first transaction that Ignition saw confirmed, undefined before that. */
export function firstTransaction(journal: string): string | undefined {
  const file = path.join(journal, "journal.jsonl");
  if (!existsSync(file)) return undefined;
  const confirmed = readFileSync(file, "utf8")
    .split("\n")
    .find((line) => line.includes('"TRANSACTION_CONFIRM"'));
  return confirmed === undefined ? undefined : (JSON.parse(confirmed) as { hash: string }).hash;
}
