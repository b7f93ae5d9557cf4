import { formatDuration } from "@crosshedge/sdk";
import type { ChainTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { connectChain } from "../rpc/connect-chain.js";
import type { EndpointHealth } from "../rpc/endpoint-stats.js";
import { isEndpointFault, type Meaning } from "../rpc/fault.js";
import { type Check, Examination, fail, ok, okOr, warn } from "./check.js";

const LOCAL_CHAIN = 31_337;
const LOCAL_HOST = /^(localhost|127\..*|\[::1\])$/;
const DAY = 86_400;
const SLOW = 1000;
/** Blocks that the time between two is measured over. */
const SAMPLE = 1000;
/** Returns 42, whatever it is called with. */
const FORTY_TWO = "0x602a60005260206000f3";
const NOBODY = "0x00000000000000000000000000000000000000aa";

interface Block {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
}

/** Oldest latest block that is believed, seconds; null: any. */
export function headAgeOf({ chain: { maxHeadAgeSeconds } }: ChainTarget, chainId: number): number | null {
  return maxHeadAgeSeconds === undefined ? (chainId === LOCAL_CHAIN ? null : 120) : maxHeadAgeSeconds;
}

/** Domains, by their last two labels, or hosts that several addresses share; this machine's own do not count. */
export function sharedDomains(urls: readonly string[]): string[] {
  const domains = urls
    .filter((url) => URL.canParse(url))
    .map((url) => {
      const { hostname } = new URL(url);
      return /^[\d.]+$|^\[/.test(hostname) ? hostname : hostname.split(".").slice(-2).join(".");
    });
  const several = domains.filter((domain, i) => domains.indexOf(domain) !== i && !LOCAL_HOST.test(domain));
  return [...new Set(several)];
}

/** Look at each node by itself, and whether they agree. */
export async function checkNodes(target: ChainTarget, about: string, now: () => number): Promise<readonly Check[]> {
  const seen: { readonly name: string; readonly provider: ChainProvider; readonly head: Block }[] = [];
  const checks: Check[] = [];
  for (const [index, url] of target.chain.rpc.entries()) {
    const examination = new Examination(`${about}, rpc ${index}`);
    const found = await checkNode(examination, target, url.reveal(), now);
    checks.push(...examination.checks);
    if (found !== null) seen.push({ name: `rpc ${index}`, ...found });
  }
  const together = new Examination(about);
  if (target.chain.rpc.length > 1) {
    await together.look("nodes agree", async () => {
      const number = Math.min(...seen.map(({ head }) => head.number));
      const hashes = await Promise.all(seen.map(({ provider }) => blockAt(provider, number)));
      const fact = `block ${number}: ${seen.map(({ name }, i) => `${name} ${hashes[i]!.hash.slice(0, 10)}`).join(", ")}`;
      const next = "One is on a fork or lies: replace it. While they differ nothing is sent.";
      return okOr(seen.length > 1 && new Set(hashes.map(({ hash }) => hash)).size === 1, fact, next, "fail");
    });
    const shared = sharedDomains(target.chain.rpc.map((url) => url.reveal()));
    const next = "Name nodes of different providers: one who controls both is believed whatever both say.";
    await together.look("nodes are apart", async () =>
      okOr(
        shared.length === 0,
        shared.length === 0 ? "each is another's" : `several are of ${shared.join(", ")}`,
        next,
      ),
    );
  } else if (seen[0]?.provider.chainId !== LOCAL_CHAIN) {
    await together.look("nodes agree", async () =>
      warn("there is one node alone, and whatever it says is believed", "Name a second one, of another provider."),
    );
  }
  for (const { provider } of seen) provider.destroy();
  return [...checks, ...together.checks];
}

async function checkNode(examination: Examination, target: ChainTarget, url: string, now: () => number) {
  const provider = await examination.check("answers", async () => {
    const opened = await connectChain([url], { retries: 0 });
    const started = performance.now();
    await opened.send("eth_chainId", []);
    const milliseconds = performance.now() - started;
    const fact = `chain ${opened.chainId}, in ${milliseconds.toFixed(0)} ms`;
    if (target.chainId !== null && opened.chainId !== target.chainId) {
      opened.destroy();
      return [fail(fact, `Correct the address: the configuration means chain ${target.chainId}.`), null] as const;
    }
    const next = "Use a nearer node: a tick waits for it several times.";
    return [okOr(milliseconds < SLOW, fact, next), opened] as const;
  });
  if (provider === null) return null;
  const head = await examination.check("head", async () => {
    const block = await blockAt(provider, "latest");
    const age = now() / 1000 - block.timestamp;
    const most = headAgeOf(target, provider.chainId);
    const fact = `block ${block.number}, ${formatDuration(Math.abs(age))} ${age < 0 ? "ahead of this machine's clock" : "old"}`;
    const next = "Replace the node if others are ahead; if not, look at this machine's clock (NTP).";
    return [okOr(most === null || (age <= most && age > -60), fact, next, "fail"), block] as const;
  });
  if (head === null) return null;
  if (target.chain.lane.finality === "finalized") {
    await examination.look("final block", async () => {
      const block = await blockAt(provider, "finalized").catch(() => null);
      const next = "Set lane.finality of the chain to a number of blocks: what was sent cannot be followed otherwise.";
      if (block === null) return fail("the node does not tell it", next);
      return ok(`block ${block.number}, ${head.number - block.number} below the head`);
    });
  }
  await examination.look("reads at a block's hash", async () => {
    await provider.send("eth_call", [
      { to: NOBODY, data: "0x" },
      { blockHash: head.hash, requireCanonical: true },
    ]);
    return ok("EIP-1898");
  });
  await examination.look("state overrides", async () => {
    const call = [{ to: NOBODY, data: "0x" }, "latest", { [NOBODY]: { code: FORTY_TWO } }];
    const answer: unknown = await provider.send("eth_call", call).catch(() => null);
    const next =
      "Use a node that takes them (geth, reth, nethermind, erigon): simulations do not see the state after a plan.";
    return okOr(
      typeof answer === "string" && BigInt(answer) === 42n,
      answer === null ? "refused" : "eth_call takes them",
      next,
    );
  });
  await examination.look("depth of logs", () => logsOf(provider, target, head));
  await examination.look("faults", async () => faultsOf(provider.endpoints[0]!));
  return { provider, head };
}

/** What the checks before have met: limits of the plan show here first. */
function faultsOf({ state, stats: { requests, posts, milliseconds, faults } }: EndpointHealth) {
  const met = Object.entries(faults).filter(([meaning]) => isEndpointFault(meaning as Meaning));
  const words = met.map(([meaning, times]) => `${meaning} ${times} times`).join(", ") || "none";
  const each = (milliseconds / Math.max(posts, 1)).toFixed(0);
  const fact = `${words}, of ${requests} questions in ${posts} posts of ${each} ms each; the node is ${state}`;
  const next = "See the provider's status and the limits of the plan: a node that fails in a row is left alone.";
  return okOr(met.length === 0, fact, next);
}

async function logsOf(provider: ChainProvider, { vaults }: ChainTarget, head: Block) {
  const days = Math.max(...vaults.map(({ keeper }) => keeper.model.warmUpDays));
  const range = Math.min(...vaults.map(({ keeper }) => keeper.execution.logRange));
  const back = Math.min(SAMPLE, head.number);
  const earlier = await blockAt(provider, head.number - back);
  const seconds = back === 0 ? 1 : Math.max((head.timestamp - earlier.timestamp) / back, 0.01);
  const from = Math.max(0, head.number - Math.round((days * DAY) / seconds));
  const to = Math.min(head.number, from + range - 1);
  const hex = (block: number): string => `0x${block.toString(16)}`;
  const query = { fromBlock: hex(from), toBlock: hex(to), address: vaults[0]!.address };
  const answer: unknown = await provider.send("eth_getLogs", [query]).catch((caught: Error) => caught.message);
  const fact = `${days} days back: blocks ${from} to ${to}${Array.isArray(answer) ? "" : `: ${String(answer)}`}`;
  const next =
    "Lower keeper.execution.logRange, or use a node with these logs: what funding was is not known otherwise.";
  return okOr(Array.isArray(answer), fact, next);
}

async function blockAt(provider: ChainProvider, block: number | "latest" | "finalized"): Promise<Block> {
  const tag = typeof block === "number" ? `0x${block.toString(16)}` : block;
  const raw = (await provider.send("eth_getBlockByNumber", [tag, false])) as Record<
    "number" | "hash" | "timestamp",
    string
  >;
  return { number: Number(raw.number), hash: raw.hash, timestamp: Number(raw.timestamp) };
}
