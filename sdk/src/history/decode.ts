import { type EventFragment, Interface, type ParamType } from "ethers";
import { type Abi, interfaceOf } from "../abi/abi.js";
import { HedgeVault__events, IPerpV2Leg__events, IRebalancer__events } from "../generated/abi.js";
import { VAULT_MODES } from "../state/readRules.js";
import type { EventPlace, VaultEvent, VaultEventName } from "./events.js";
import { POOL_EVENTS } from "./poolEvents.js";
import type { RawLog } from "./rawLog.js";

/** What kind of contract raises an event. */
export type EventSource = "vault" | "rebalancer" | "leg" | "pool";

interface Known {
  readonly name: VaultEventName;
  readonly source: EventSource;
  readonly topic: string;
  readonly fragment: EventFragment;
}

const POOL_NAMES: Readonly<Record<string, VaultEventName>> = {
  Mint: "LiquidityMinted",
  Burn: "LiquidityBurned",
  Collect: "LiquidityCollected",
  Swap: "PoolSwapped",
};

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  mode: VAULT_MODES,
  impairment: ["None", "Blocked", "Damaged"],
  profile: ["Keeper", "Hedge", "Deleverage"],
  cause: ["Fill", "Margin", "Funding", "Gift", "Settlement", "Liquidation", "BadDebt"],
};

const INTERFACE = new Interface([]);

/** Events of a vault that are no part of its history: allowances, and what OpenZeppelin's contracts say of themselves. */
const LEFT_OUT: readonly string[] = ["Approval", "AuthorityUpdated", "EIP712DomainChanged", "Initialized"];

function known(source: EventSource, abi: Abi<unknown>): Known[] {
  const fragments = interfaceOf(abi).fragments as readonly EventFragment[];
  const told = fragments.filter(({ name }) => !LEFT_OUT.includes(name));
  return told.map((fragment) => {
    const name = POOL_NAMES[source === "pool" ? fragment.name : ""] ?? (fragment.name as VaultEventName);
    return { name, source, topic: fragment.topicHash, fragment };
  });
}

let table: readonly Known[] | undefined;

/** Every event; made when it is first asked for, as hashing the signatures takes a while. */
function all(): readonly Known[] {
  table ??= [
    ...known("vault", HedgeVault__events),
    ...known("rebalancer", IRebalancer__events),
    ...known("leg", IPerpV2Leg__events),
    ...known("pool", POOL_EVENTS),
  ];
  return table;
}

/** Names of all events, in no particular order. */
export function eventNames(): VaultEventName[] {
  return all().map(({ name }) => name);
}

/** First topics of the named events of some kinds of contracts. */
export function topicsOf(names: ReadonlySet<VaultEventName>, sources: readonly EventSource[]): string[] {
  return all()
    .filter(({ name, source }) => names.has(name) && sources.includes(source))
    .map(({ topic }) => topic);
}

/** The event that a log of such a contract tells; null where it is none of these, or cannot be read as it. */
export function decodeLog(source: EventSource, log: RawLog, timestamp: number): VaultEvent | null {
  const event = all().find((one) => one.source === source && one.topic === log.topics[0]);
  if (event === undefined) return null;
  let values: readonly unknown[];
  try {
    values = INTERFACE.decodeEventLog(event.fragment, log.data, log.topics).toArray();
  } catch {
    return null;
  }
  const args = named(event.fragment.inputs, values);
  const { address: contract, blockNumber, blockHash, transactionHash, transactionIndex, logIndex } = log;
  const place: EventPlace = {
    ...{ contract, blockNumber, blockHash, timestamp, transactionHash, transactionIndex, logIndex },
  };
  return { name: event.name, args, ...place } as VaultEvent;
}

function named(inputs: readonly ParamType[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map((input, index) => [input.name, plain(input, values[index])]));
}

function plain(type: ParamType, value: unknown): unknown {
  if (type.arrayChildren) return [...(value as unknown[])].map((one) => plain(type.arrayChildren as ParamType, one));
  if (type.components) return named(type.components, [...(value as unknown[])]);
  const words = type.type === "uint8" ? ENUMS[type.name] : undefined;
  return words === undefined ? value : (words[Number(value)] ?? `unknown (${String(value)})`);
}
