import { createRequire } from "node:module";
import { network } from "hardhat";
import type { OracleRound } from "../../../keeper/src/model/covariance-oracle.js";
import type { EACAggregatorProxy } from "../../../scripts/devnet/generated/@chainlink/abi/v0.6/EACAggregatorProxy.js";
import type { FluxAggregator } from "../../../scripts/devnet/generated/@chainlink/abi/v0.6/FluxAggregator.js";
import { EACAggregatorProxy__factory } from "../../../scripts/devnet/generated/factories/@chainlink/abi/v0.6/EACAggregatorProxy__factory.js";
import { FluxAggregator__factory } from "../../../scripts/devnet/generated/factories/@chainlink/abi/v0.6/FluxAggregator__factory.js";

const require = createRequire(import.meta.url);
const ZERO = "0x0000000000000000000000000000000000000000";
const PHASE = 1n << 64n;

/** Seconds after which a round that nobody answers may be superseded. */
export const ROUND_TIMEOUT = 600;

export type Chain = Awaited<ReturnType<typeof openChain>>;

/** A Chainlink aggregator behind its proxy, both the published contracts. */
export interface Feed {
  proxy: EACAggregatorProxy;
  address: string;
  /** The aggregator of the current phase. */
  flux: FluxAggregator;
}

/** A fresh chain whose clock starts at `start` (unix seconds); several blocks may share a second. */
export async function openChain(start: number) {
  const connection = await network.create({
    network: "world",
    override: { initialDate: new Date(start * 1000), allowBlocksWithSameTimestamp: true },
  });
  const [signer] = await connection.ethers.getSigners();
  if (signer === undefined) throw new TypeError("the chain has no accounts");
  const send = (method: string, params: unknown[]) => connection.provider.request({ method, params });
  return {
    ethers: connection.ethers,
    signer,
    send,
    /** The next transaction is mined at `t`. */
    next: (t: number) => send("evm_setNextBlockTimestamp", [t]),
    /** Mines an empty block at `t`. */
    warp: async (t: number) => {
      await send("evm_setNextBlockTimestamp", [t]);
      await send("evm_mine", []);
    },
  };
}

/** An aggregator with one oracle: the chain's first account. */
export async function deployFlux(chain: Chain, decimals = 8): Promise<FluxAggregator> {
  const lowest = -(2n ** 200n);
  const flux = await new FluxAggregator__factory(chain.signer).deploy(
    ZERO,
    0,
    ROUND_TIMEOUT,
    ZERO,
    lowest,
    2n ** 200n,
    decimals,
    "test",
  );
  await flux.changeOracles([], [chain.signer.address], [chain.signer.address], 1, 1, 0);
  await flux.setRequesterPermissions(chain.signer.address, true, 0);
  return flux;
}

export async function deployFeed(chain: Chain, decimals = 8): Promise<Feed> {
  const flux = await deployFlux(chain, decimals);
  const proxy = await new EACAggregatorProxy__factory(chain.signer).deploy(await flux.getAddress(), ZERO);
  return { proxy, address: await proxy.getAddress(), flux };
}

/** Answers the open round at time `t`, or in the next second; if there is none, or `skipOpen` is set, the one after. */
export async function answer(chain: Chain, feed: Feed, value: bigint, t?: number, skipOpen = false): Promise<void> {
  if (t !== undefined) await chain.warp(t); // the round to answer depends on the time
  const { _roundId } = await feed.flux.oracleRoundState(chain.signer.address, 0);
  if (t !== undefined) await chain.next(t);
  await feed.flux.submit(skipOpen ? _roundId + 1n : _roundId, value);
}

/** Opens a round at time `t` that will time out unless it is answered. */
export async function openRound(chain: Chain, feed: Feed, t: number): Promise<void> {
  await chain.next(t);
  await feed.flux.requestNewRound();
}

/** Puts another aggregator behind the proxy. */
export async function changePhase(feed: Feed, flux: FluxAggregator): Promise<void> {
  await feed.proxy.proposeAggregator(await flux.getAddress());
  await feed.proxy.confirmAggregator(await flux.getAddress());
  feed.flux = flux;
}

/** Every round that the proxy knows, in all phases. */
export async function historyOf(feed: Feed): Promise<OracleRound[]> {
  const rounds: OracleRound[] = [];
  const phases = Number(await feed.proxy.phaseId());
  for (let phase = 1; phase <= phases; phase++) {
    let missing = 0;
    for (let id = 1n; missing < 16; id++) {
      try {
        const round = await feed.proxy.getRoundData(BigInt(phase) * PHASE + id);
        rounds.push({
          roundId: round.roundId,
          answer: round.answer,
          updatedAt: Number(round.updatedAt),
          answeredInRound: round.answeredInRound,
        });
        missing = 0;
      } catch {
        missing++;
      }
    }
  }
  return rounds;
}

/** An OpenZeppelin AccessManager, administered by the chain's first account. */
export async function deployAuthority(chain: Chain) {
  const artifact = require("@openzeppelin/contracts/build/contracts/AccessManager.json");
  const factory = await chain.ethers.getContractFactory(artifact.abi, artifact.bytecode, chain.signer);
  return factory.deploy(chain.signer.address);
}

/** A stand-in address for an asset: oracles only use it as a key. */
export function assetAddress(index: number): string {
  return `0x${(0xa55e7000 + index).toString(16).padStart(40, "0")}`;
}
