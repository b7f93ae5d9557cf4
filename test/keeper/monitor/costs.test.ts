import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import fc from "fast-check";
import { costReport, formatCosts } from "../../../keeper/src/monitor/costs.js";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import { runwayDays } from "../../../keeper/src/monitor/runway.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const SIGNER = `0x${"0A".repeat(20)}`;
const VAULT = `0x${"0B".repeat(20)}`;
const GWEI = 10n ** 9n;

describe("gas runway", () => {
  it("is the balance over what a day costs", () => {
    const use = { balanceWei: 100n, spentWei: 70n, days: 7, floorWeiPerDay: 1n };
    expect(runwayDays(use)).to.equal(10);
    expect(runwayDays({ ...use, floorWeiPerDay: 50n })).to.equal(2);
    expect(runwayDays({ ...use, spentWei: 0n, floorWeiPerDay: 0n })).to.equal(3_650);
    expect(() => runwayDays({ ...use, days: 0 })).to.throw(KeeperError);
  });

  it("never grows with what was spent, and never shrinks with the balance", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(amount, amount, amount, amount, (balanceWei, spentWei, more, floorWeiPerDay) => {
        const use = { balanceWei, spentWei, days: 7, floorWeiPerDay };
        expect(runwayDays({ ...use, spentWei: spentWei + more })).to.be.at.most(runwayDays(use));
        expect(runwayDays({ ...use, balanceWei: balanceWei + more })).to.be.at.least(runwayDays(use));
      }),
    );
  });
});

describe("costs", () => {
  let store: Store;
  let now = NOW;
  before(async () => {
    store = await openStore({ kind: "memory" }, { now: () => now });
    await spend(NOW - 40 * DAY, { wei: 9n * 10n ** 18n, gas: 900, trading: 900 });
    await spend(NOW - 10 * DAY, { wei: 10n ** 18n, gas: 30, trading: 50 });
    await spend(NOW - 2 * DAY, { wei: 2n * 10n ** 16n, gas: 5, trading: -5 });
    await spend(NOW - DAY, { wei: 10n ** 16n, gas: 2, trading: 10 });
    now = NOW;
  });
  after(() => store.close());

  /** One transaction that was mined then, of one gas at that price. */
  async function spend(at: number, { wei, gas, trading }: { wei: bigint; gas: number; trading: number }) {
    now = at;
    const { journal } = store;
    const hold = (await journal.takeLane(1, SIGNER, "me", 60_000))!;
    const { intent } = await journal.openIntent({
      ...{ chain_id: 1, vault: VAULT, signer: SIGNER, tick_id: null, kind: "heartbeat", key: `heartbeat:${at}` },
      ...{ target: VAULT, data: "0x", gas_limit: 1n, deadline: 0, notional: null },
    });
    const hash = `0x${at.toString(16).padStart(64, "0")}`;
    const fees = { max_fee: wei, max_priority_fee: 0n, route: "public", expires_block: null };
    await journal.addAttempt(hold, {
      ...{ hash, intent_id: intent.id, nonce: intent.id, cancels: false, raw: new Uint8Array([1]) },
      ...fees,
    });
    await journal.updateAttempt(hold, hash, { status: "final", gas_used: "1", gas_price: String(wei) });
    await journal.recordOutcome({
      ...{ intent_id: intent.id, chain_id: 1, vault: VAULT, time: at, details: "{}", gas_usd: gas },
      ...{ predicted_cost: null, realised_cost: trading, predicted_slippage: null, realised_slippage: null },
      ...{ predicted_variance_removed: null, realised_variance_removed: null },
    });
  }
  const report = (balanceWei = 10n ** 18n, gasPriceWei = GWEI, fee: number | null = 1_825) =>
    costReport({
      ...{ journal: store.journal, now: () => NOW, accounts: [{ chainId: 1, signer: SIGNER }] },
      vaults: [{ chainId: 1, name: "alt", address: VAULT }],
      account: async () => ({ balanceWei, gasPriceWei }),
      feeAYear: async () => fee,
    });

  it("counts a month of a vault against its fee, and a week of its account", async () => {
    const { vaults, accounts } = await report();
    // Ten days old within the month: the fee is that of ten days.
    expect(vaults[0]).to.deep.include({ days: 10, transactions: 3, gas: 37, trading: 55, fee: 50 });
    // 0.03 in the two days since the week's first transaction.
    expect(accounts[0]).to.include({ transactions: 2 });
    expect(accounts[0]!.days).to.be.closeTo(1 / 0.015, 1e-9);
  });

  it("assumes what a keeper needs anyway where less was spent", async () => {
    const { accounts } = await report(10n ** 18n, 100n * GWEI);
    expect(accounts[0]!.days).to.be.closeTo(1 / (4_000_000 * 100e-9), 1e-9);
  });

  it("reaches metrics and readiness", async () => {
    const monitor = new Monitor({ now: () => NOW, version: "1", modelHash: "0x", blockedMs: () => 0 });
    const vault = monitor.vault({ chainId: 1, name: "alt" });
    monitor.costs(await report());
    expect(vault.health.costs).to.deep.equal({ gas: 37, trading: 55, fee: 50 });
    const text = await monitor.exposition();
    expect(text).to.include('crosshedge_trading_cost_usd{chain="1",vault="alt"} 55');
    expect(text).to.match(/crosshedge_gas_runway_days\{chain="1",account="0x0a+(0a)*"\} 66\.6/);
  });

  it("prints both in columns", async () => {
    expect(
      formatCosts(await report())
        .split("\n")
        .map((line) => line.replace(/ +/g, " ")),
    ).to.deep.equal([
      "What the keeper cost, against the fee of the same days (30 at most)",
      "vault chain days transactions gas trading both management fee cost / fee",
      "alt 1 10.0 3 $37.00 $55.00 $92.00 $50.00 184%",
      "",
      "account chain balance, coins gas lasts",
      `${SIGNER} 1 1.000000 66.7 days`,
    ]);
    expect(formatCosts(await report(0n, GWEI, null)))
      .to.include("not known")
      .and.match(/0\.000000 +0\.0 days$/);
  });
});
