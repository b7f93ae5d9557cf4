import {
  applyPage,
  type HistoryCursor,
  HistoryInterrupted,
  type HistoryPage,
  readHistory,
  type VaultEvent,
} from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { reusable } from "../../support/reusable.js";
import { behindProxy, contractsNow, type Lived, livedVault } from "./support/lived.js";
import { tamper } from "./support/log-faults.js";
import { lineOf, toldByChain } from "./support/told-by-chain.js";

const fixture = reusable(livedVault);
const QUICK = { attempts: 8, delayMs: 0 };

type Step =
  | { kind: "act"; what: number }
  | { kind: "mine"; blocks: number }
  | { kind: "fork" }
  | { kind: "reorg"; blocks: number; what: number }
  | { kind: "read"; pages: number; kept: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("act" as const), what: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("mine" as const), blocks: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fork" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("reorg" as const), blocks: fc.nat(5), what: fc.nat(6) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      pages: fc.integer({ min: 1, max: 4 }),
      kept: fc.boolean(),
    }),
  },
);
const faults = fc.record({
  limit: fc.constantFrom(3, 10, 1_000),
  drops: fc.constantFrom(0, 0.3, 0.9),
  lies: fc.constantFrom(0, 0.4),
  fails: fc.constantFrom(0, 0.02),
});

/** What changes the vault's history, each in a block of its own; what does not go does not happen. */
async function act(f: Lived, what: number): Promise<void> {
  const { alice, bob, keeper, stranger } = f.world.signers;
  const some = 10n ** 18n;
  const acts: (() => Promise<unknown>)[] = [
    () => f.vault.connect(alice).transfer(bob, some),
    () => f.rebalancer.connect(keeper).heartbeat(),
    () => f.vault.connect(alice).requestRedeem(some, alice, alice),
    () => f.vault.connect(alice).cancelRedeemRequest(some / 2n, alice, alice),
    () => f.vault.setMode(1).then(() => f.vault.setMode(0)),
    () => f.vault.setRebalancer(stranger),
    () => f.vault.setRebalancer(f.rebalancer),
  ];
  await acts[what]?.().catch(() => undefined);
}

describe("sdk: history over a chain with reorgs, by a node that lies about logs", () => {
  it("tells each event once, whatever happens between and within the reads", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        faults,
        fc.nat(),
        fc.boolean(),
        async (steps, bad, seed, whole) => {
          const f = await fixture();
          const { node, vault, close } = await behindProxy(f, seed);
          // The next block, so that reorgs go back to where the history begins.
          const from = whole ? undefined : (await f.world.ethers.provider.getBlockNumber()) + 1;
          tamper(node, bad);
          const request = (method: string, params: unknown[] = []) => f.connection.provider.request({ method, params });
          const forks: unknown[] = [];
          let cursor: HistoryCursor | undefined;
          let known: VaultEvent[] = [];
          const options = () => ({
            ...{ from, cursor, completeness: "headers" as const, retry: QUICK, reorgDepth: 100 },
          });
          let open: AsyncGenerator<HistoryPage> | undefined;
          const read = async (pages: number, kept: boolean): Promise<boolean> => {
            if (!kept) {
              // As after a restart: nothing is left but what JSON has kept.
              open = undefined;
              if (cursor) cursor = JSON.parse(JSON.stringify(cursor)) as HistoryCursor;
            }
            open ??= readHistory(vault, options());
            for (let page = 0; page < pages; page += 1) {
              const next = await open.next().catch((caught: unknown) => {
                if (!(caught instanceof HistoryInterrupted)) throw caught;
                expect(caught.cursor ?? undefined).to.deep.equal(cursor);
                return null;
              });
              if (next === null || next.done) {
                open = undefined;
                return next !== null;
              }
              const have = new Set(known.map(lineOf));
              for (const event of next.value.reorg?.removed ?? []) expect(have.has(lineOf(event))).to.equal(true);
              for (const event of next.value.events) expect(have.has(lineOf(event))).to.equal(false);
              known = applyPage(known, next.value);
              cursor = next.value.cursor;
            }
            return false;
          };
          for (const one of steps) {
            if (one.kind === "act") await act(f, one.what);
            else if (one.kind === "mine") await request("hardhat_mine", [`0x${one.blocks.toString(16)}`]);
            else if (one.kind === "fork") forks.push(await request("evm_snapshot"));
            else if (one.kind === "read") await read(one.pages, one.kept);
            else if (forks.length > 0) {
              await request("evm_revert", [forks.pop()]);
              // Another time, so other hashes.
              await request("evm_increaseTime", ["0x21"]);
              await act(f, one.what);
              await request("hardhat_mine", [`0x${(one.blocks + 1).toString(16)}`]);
            }
          }
          await request("hardhat_mine", ["0x20"]);
          for (let tries = 0; !(await read(1_000, false)); tries += 1) expect(tries).to.be.below(200);
          await close();
          expect(known.map(lineOf)).to.deep.equal(await toldByChain(f, await contractsNow(f), from));
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
