import { KeeperError, WrongSettingError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import { ChainProvider } from "./chain-provider.js";
import { Endpoint } from "./endpoint.js";
import { ENDPOINT_DEFAULTS, type EndpointOptions } from "./endpoint-options.js";
import { Nodes } from "./nodes.js";
import { mostTelling } from "./poll.js";
import type { RpcAnswer } from "./request.js";
import { RpcError } from "./rpc-error.js";

/** How a chain's nodes are used. */
export interface ChainOptions extends Partial<EndpointOptions> {
  /** The chain that is meant; by default the one that the nodes are on. */
  readonly chainId?: number;
  /** How many nodes must agree on what is read; by default two, or one where only one is given. */
  readonly agree?: number;
  /** How long a node that is late gets to catch up. */
  readonly lagMs?: number;
  readonly logger?: Logger;
}

interface Told {
  readonly endpoint: Endpoint;
  readonly answer: RpcAnswer;
}

/**
 * Connect to a chain through one node or several. A node that does not answer now is asked again later; one that is on another chain is
 * left out for good.
 *
 * @throws {KeeperError} no usable address, or nodes of different chains
 * @throws {RpcError} no node answers
 */
export async function connectChain(urls: readonly string[], options: ChainOptions = {}): Promise<ChainProvider> {
  const { chainId: expected, agree = Math.min(2, urls.length), lagMs = 400, logger = silentLogger, ...rest } = options;
  checkNumbers(urls, agree);
  const endpoints = urls.map((url, index) => new Endpoint(index, url, { ...ENDPOINT_DEFAULTS, ...rest }));
  const told = await Promise.all(endpoints.map(askChain));
  const chainId = expected ?? commonChain(told);
  for (const { endpoint, answer } of told) {
    endpoint.expectChain(chainId, answer.ok ? Number(answer.result) : null);
    report(endpoint, answer, chainId, logger);
  }
  const fit = told.filter(({ answer }) => !answer.ok || Number(answer.result) === chainId);
  if (fit.length >= agree) return new ChainProvider(chainId, new Nodes(endpoints, agree, lagMs));
  for (const endpoint of endpoints) endpoint.close();
  throw new KeeperError(
    `Of ${urls.length} RPC addresses ${fit.length} can be on chain ${chainId}, and ${agree} must agree. ${describe(told)}`,
    "Correct the addresses, or the chain that is configured.",
  );
}

function checkNumbers(urls: readonly string[], agree: number): void {
  if (urls.length === 0) throw new WrongSettingError("No RPC address is given.", "Give one with --rpc, better two.");
  if (new Set(urls).size < urls.length)
    throw new WrongSettingError(
      "The same RPC address is given twice.",
      "Give each once: a node does not check itself.",
    );
  if (!Number.isInteger(agree) || agree < 1 || agree > urls.length)
    throw new WrongSettingError(
      `${agree} nodes must agree, but ${urls.length} are given.`,
      "Lower the number that must agree, or give more addresses.",
    );
}

async function askChain(endpoint: Endpoint): Promise<Told> {
  const [answer] = await endpoint.ask([{ method: "eth_chainId", params: [] }], true);
  return { endpoint, answer: answer as RpcAnswer };
}

function commonChain(told: readonly Told[]): number {
  const chains = new Set(told.flatMap(({ answer }) => (answer.ok ? [Number(answer.result)] : [])));
  const [chainId] = chains;
  if (chainId === undefined) {
    const faults = told.flatMap(({ answer }) => (answer.ok ? [] : [answer.fault]));
    const names = told.map(({ endpoint }) => endpoint.name);
    throw new RpcError(mostTelling(faults), names);
  }
  if (chains.size === 1) return chainId;
  throw new KeeperError(
    `The nodes are on different chains. ${describe(told)}`,
    "Correct the RPC addresses, or say in the configuration which chain is meant.",
  );
}

function describe(told: readonly Told[]): string {
  const parts = told.map(({ endpoint, answer }) =>
    answer.ok ? `${endpoint.name}: chain ${Number(answer.result)}` : `${endpoint.name}: ${answer.fault.meaning}`,
  );
  return `${parts.join("; ")}.`;
}

function report(endpoint: Endpoint, answer: RpcAnswer, chainId: number, logger: Logger): void {
  const { name } = endpoint;
  if (!answer.ok) logger.warn({ endpoint: name, meaning: answer.fault.meaning }, "a node does not answer yet");
  else if (Number(answer.result) !== chainId)
    logger.error({ endpoint: name, chainId: Number(answer.result) }, "a node is on another chain, and is left out");
}
