import { expect } from "chai";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import { NOW as BLOCK_TIME, LIMITS, type Scene, situationOf } from "../situation.js";

const START = BLOCK_TIME * 1000;

/** A monitor of one vault, and what it shows of a metric: by label values, in their order. */
function watching() {
  let time = START;
  const monitor = new Monitor({
    now: () => time,
    version: "1.2.3",
    modelHash: `0x${"ab".repeat(32)}`,
    blockedMs: () => 0,
  });
  const vault = monitor.vault({ chainId: 1, name: "alt" });
  const series = async (name: string): Promise<Record<string, number>> => {
    const lines = (await monitor.exposition()).split("\n").filter((line) => line.startsWith(`crosshedge_${name}{`));
    return Object.fromEntries(
      lines.map((line) => {
        const values = [...line.matchAll(/="([^"]*)"/g)].map(([, value]) => value);
        return [values.join(" "), Number(line.split(" ").at(-1))];
      }),
    );
  };
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { monitor, vault, series, pass };
}

const SCENE: Scene = { idle: [50_000, 0, 0, 0], perp: { cash: 20_000, eth: -5 } };

function seen(scene: Scene = SCENE) {
  const { state } = situationOf(scene);
  state.sharePrice = { mid: 2n * 10n ** 18n, low: 0n, high: 0n };
  const { timestamp } = state.block;
  const histories = state.assets.map(() => [{ roundId: 1n, answer: 1n, updatedAt: timestamp - 60 }]);
  return { state, grid: { cursor: timestamp - 500, step: 28_800 }, histories, facts: { volatility: 0.2 } };
}

describe("metrics", () => {
  it("shows an observation in dollars, shares of one and seconds", async () => {
    const { vault, series } = watching();
    vault.observed(seen({ ...SCENE, lossSpent: 0.015, waiting: 0.1 }));
    const { state } = seen(SCENE);
    expect(await series("nav_usd")).to.deep.equal({ "1 alt": Number(state.portfolio.nav) / 1e18 });
    expect((await series("loss_budget_left_ratio"))["1 alt"]).to.be.closeTo(0.25, 1e-12);
    expect(await series("margin_floor_ratio")).to.deep.equal({ "1 alt": Number(LIMITS.minMarginRatio) / 1e18 });
    expect(await series("oracle_age_seconds")).to.deep.equal({ "1 alt": 500 });
    expect(Object.keys(await series("feed_age_seconds"))).to.deep.equal(
      state.assets.map(({ symbol }) => `1 alt ${symbol}`),
    );
    expect(Object.keys(await series("hedge_ratio"))).to.deep.equal(["1 alt WETH"]);
    expect(await series("share_price_usd")).to.deep.equal({ "1 alt": 2 });
    expect((await series("queue_shares"))["1 alt"]).to.be.greaterThan(0);
    expect(await series("volatility_ratio")).to.deep.equal({ "1 alt": 0.2 });
  });

  it("measures the variance that the shorts take away as the chain does", async () => {
    const { vault, series } = watching();
    vault.observed(seen({ ...SCENE, idle: [50_000, 1_000, 0, 0] }));
    const removed = (await series("variance_removed_ratio"))["1 alt"]!;
    // By the scene's covariance: volatilities of 100% and 80%, correlated by 0.8.
    const [alt, eth, dollars] = [10_000, -5 * 2_000, 80_000];
    const unhedged = alt ** 2 + (dollars * 0.01) ** 2;
    const hedged = unhedged + (eth * 0.8) ** 2 + 2 * alt * eth * 0.8 * 0.8;
    expect(removed).to.be.closeTo(1 - hedged / unhedged, 1e-3);
  });

  it("lets go of what is no more: a leg without a position, prices that are bad, a vault of another replica", async () => {
    const { vault, series, monitor } = watching();
    vault.observed(seen());
    vault.paused(null);
    expect(await series("hedge_ratio")).to.have.property("1 alt WETH");
    vault.observed(seen({ ...SCENE, pricesOk: false }));
    expect(await series("hedge_ratio")).to.deep.equal({});
    expect(await series("nav_usd")).to.deep.equal({});
    expect(await series("prices_ok")).to.deep.equal({ "1 alt": 0 });
    vault.stop();
    for (const name of ["prices_ok", "paused", "tick_age_seconds", "feed_age_seconds"]) {
      expect(await series(name), name).to.deep.equal({});
    }
    expect(monitor.snapshot().vaults).to.deep.equal([]);
    monitor.vault({ chainId: 1, name: "alt" }).paused(null);
    expect(await series("paused")).to.deep.equal({ "1 alt": 0 });
  });

  it("lets ages grow by its clock between ticks", async () => {
    const { vault, series, pass } = watching();
    vault.attempt();
    vault.observed(seen());
    vault.ended({ kind: null, state: "idle", codes: ["nothing.due"], refused: null });
    pass(90_000);
    expect(await series("tick_age_seconds")).to.deep.equal({ "1 alt": 90 });
    expect(await series("oracle_age_seconds")).to.deep.equal({ "1 alt": 590 });
    expect((await series("feed_age_seconds"))["1 alt WETH"]).to.equal(150);
  });

  it("counts ticks by what was decided, what came of it and why, and refusals in a row", async () => {
    const { vault, series } = watching();
    const refused = {
      kind: "rebalance",
      state: "refused",
      codes: ["plan.hedge"],
      refused: { name: "CooldownNotOver" },
    };
    vault.ended(refused);
    vault.ended({ kind: null, state: "idle", codes: ["nothing.due"], refused: null });
    vault.ended(refused);
    expect(vault.health.refusalsInARow).to.equal(2);
    vault.ended({ kind: "poke", state: "landed", codes: ["poke.due"], refused: null });
    vault.failed("NETWORK");
    expect(vault.health.refusalsInARow).to.equal(0);
    expect(await series("ticks_total")).to.deep.equal({
      "1 alt rebalance refused plan.hedge": 2,
      "1 alt poke landed poke.due": 1,
      "1 alt nothing idle nothing.due": 1,
    });
    expect(await series("refusals_total")).to.deep.equal({ "1 alt CooldownNotOver": 2 });
    expect(await series("tick_failures_total")).to.deep.equal({ "1 alt NETWORK": 1 });
  });

  it("keeps labels few, and free of sentences, keys and addresses of nodes", async () => {
    const { vault, series, monitor } = watching();
    const tick = { kind: "rebalance", state: "refused", codes: [] };
    for (const name of ["execution reverted: out of luck", "https://node.example/key", `0x${"ab12".repeat(16)}`]) {
      vault.ended({ ...tick, refused: { name } });
    }
    expect(await series("refusals_total")).to.deep.equal({ "1 alt other": 3 });
    for (let i = 0; i < 1_000; i++) vault.ended({ ...tick, refused: { name: `Error${i}` } });
    expect(Object.keys(await series("refusals_total"))).to.have.length(65);
    monitor.rpc({ chainId: 1, endpoint: 0, meaning: "https://node.example/key", milliseconds: 3 });
    expect(await series("rpc_requests_total")).to.deep.equal({ "1 0 other": 1 });
    expect(await monitor.exposition()).to.not.match(/https?:|node\.example|(ab12){4}/);
  });

  it("tells intents by status and the age of the oldest that may still land", async () => {
    const { vault, series, pass } = watching();
    const made = (status: "open" | "final", created_at: number) => ({ status, created_at });
    vault.intents([made("open", START - 5_000), made("open", START - 9_000), made("final", START - 99_000)]);
    pass(1_000);
    expect(await series("intents")).to.include({ "1 alt open": 2, "1 alt final": 1, "1 alt void": 0 });
    expect(await series("intent_open_age_seconds")).to.deep.equal({ "1 alt": 10 });
    vault.intents([]);
    expect(await series("intent_open_age_seconds")).to.deep.equal({ "1 alt": 0 });
  });

  it("tells of accounts, heads, nodes and the database", async () => {
    const { monitor, series, pass } = watching();
    const account = monitor.account({ chainId: 1, signer: "0xABCD" });
    account.lane({ state: "held", term: 4 });
    account.gas({ balanceWei: 5n * 10n ** 17n });
    account.attempt("replacement");
    account.reorg();
    account.foreign();
    account.spent(1.5);
    account.transition("open", "landed");
    monitor.head({ chainId: 1, number: 7, timestamp: START / 1000 - 2 });
    monitor.rpc({ chainId: 1, endpoint: 1, meaning: "rateLimited", milliseconds: 40 });
    monitor.database(3, true);
    monitor.database(3, false);
    pass(10_000);
    monitor.head({ chainId: 1, number: 7, timestamp: START / 1000 - 2 });
    expect(await series("lane_held")).to.deep.equal({ "1 0xabcd": 1 });
    expect(await series("lane_term")).to.deep.equal({ "1 0xabcd": 4 });
    expect(await series("gas_balance_ether")).to.deep.equal({ "1 0xabcd": 0.5 });
    expect(await series("attempts_total")).to.deep.equal({ "1 0xabcd replacement": 1 });
    expect(await series("reorgs_total")).to.deep.equal({ "1 0xabcd": 1 });
    expect(await series("gas_spent_usd_total")).to.deep.equal({ "1 0xabcd": 1.5 });
    expect(await series("intent_transitions_total")).to.deep.equal({ "1 0xabcd open landed": 1 });
    expect(await series("head_age_seconds")).to.deep.equal({ 1: 12 });
    expect(await series("head_still_seconds")).to.deep.equal({ 1: 10 });
    expect(await series("rpc_requests_total")).to.deep.equal({ "1 1 rateLimited": 1 });
    const text = await monitor.exposition();
    expect(text)
      .to.include("crosshedge_database_write_failures_total 1")
      .and.include("crosshedge_database_write_age_seconds 10");
    expect(text).to.include(`crosshedge_build_info{version="1.2.3",model="0x${"ab".repeat(8)}"} 1`);
  });
});
