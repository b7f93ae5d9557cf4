import { headOf } from "../../../../keeper/src/rpc/head.js";
import type { CountedCase } from "../case.js";
import { keeperOnServedChain, type Post } from "../keeper-on-served-chain.js";

const BROADCAST = "eth_sendRawTransaction";
/** Request bodies of a tick to one node. */
const MOST = 2;

const isBroadcast = ({ methods }: Post): boolean => methods.includes(BROADCAST);

/** Most request bodies that one node got, and broadcasts to it. */
function count(posts: readonly Post[]): { reads: number; broadcasts: number } {
  const reads = [0, 1].map((node) => posts.filter((post) => post.endpoint === node && !isBroadcast(post)).length);
  const broadcasts = [0, 1].map((node) => posts.filter((post) => post.endpoint === node && isBroadcast(post)).length);
  return { reads: Math.max(...reads), broadcasts: Math.max(...broadcasts) };
}

/** Request bodies of a tick to each of two nodes, up to its broadcast; looks at heads and receipts are not the tick's. */
export default async function measure(): Promise<CountedCase[]> {
  const served = await keeperOnServedChain();
  const { keeper, provider, posts, steps } = served;
  await served.deposit(200_000);
  await keeper.pass();
  const counted: { what: string; reads: number; broadcasts: number }[] = [];
  for (const what of ["nothing to do", "a plan is sent"]) {
    if (what === "a plan is sent") await served.deposit(24_000);
    // Deposits take hours of the chain's time: their rounds are read before.
    await keeper.plan();
    await served.round(2001);
    // As the fleet's look at the feeds has them, which is one read for all vaults of a chain.
    const head = headOf(await provider.send("eth_getBlockByNumber", ["latest", false]));
    const prices = await served.prices(head);
    const before = posts.length;
    const start = performance.now();
    const result = await keeper.tick({ head, prices });
    const until = result.state === "landed" ? steps.get("sent")! : performance.now();
    const during = posts.slice(before).filter((post) => post.start >= start && post.start <= until);
    counted.push({ what: `${what} (${result.kind ?? "nothing"}, ${result.state})`, ...count(during) });
  }
  await served.close();
  return counted.map(({ what, reads, broadcasts }) => ({
    name: `requests of a tick to each of two nodes: ${what}`,
    unit: "request bodies",
    count: reads,
    most: MOST,
    figures: { "request bodies that broadcast": broadcasts },
  }));
}
