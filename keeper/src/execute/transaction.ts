import { type ContractCall, interfaceCall } from "@crosshedge/sdk";
import {
  CovarianceOracle__factory,
  IHedgeVault__factory,
  IRebalancer__factory,
  IRedeemQueue__factory,
} from "@crosshedge/sdk/contracts";
import { MaxUint256 } from "ethers";
import type { KeeperConfig } from "../config.js";
import { roundsAt } from "../model/covariance-oracle.js";
import type { Observation } from "../observe/observe.js";
import type { Decision, DecisionKind } from "../plan/decide.js";
import { dueTimes } from "../plan/grid.js";
import { encodeOrder } from "../plan/orders.js";
import type { OutcomeUsd } from "./compare.js";

const ORACLE = CovarianceOracle__factory.createInterface();
const REBALANCER = IRebalancer__factory.createInterface();
const VAULT = IHedgeVault__factory.createInterface();
const QUEUE = IRedeemQueue__factory.createInterface();

/** What a decision calls. */
export interface DecidedCall {
  readonly kind: DecisionKind;
  /** As it is simulated: without a bound on what it may cost. */
  readonly simulated: ContractCall<unknown>;
  /** Grid times that a poke folds. */
  readonly folds: number;
}

/** The call that carries a decision out; null for none. */
export function callOf(
  { kind, plan }: Decision,
  observation: Observation,
  decisionHash: string,
  config: KeeperConfig,
): DecidedCall | null {
  const { state, grid } = observation;
  const { execution } = config;
  const of = (simulated: ContractCall<unknown>, folds = 0) => ({ kind: kind!, simulated, folds });
  switch (kind) {
    case null:
      return null;
    case "poke": {
      const due = dueTimes(grid, state.block.timestamp).length;
      return of(pokeCall(observation, config), Math.min(due, execution.pokeBatch));
    }
    case "rebalance": {
      const terms = {
        epoch: state.epoch,
        deadline: BigInt(state.block.timestamp + execution.deadlineSeconds),
        maxLoss: MaxUint256,
        decisionHash,
        orders: (plan?.orders ?? []).map(encodeOrder),
      };
      return of(interfaceCall(REBALANCER, state.rebalancer, "rebalance", terms));
    }
    case "settle":
      return of(interfaceCall(QUEUE, state.address, "settle"));
    case "sync":
    case "accrueFees":
      return of(interfaceCall(VAULT, state.address, kind));
    case "clearAlarm":
    case "heartbeat":
      return of(interfaceCall(REBALANCER, state.rebalancer, kind));
  }
}

/** Folds the grid times that are due, as many as one transaction may. */
export function pokeCall({ state, grid, histories }: Observation, { execution }: KeeperConfig): ContractCall<unknown> {
  const times = dueTimes(grid, state.block.timestamp).slice(0, execution.pokeBatch);
  return interfaceCall(ORACLE, state.covarianceOracle, "poke", roundsAt(histories, times));
}

/** The same plan with a bound on what it may cost, share of NAV, 1e18. */
export function withMostLoss({ data, ...call }: ContractCall<unknown>, maxLoss: bigint): ContractCall<unknown> {
  const [plan] = REBALANCER.decodeFunctionData("rebalance", data);
  const { epoch, deadline, decisionHash, orders } = plan;
  return {
    ...call,
    data: REBALANCER.encodeFunctionData("rebalance", [{ epoch, deadline, maxLoss, decisionHash, orders }]),
  };
}

/** What a plan cost when it was simulated, and `slack` more. Share of NAV, 1e18; no bound where a bad price left nothing to measure. */
export function mostLoss({ navBefore, navAfter }: OutcomeUsd, slack: number): bigint {
  if (navBefore <= 0) return MaxUint256;
  return BigInt(Math.ceil((Math.max(0, 1 - navAfter / navBefore) + slack) * 1e9)) * 10n ** 9n;
}
