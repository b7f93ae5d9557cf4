import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { COVARIANCE_PARAMETERS } from "../../../scripts/deploy/parameters.js";
import { ADMIN_ROLE, GUARDIAN_ROLE } from "../../../scripts/deploy/roles.js";
import { reportRounds } from "../../../scripts/devnet/venues.js";
import { START } from "../../support/fixture.js";
import { sharedPostgres } from "../../support/postgres.js";
import { publicLimited } from "../../support/rebalance.js";
import { cli, type Said } from "../cli/support.js";
import { type FaultyChain, faultyChain } from "../faults/support/chain.js";

/** How long an administrator waits after announcing, seconds. */
const DELAY = 2 * 86_400;
/** Of the covariance oracle, seconds. */
const GRID = Number(COVARIANCE_PARAMETERS.gridStep);
/** Longest time without a sign of life, seconds. */
export const SILENCE = 86_400;

/** How a command is run. */
export interface As {
  /** Hex. */
  readonly key?: string;
  readonly stdin?: string;
}

/** A vault that is governed as in production, the program's commands, and a journal. */
export interface Desk {
  readonly chain: FaultyChain;
  /** Where the journal lies. */
  readonly storage: string;
  /** A command with the flags that it needs; `journal` where it is another one. */
  command(words: readonly string[], as?: As, journal?: string): Promise<Said>;
  /** The same, and it must succeed. Gives what it printed. */
  done(words: readonly string[], as?: As, journal?: string): Promise<string>;
  /** A file that is the test's own; its path. */
  file(name: string, text?: string): string;
  /** Dave announces calls; the delay passes, with rounds in time, and what is to be done every sixteen hours is; then the calls are made. */
  announced(calls: readonly (readonly [target: string, data: string])[], each?: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Commands of a journal that need no node. */
const OFFLINE = ["journal ls", "pause", "resume"];

/** The deployer has handed over: Dave administers and must announce, Carol is the guardian. The vault's first plan is due. */
export async function openDesk(storage?: string): Promise<Desk> {
  const chain = await faultyChain();
  const { world, deployment } = chain.fixture;
  const { deployer, dave, carol } = world.signers;
  const { time } = world.networkHelpers;
  const authority = Authority__factory.connect(deployment.accessManager, deployer);
  await publicLimited(chain.fixture, { maxSilence: BigInt(SILENCE) });
  await authority.grantRole(ADMIN_ROLE, dave, DELAY);
  await authority.grantRole(GUARDIAN_ROLE, carol, 0);
  await authority.renounceRole(ADMIN_ROLE, deployer);

  const node = await chain.endpoint(1);
  const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-runbooks-"));
  const own = storage ?? (await (await sharedPostgres()).createDatabase());
  const where = ["--rpc", node.url, "--vault", deployment.vault, "--multicall", chain.multicall];
  const local = ["chains.0.vaults.0.name=main", "chains.0.lane.finality=0", "keeper.execution.gasLimit=15000000"];
  const command: Desk["command"] = (words, { key, stdin } = {}, journal = own) => {
    const offline = OFFLINE.some((name) => words.join(" ").startsWith(name));
    const flags = [...(offline ? [] : [...where, ...local.flatMap((value) => ["--set", value])]), "--storage", journal];
    // What a test says itself comes last, and so counts.
    const [name = "", ...rest] = words;
    const all =
      name === "keys"
        ? words
        : name === "journal"
          ? ["journal", rest[0]!, ...flags, ...rest.slice(1)]
          : [name, ...flags, ...rest];
    return cli(all, key === undefined ? {} : { CROSSHEDGE_KEY: key }, stdin);
  };
  return {
    ...{ chain, command, storage: own },
    async done(words, as, journal) {
      const { code, out, said } = await command(words, as, journal);
      expect(code, `${words.join(" ")}\n${said}`).to.equal(0);
      return out;
    },
    file(name, text) {
      const file = path.join(folder, name);
      if (text !== undefined) writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    async announced(calls, each = async () => undefined) {
      const admin = authority.connect(dave);
      for (const [target, data] of calls) await admin.schedule(target, data, 0);
      const over = (await time.latest()) + DELAY;
      for (let passed = 1; (await time.latest()) < over; passed += 1) {
        const next = Math.ceil(((await time.latest()) + 120) / GRID) * GRID;
        await reportRounds(world, START, next - 60);
        await time.increaseTo(next + 60);
        if (passed % 2 === 0) await each();
      }
      for (const [target, data] of calls) await admin.execute(target, data);
    },
    async close() {
      await chain.close();
      rmSync(folder, { recursive: true });
    },
  };
}
