import { afterEach } from "mocha";
import type { ChainProvider } from "../../../../keeper/src/rpc/chain-provider.js";
import { type ChainOptions, connectChain } from "../../../../keeper/src/rpc/connect-chain.js";
import { type Head, headOf } from "../../../../keeper/src/rpc/head.js";
import { chainTo } from "./fake-chain.js";
import { type Answers, type FakeNode, fakeNode } from "./fake-node.js";

/** A way to connect to fake nodes at block 20, which are closed after each test; their posts count from then on. */
export function severalNodes() {
  const nodes: FakeNode[] = [];
  const providers: ChainProvider[] = [];
  afterEach(async () => {
    for (const provider of providers.splice(0)) provider.destroy();
    await Promise.all(nodes.splice(0).map((node) => node.close()));
  });
  return async (each: readonly Answers[], options: ChainOptions = {}) => {
    const started = await Promise.all(each.map((answers) => fakeNode({ ...chainTo(20), ...answers })));
    nodes.push(...started);
    const patient = { lagMs: 1, retries: 0, breaker: { failures: 9, restMs: 1 } };
    const provider = await connectChain(
      started.map(({ url }) => url),
      { ...patient, ...options },
    );
    providers.push(provider);
    for (const { posts, asked } of started) posts.length = asked.length = 0;
    return { provider, nodes: started };
  };
}

/** The head that a provider's nodes agree on, as a watch asks for it. */
export async function agreedHead(provider: ChainProvider): Promise<Head> {
  return headOf(await provider.send("eth_getBlockByNumber", ["latest", false]));
}

/** What a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was not rejected");
}
