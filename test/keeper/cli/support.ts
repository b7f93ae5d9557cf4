import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { HDNodeWallet } from "ethers";
import { runCli } from "../../../keeper/src/cli/program.js";
import { deployDevnetVault } from "../../../scripts/deploy/devnet-vault.js";
import { type Devnet, startDevnet } from "../../../scripts/devnet/devnet.js";
import { ROLES, type Role, TEST_MNEMONIC } from "../../../scripts/devnet/signers.js";
import { sharedPostgres } from "../../support/postgres.js";

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
  /** Both. */
  readonly said: string;
}

/** Run a command in this process. */
export async function cli(words: readonly string[], environment: NodeJS.ProcessEnv = {}, stdin = ""): Promise<Said> {
  const [out, errors]: [string[], string[]] = [[], []];
  const code = await runCli(["node", "crosshedge", ...words], {
    environment,
    stdin: Readable.from(stdin === "" ? [] : [stdin]),
    print: (text) => void out.push(text),
    printError: (text) => void errors.push(text),
  });
  return { code, out: out.join(""), errors: errors.join(""), said: [...out, ...errors].join("") };
}

/** The private key of one of the devnet's accounts. */
export const keyOf = (role: Role): string =>
  HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${ROLES.indexOf(role)}`).privateKey;

/** A port at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A served chain with a vault, and a folder for journals and files. */
export async function servedVault(): Promise<{
  readonly devnet: Devnet;
  readonly root: string;
  /** URL of the journal's. */
  readonly database: string;
  /** Flags that mean the vault, and a journal on a Postgres server. */
  readonly where: readonly string[];
  close(): Promise<void>;
}> {
  const root = mkdtempSync(path.join(tmpdir(), "crosshedge-cli-"));
  const devnet = await startDevnet({
    ...{ port: 0, alt: "LINK", seed: 1, days: 1, warmUpDays: 1, root },
    deployVaults: deployDevnetVault,
  });
  const where = ["--rpc", devnet.url, "--deployment", path.join(root, "deployments/31337.json")];
  const database = await (await sharedPostgres()).createDatabase();
  return {
    ...{ devnet, root, database, where: [...where, "--storage", database] },
    close: async () => {
      await devnet.stop();
      rmSync(root, { recursive: true });
    },
  };
}
