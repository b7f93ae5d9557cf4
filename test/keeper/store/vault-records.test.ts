import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import type { Journal } from "../../../keeper/src/store/journal.js";
import { checkTarget } from "../../../keeper/src/store/targets.js";
import { CHAIN, newIntent, SIGNER, TARGET, VAULT } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

const WHERE = { chainId: CHAIN, vault: VAULT };

onEachBackend("the journal of a vault's pauses and outcomes", (bench) => {
  it("knows what is paused and why, until it is resumed", async () => {
    const { journal } = bench().store;
    expect(await journal.paused(WHERE)).to.equal(null);
    await journal.pause(WHERE, "venue down");
    await journal.pause({ ...WHERE, vault: VAULT.toUpperCase().replace("0X", "0x") }, "venue still down");
    expect(await journal.paused(WHERE)).to.equal("venue still down");
    expect(await journal.paused({ chainId: 1, vault: VAULT })).to.equal(null);
    await journal.resume(WHERE);
    await journal.resume(WHERE);
    expect(await journal.paused(WHERE)).to.equal(null);
  });

  const outcome = (intent_id: number, time: number, gas_usd: number | null) => ({
    ...{ intent_id, chain_id: CHAIN, vault: VAULT, time, gas_usd, details: '{"legs":[]}' },
    ...{ predicted_cost: 3, realised_cost: 4.5, predicted_slippage: 0.001, realised_slippage: 0.002 },
    ...{ predicted_variance_removed: 0.1, realised_variance_removed: 0.09 },
  });
  const intentOf = async (journal: Journal, key: string) => (await journal.openIntent(newIntent({ key }))).intent.id;

  it("keeps the last outcome of an intent, and adds up what a vault has cost", async () => {
    const { journal } = bench().store;
    const [first, second] = [await intentOf(journal, "1"), await intentOf(journal, "2")];
    await journal.recordOutcome(outcome(first, 10, 1));
    await journal.recordOutcome(outcome(second, 20, null));
    await journal.recordOutcome(outcome(first, 10, 2));
    expect(await journal.outcomes(WHERE, 10)).to.deep.equal([outcome(second, 20, null), outcome(first, 10, 2)]);
    expect(await journal.outcomes(WHERE, 1)).to.have.length(1);
    expect(await journal.costs(WHERE, 10)).to.deep.equal({ gasUsd: 2, tradingUsd: 9, intents: 2, firstAt: 10 });
    expect(await journal.costs(WHERE, 11)).to.deep.equal({ gasUsd: 0, tradingUsd: 4.5, intents: 1, firstAt: 20 });
    expect(await journal.costs({ chainId: 1, vault: VAULT }, 0)).to.deep.equal({
      gasUsd: 0,
      tradingUsd: 0,
      intents: 0,
      firstAt: null,
    });
  });

  it("does not count what a reorg has undone for good", async () => {
    const { journal } = bench().store;
    const [stays, undone] = [await intentOf(journal, "1"), await intentOf(journal, "2")];
    for (const id of [stays, undone]) await journal.recordOutcome(outcome(id, 10, 1));
    const hold = (await journal.takeLane(CHAIN, SIGNER, "one", 60_000))!;
    await journal.updateIntent(hold, undone, { status: "void", succeeded: null });
    expect(await journal.outcomes(WHERE, 10)).to.deep.equal([outcome(stays, 10, 1)]);
    expect(await journal.costs(WHERE, 0)).to.deep.equal({ gasUsd: 1, tradingUsd: 4.5, intents: 1, firstAt: 10 });
  });
});

onEachBackend("the journal's targets", (bench) => {
  const IDENTITY = { ...WHERE, genesis: `0x${"00".repeat(31)}01` };
  const check = (name: string, change: Partial<typeof IDENTITY> = {}) =>
    checkTarget(bench().store.session, name, { ...IDENTITY, ...change });
  const refusal = async (work: Promise<void>): Promise<string> => {
    const error = await work.catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(KeeperError);
    return (error as Error).message;
  };

  it("are what they were at first, in any case of letters", async () => {
    await check("main");
    await check("main", { vault: VAULT.toUpperCase().replace("0X", "0x") });
    await check("second", { vault: TARGET });
  });

  it("refuse another vault, chain or genesis, and say what to do", async () => {
    await check("main");
    expect(await refusal(check("main", { vault: TARGET }))).to.match(/is vault 0xa1.* and 0xc3.* now.*another name/);
    expect(await refusal(check("main", { chainId: 1 }))).to.match(/is on chain 31337 .* and on chain 1 now/);
    expect(await refusal(check("main", { genesis: "0x02" }))).to.match(
      /began with block 0x0+1 .* and with 0x02 now\. A devnet .* move the old storage away/,
    );
    expect(await refusal(check("new name", { genesis: "0x02" })), "the same chain id").to.match(/began with block/);
    await check("main");
  });

  it("write down nothing that they refuse", async () => {
    await check("main");
    await refusal(check("new name", { genesis: "0x02" }));
    await check("new name", { vault: TARGET });
  });
});
