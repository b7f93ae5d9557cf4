import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { keccak256, type Provider } from "ethers";
import { type DeployRequest, deployFromFile } from "../../scripts/deploy/deploy.js";
import { type Devnet, startDevnet } from "../../scripts/devnet/devnet.js";

export const EXAMPLE = path.resolve(import.meta.dirname, "../../deployments/example.local.json");

/** A served local chain with its addresses written below a root of its own, and the example's configuration beside them. */
export interface Ground {
  readonly devnet: Devnet;
  readonly root: string;
  /** Write a changed copy of the example. */
  configure(change?: (config: Example) => void): string;
  /** Deploy in this process. */
  deploy(config: string, more?: Partial<DeployRequest>): ReturnType<typeof deployFromFile>;
  /** What the last deployment said. */
  readonly said: string[];
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests put anything into it
export type Example = any;

/** Ignition on a chain that mines at once. */
export const QUICK = { blockPollingInterval: 50 };

export async function openGround(): Promise<Ground> {
  const root = mkdtempSync(path.join(tmpdir(), "deploy-"));
  const devnet = await startDevnet({ port: 0, alt: "ALT", seed: 1, days: 1, warmUpDays: 0, root });
  const said: string[] = [];
  let configs = 0;
  return {
    devnet,
    root,
    said,
    configure(change = () => {}) {
      const config = JSON.parse(readFileSync(EXAMPLE, "utf8")) as Example;
      change(config);
      const file = path.join(root, `config-${++configs}.json`);
      writeFileSync(file, JSON.stringify(config));
      return file;
    },
    deploy(config, more = {}) {
      said.length = 0;
      const { connection } = devnet.world;
      const log = (line: string) => void said.push(line);
      return deployFromFile({ config, root, connection, url: devnet.url, log, ignition: QUICK, ...more });
    },
    async close() {
      await devnet.stop();
      rmSync(root, { recursive: true });
    },
  };
}

/** Code hashes of the contracts that transactions since a block created, and how many transactions there were. */
export async function createdSince(block: number, provider: Provider) {
  const hashes: string[] = [];
  let transactions = 0;
  for (let number = block + 1; number <= (await provider.getBlockNumber()); number++) {
    const { transactions: list = [] } = (await provider.getBlock(number)) ?? {};
    for (const hash of list) {
      transactions++;
      const receipt = await provider.getTransactionReceipt(hash);
      expect(receipt?.status).to.equal(1);
      if (receipt?.contractAddress) hashes.push(keccak256(await provider.getCode(receipt.contractAddress)));
    }
  }
  return { hashes, transactions };
}
