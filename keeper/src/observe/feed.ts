import { Batch, interfaceCall, type ReadPoint } from "@crosshedge/sdk";
import { Interface, ZeroAddress } from "ethers";
import type { OracleRound } from "../model/rounds.js";

const PROXY = new Interface([
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
  "function getRoundData(uint80 roundId) view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
  "function phaseAggregators(uint16 phaseId) view returns (address)",
  "function latestRound() view returns (uint256)",
  "function decimals() view returns (uint8)",
]);
const PHASE_BITS = 64n;
const ROUND_MASK = (1n << PHASE_BITS) - 1n;

type RoundData = readonly [bigint, bigint, bigint, bigint, bigint];

/** A call for the latest round of a proxy. */
export function latestRoundCall(feed: string) {
  return interfaceCall<RoundData>(PROXY, feed, "latestRoundData");
}

/** A call for the decimals of a proxy's answers. */
export function decimalsCall(feed: string) {
  return interfaceCall<bigint>(PROXY, feed, "decimals");
}

/** The answer of a proxy as a round. */
export function toRound([roundId, answer, , updatedAt, answeredInRound]: RoundData): OracleRound {
  return { roundId, answer, updatedAt: Number(updatedAt), answeredInRound };
}

/** The phase of a proxy's round id. */
export function phaseOf(roundId: bigint): bigint {
  return roundId >> PHASE_BITS;
}

/** A proxy's round id from its parts. */
export function roundIdOf(phase: bigint, aggregatorRound: bigint): bigint {
  return (phase << PHASE_BITS) | aggregatorRound;
}

/** The aggregator's own number of a proxy's round. */
export function aggregatorRoundOf(roundId: bigint): bigint {
  return roundId & ROUND_MASK;
}

/** Rounds by id, in one call; those without data are left out. */
export async function readRounds(at: ReadPoint, feed: string, ids: readonly bigint[]): Promise<OracleRound[]> {
  const batch = new Batch(at);
  const pending = ids.map((id) => batch.add(interfaceCall<RoundData>(PROXY, feed, "getRoundData", id)));
  await batch.send();
  return pending.flatMap((answer) => {
    const data = answer.orNull();
    const round = data === null ? undefined : toRound(data);
    return round === undefined || round.updatedAt === 0 ? [] : [round];
  });
}

/** The number of the last round of a phase, 0n where the proxy does not know the phase. */
export async function lastRoundOfPhase(at: ReadPoint, feed: string, phase: bigint): Promise<bigint> {
  if (phase <= 0n) return 0n;
  const first = new Batch(at);
  const aggregator = first.add(interfaceCall<string>(PROXY, feed, "phaseAggregators", phase));
  await first.send();
  const address = aggregator.orNull();
  if (address === null || address === ZeroAddress) return 0n;
  const second = new Batch(at);
  const latest = second.add(interfaceCall<bigint>(PROXY, address, "latestRound"));
  await second.send();
  return (latest.orNull() ?? 0n) & ROUND_MASK;
}
