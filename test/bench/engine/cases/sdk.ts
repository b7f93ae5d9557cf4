import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CrosshedgeVault,
  parseToken,
  prepareClaim,
  prepareDeposit,
  prepareDepositBasket,
  prepareExitInKind,
  prepareRequestRedeem,
  readReport,
  redemption,
  send,
} from "@crosshedge/sdk";
import { JsonRpcProvider, Wallet } from "ethers";
import { keyOf } from "../../../keeper/faults/support/chain.js";
import { bundle } from "../../../sdk/package/bundle.js";
import { serveVault } from "../../../sdk/package/chain.js";
import { LIMITS } from "../../../sdk/package/published.js";
import { newRounds, settle } from "../../../support/queue.js";
import type { CountedCase } from "../case.js";

/** Request bodies of each operation, over HTTP as ethers batches them. */
async function requests(): Promise<CountedCase[]> {
  const { fixture, deployment, node } = await serveVault();
  const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  await provider.getNetwork();
  const signer = new Wallet(keyOf("bob"), provider);
  const account = signer.address;
  const { USDC, ALT } = fixture.world.deployment.tokens as { USDC: string; ALT: string };
  await fixture.world.tokens.USDC.mint(account, parseToken("2000", 6));
  await fixture.world.tokens.ALT.mint(account, parseToken("20", 18));
  const cases: CountedCase[] = [];
  const count = async <T>(name: string, most: number, run: () => Promise<T>): Promise<T> => {
    node.clear();
    const result = await run();
    cases.push({
      ...{ name: `requests of the SDK: ${name}`, unit: "request bodies", count: node.posts.length, most },
      figures: { "calls in them": node.posts.flat().length },
    });
    return result;
  };
  const { multicall } = deployment;
  const address = fixture.deployment.vault;
  const vault = await count("connect", 3, () => CrosshedgeVault.connect({ address, multicall, provider }));
  await count("report", 1, () => readReport(vault));
  await count("redemption", 1, () => redemption(vault, account));
  const [amount, shares] = [parseToken("500", 6), parseToken("100", 18)];
  const deposit = await count("prepareDeposit", 1, () => prepareDeposit(vault, { account, token: USDC, amount }));
  await count("send of a deposit with a permit", 25, () => send(deposit, signer));
  const amounts = { [USDC]: amount, [ALT]: parseToken("10", 18) };
  await count("prepareDepositBasket", 1, () => prepareDepositBasket(vault, { account, amounts }));
  await count("prepareExitInKind", 1, () => prepareExitInKind(vault, { account, shares }));
  const asked = await count("prepareRequestRedeem", 1, () => prepareRequestRedeem(vault, { account, shares }));
  await count("send of a request", 15, () => send(asked, signer));
  await newRounds(fixture);
  await settle(fixture);
  await count("prepareClaim of all that is filled", 2, () => prepareClaim(vault, { account }));
  await count("prepareClaim of some shares", 1, () => prepareClaim(vault, { account, shares: 1n }));
  provider.destroy();
  await node.close();
  return cases;
}

/** Bytes of what a page downloads, minified and gzipped, without ethers; the tests keep the same limits. */
async function sizes(): Promise<CountedCase[]> {
  const { buildSdk } = await import("../../../../scripts/build/sdk/build.js");
  const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-sizes-"));
  buildSdk(path.join(folder, "node_modules/@crosshedge/sdk"));
  const cases: CountedCase[] = [];
  for (const [name, { code, most }] of Object.entries(LIMITS)) {
    const { size, text } = await bundle(code, folder, { external: ["ethers"] });
    const figures = { "bytes before gzip": text.length };
    cases.push({ name: `size of the SDK in a bundle: ${name}`, unit: "bytes", count: size, most, figures });
  }
  rmSync(folder, { recursive: true });
  return cases;
}

/** What the SDK costs whoever builds on it: requests and bytes. */
export default async function measure(): Promise<CountedCase[]> {
  return [...(await requests()), ...(await sizes())];
}
