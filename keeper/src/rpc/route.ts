import { keccak256, toQuantity } from "ethers";
import { ChainProvider } from "./chain-provider.js";
import { classifyRpcError } from "./classify.js";
import { Endpoint } from "./endpoint.js";
import { ENDPOINT_DEFAULTS, type EndpointOptions } from "./endpoint-options.js";
import { faultOf } from "./fault.js";
import type { Sent } from "./nodes.js";
import type { RpcRequest } from "./request.js";
import { RpcError } from "./rpc-error.js";

/** What can send one JSON-RPC request. */
export interface RpcSender {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** A way for signed transactions to reach those who build blocks. */
export interface Route {
  /** "public", or the relay's. */
  readonly name: string;
  /** A transaction may be included in so many blocks after the present one, and never later; null where it waits for ever. */
  readonly expiresBlocks: number | null;
  /** Whether it may be sent in public once it has expired; until then never. */
  readonly publicAfterExpiry: boolean;
  /**
   * @param expiresBlock Last block that may include it
   * @throws {RpcError} not taken, or no answer: then it may be on its way all the same
   */
  send(raw: string, expiresBlock: number | null): Promise<Sent>;
}

/** The way through the nodes' own pools, for everybody to see. */
export function publicRoute(provider: ChainProvider | RpcSender): Route {
  const send = async (raw: string): Promise<Sent> => {
    if (provider instanceof ChainProvider) return provider.broadcast(raw);
    const hash = keccak256(raw);
    try {
      await provider.send("eth_sendRawTransaction", [raw]);
      return { hash, alreadyKnown: false, takenBy: ["rpc"] };
    } catch (error) {
      const fault = classifyRpcError(error);
      if (fault.meaning === "alreadyKnown") return { hash, alreadyKnown: true, takenBy: ["rpc"] };
      throw new RpcError(fault);
    }
  };
  return { name: "public", expiresBlocks: null, publicAfterExpiry: false, send };
}

/** How a private relay takes transactions. */
export interface RelayOptions extends Partial<EndpointOptions> {
  readonly name: string;
  readonly url: string;
  /** "eth_sendPrivateTransaction" tells the relay the last block; by "eth_sendRawTransaction" it is only the keeper who knows. */
  readonly method: "eth_sendPrivateTransaction" | "eth_sendRawTransaction";
  readonly expiresBlocks: number;
  readonly publicAfterExpiry?: boolean;
}

/** The way through a private relay. @throws {KeeperError} an address that is not http or https */
export function relayRoute(options: RelayOptions): Route {
  const { name, url, method, expiresBlocks, publicAfterExpiry = false, ...rest } = options;
  const endpoint = new Endpoint(0, url, { ...ENDPOINT_DEFAULTS, ...rest });
  const requestOf = (raw: string, last: number | null): RpcRequest => {
    if (method === "eth_sendRawTransaction") return { method, params: [raw] };
    return { method, params: [{ tx: raw, ...(last === null ? {} : { maxBlockNumber: toQuantity(last) }) }] };
  };
  const send = async (raw: string, expiresBlock: number | null): Promise<Sent> => {
    const hash = keccak256(raw);
    const [answer] = await endpoint.ask([requestOf(raw, expiresBlock)], false);
    if (answer?.ok && String(answer.result).toLowerCase() === hash)
      return { hash, alreadyKnown: false, takenBy: [name] };
    const fault = answer === undefined || answer.ok ? faultOf("garbage", "It told another hash.") : answer.fault;
    if (fault.meaning === "alreadyKnown") return { hash, alreadyKnown: true, takenBy: [name] };
    throw new RpcError(fault, [`relay ${name}`]);
  };
  return { name, expiresBlocks, publicAfterExpiry, send };
}
