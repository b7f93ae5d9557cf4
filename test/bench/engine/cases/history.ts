import { CrosshedgeVault, collectHistory, type HistoryOptions, historyStart } from "@crosshedge/sdk";
import { JsonRpcProvider, Network } from "ethers";
import { nodeOf } from "../../../keeper/faults/support/chain.js";
import { type RpcProxy, serveProxy } from "../../../keeper/faults/support/rpc-proxy.js";
import { hedgedPosition } from "../../../support/actions.js";
import { vaultWithHistory } from "../../../support/fixture.js";
import { type EngineCase, Took } from "../case.js";

const BLOCKS = 100_000;
/** Blocks between two signs of life of the keeper. */
const BEAT = 2_000;
/** Milliseconds that one scan may take. */
const MOST = 60_000;

interface Scan {
  readonly what: string;
  readonly options: HistoryOptions;
  /** Blocks that the node gives at once. */
  readonly limit: number;
  /** Blocks of the scan. */
  readonly blocks: number;
}

const SCANS: readonly Scan[] = [
  { what: "counters, a node without limits", options: {}, limit: BLOCKS, blocks: BLOCKS },
  { what: "counters, a node that gives 2,000 blocks", options: {}, limit: 2_000, blocks: BLOCKS },
  { what: "believing the node, 2,000 blocks", options: { completeness: "none" }, limit: 2_000, blocks: BLOCKS },
  { what: "every header's bloom", options: { completeness: "headers" }, limit: 2_000, blocks: BLOCKS / 10 },
];

/** Time and requests to read a vault's history over HTTP, from a chain of this process: what the chain takes to answer is in it. */
export default async function measure(): Promise<EngineCase[]> {
  const f = await vaultWithHistory();
  await hedgedPosition(f);
  // Not by hardhat_mine: within the blocks that it makes at once nothing has any state.
  for (let block = 0; block < BLOCKS; block += 1) {
    if (block % BEAT === 0) await f.rebalancer.heartbeat();
    else await f.connection.provider.request({ method: "evm_mine" });
  }
  const head = await f.world.ethers.provider.getBlockNumber();
  const network = Network.from((await f.world.ethers.provider.getNetwork()).chainId);
  const cases: EngineCase[] = [];
  for (const [k, { what, options, limit, blocks }] of SCANS.entries()) {
    const node = await serveProxy(nodeOf(f.connection), 1);
    limitTo(node, limit);
    const provider = new JsonRpcProvider(node.url, network, { staticNetwork: network, cacheTimeout: -1 });
    const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider });
    const from = blocks < BLOCKS ? head - blocks + 1 : await historyStart(vault);
    const [postsBefore, callsBefore] = [node.posts.length, node.posts.flat().length];
    const start = performance.now();
    const { events } = await collectHistory(vault, { ...options, from });
    const took = performance.now() - start;
    const figures = {
      ...{ "request bodies": node.posts.length - postsBefore, requests: node.posts.flat().length - callsBefore },
      ...{ events: events.length, blocks: head - from + 1 },
    };
    provider.destroy();
    await node.close();
    if (k === SCANS.length - 1) await f.connection.close();
    cases.push({
      ...{ name: `history: ${what}`, unit: "block", work: figures.blocks, once: true, most: MOST },
      own: { name: "scan", run: () => new Took(took) },
      figures: () => figures,
    });
  }
  return cases;
}

function limitTo({ rule }: RpcProxy, limit: number): void {
  rule({
    ...{ name: "limit", methods: ["eth_getLogs"] },
    when: ({ params: [filter] }) => {
      const { fromBlock, toBlock } = filter as { fromBlock?: string; toBlock?: string };
      return fromBlock !== undefined && Number(toBlock) - Number(fromBlock) >= limit;
    },
    content: () => ({ error: { code: -32_000, message: `block range too large, max range: ${limit}` } }),
  });
}
