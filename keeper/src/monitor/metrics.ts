import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const PREFIX = "crosshedge_";
const VAULT = ["chain", "vault"] as const;
const ACCOUNT = ["chain", "account"] as const;
const TICK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const WRITE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Every metric of the keeper, in a registry of its own. Ages are worked out when they are asked for. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name: PREFIX + name, help, labelNames: [...labelNames], registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: PREFIX + name, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
    new Histogram<L>({ name: PREFIX + name, help, labelNames: [...labelNames], buckets, registers });
  collectDefaultMetrics({ register: registry, prefix: PREFIX });

  return {
    registry,
    build: gauge("build_info", "1; its labels say what runs", ["version", "model"]),

    ticks: counter("ticks_total", "Ticks that ended, by what was decided, what came of it, and why", [
      ...VAULT,
      "action",
      "state",
      "code",
    ]),
    tickFailures: counter("tick_failures_total", "Ticks that broke off, by kind of error", [...VAULT, "code"]),
    tickDuration: histogram("tick_duration_seconds", "Time of a tick's parts", ["chain", "part"], TICK_SECONDS),
    tickAge: gauge("tick_age_seconds", "Since the last tick that ended", VAULT),
    attemptAge: gauge("tick_attempt_age_seconds", "Since a tick began, whether or not it ended", VAULT),
    refusals: counter("refusals_total", "What the chain or the simulation refused, by name", [...VAULT, "name"]),
    mismatches: counter("mismatches_total", "Plans whose outcome differs from the prediction", VAULT),
    paused: gauge("paused", "1 while the operator has paused the vault's keeper", VAULT),

    headNumber: gauge("head_number", "Latest block", ["chain"]),
    headAge: gauge("head_age_seconds", "Since the latest block's own time", ["chain"]),
    headStillness: gauge("head_still_seconds", "Since the head last moved", ["chain"]),
    oracleAge: gauge("oracle_age_seconds", "Since the covariance oracle's last grid time", VAULT),
    oracleStep: gauge("oracle_step_seconds", "From one grid time of the covariance oracle to the next", VAULT),
    feedAge: gauge("feed_age_seconds", "Since a price feed's last round", [...VAULT, "asset"]),
    feedHeartbeat: gauge("feed_heartbeat_seconds", "Longest time between rounds that the vault allows", [
      ...VAULT,
      "asset",
    ]),

    nav: gauge("nav_usd", "Net asset value", VAULT),
    sharePrice: gauge("share_price_usd", "One whole share, at the middle of the NAV's band", VAULT),
    volatility: gauge("volatility_ratio", "Annual volatility of the NAV by the chain's measure, 1 = 100%", VAULT),
    volatilityLimit: gauge("volatility_limit_ratio", "The most that the vault's limits allow", VAULT),
    hedgeRatio: gauge("hedge_ratio", "Short over unhedged exposure", [...VAULT, "instrument"]),
    varianceRemoved: gauge("variance_removed_ratio", "Part of the unhedged variance that the shorts take away", VAULT),
    marginRatio: gauge("margin_ratio", "Own capital over notional", [...VAULT, "leg"]),
    marginFloor: gauge("margin_floor_ratio", "Margin below which strangers may act", VAULT),
    queueShares: gauge("queue_shares", "Shares that wait to be redeemed", VAULT),
    queueWait: gauge("queue_wait_seconds", "Since the oldest of them wait", VAULT),
    queueMaxWait: gauge("queue_max_wait_seconds", "Longest wait before strangers may act", VAULT),
    lossBudget: gauge("loss_budget_left_ratio", "What is left of the keeper's loss budget, 1 = all of it", VAULT),
    epoch: gauge("epoch", "The vault's plan counter", VAULT),
    mode: gauge("mode", "0 Normal, 1 NoDeposit, 2 ReduceOnly, 3 Closed", VAULT),
    alarm: gauge("alarm", "1 while the vault's alarm stands", VAULT),
    silence: gauge("silence_seconds", "Since the keeper's last sign of life on-chain", VAULT),
    maxSilence: gauge("max_silence_seconds", "Silence after which strangers may deleverage", VAULT),
    prices: gauge("prices_ok", "1 while every price may be used", VAULT),

    intents: gauge("intents", "Latest intents of the journal, by status", [...VAULT, "status"]),
    openAge: gauge("intent_open_age_seconds", "Of the oldest intent that may still land", VAULT),
    attempts: counter("attempts_total", "Transactions sent: new, replacement, cancel, resend", [...ACCOUNT, "kind"]),
    reorgs: counter("reorgs_total", "Mined transactions that a reorg took back", ACCOUNT),
    foreign: counter(
      "foreign_transactions_total",
      "Transactions of the account that the journal does not know",
      ACCOUNT,
    ),
    gasSpentTotal: counter("gas_spent_usd_total", "Gas of mined transactions", ACCOUNT),
    transitions: counter("intent_transitions_total", "Intents that changed their status", [...ACCOUNT, "from", "to"]),
    laneHeld: gauge("lane_held", "1 while this process may sign for the account", ACCOUNT),
    laneTerm: gauge("lane_term", "How often the right to sign has changed hands", ACCOUNT),
    gasBalance: gauge("gas_balance_ether", "The account's balance in the chain's coin", ACCOUNT),
    gasRunway: gauge("gas_runway_days", "Days that the balance lasts at the present rate", ACCOUNT),

    gasCost: gauge("gas_cost_usd", "Gas of the last 30 days", VAULT),
    tradingCost: gauge("trading_cost_usd", "Realised trading cost of the last 30 days", VAULT),
    managementFee: gauge("management_fee_usd", "Management fee that 30 days bring at today's NAV", VAULT),

    rpc: counter("rpc_requests_total", "Requests to a node, by place in the configuration and by meaning", [
      "chain",
      "endpoint",
      "meaning",
    ]),
    rpcDuration: histogram("rpc_request_seconds", "Time of a request", ["chain", "endpoint"], TICK_SECONDS),
    databaseWrites: histogram("database_write_seconds", "Time of committed writes", [], WRITE_SECONDS),
    databaseFailures: counter("database_write_failures_total", "Writes that failed", []),
    databaseAge: gauge("database_write_age_seconds", "Since the last committed write", []),
    webhooks: counter("webhooks_total", "Alerts posted, by result: sent, failed, dropped", ["kind", "result"]),
  } as const;
}

export type Metrics = ReturnType<typeof createMetrics>;
