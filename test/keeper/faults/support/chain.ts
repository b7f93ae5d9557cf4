import { HDNodeWallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { ROLES, type Role, TEST_MNEMONIC } from "../../../../scripts/devnet/signers.js";
import { reportRounds } from "../../../../scripts/devnet/venues.js";
import { depositBasket } from "../../../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../../../support/fixture.js";
import { usdc, wad } from "../../../support/orders.js";
import { reusable } from "../../../support/reusable.js";
import { MAKE_BLOCK, type RpcAnswer, type RpcProxy, serveProxy, type Upstream } from "./rpc-proxy.js";

/** A point that the chain can be taken back to, as a reorg does. */
export interface ForkPoint {
  /** Leave what was mined since for so many other blocks; what was waiting at the fork point waits again. */
  reorg(blocks: number): Promise<void>;
}

/** A real vault with history that a first plan is due for, on a chain that can be tampered with. */
export interface FaultyChain {
  readonly fixture: Fixture;
  readonly multicall: string;
  readonly upstream: Upstream;
  /** A node in front of the chain; it is closed with `close`. Beside a node's methods it has MAKE_BLOCK. */
  endpoint(seed: number): Promise<RpcProxy>;
  /** Time of the latest block, unix milliseconds: what an honest clock says. */
  clock(): Promise<number>;
  automine(on: boolean): Promise<void>;
  /** @param after Seconds until the first of them */
  mine(blocks: number, after?: number): Promise<void>;
  /** Take a waiting transaction out of the pool. */
  drop(hash: string): Promise<void>;
  forkPoint(): Promise<ForkPoint>;
  /** Every feed reports its price at the start again, so many minutes later. */
  rounds(minutes: number): Promise<void>;
  epoch(): Promise<number>;
  /** Transactions of an account that are mined. */
  count(role: Role): Promise<number>;
  request<T>(method: string, params?: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

/** Seconds between two blocks, at least. */
const BLOCK_SECONDS = 12;

/** The private key of one of the world's accounts. */
export function keyOf(role: Role): string {
  return HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${ROLES.indexOf(role)}`).privateKey;
}

/** Alice's deposit waits for its first plan. */
const fundedVault = reusable(async () => {
  const fixture = await vaultWithHistory();
  await depositBasket(fixture, fixture.world.signers.alice, usdc(140_000), wad(6_000));
  return fixture;
});

/** The chain in its first state: built once in the process. */
export async function faultyChain(): Promise<FaultyChain> {
  const fixture = await fundedVault();
  const { connection, world } = fixture;
  const proxies: RpcProxy[] = [];
  const request = <T>(method: string, params: readonly unknown[] = []): Promise<T> =>
    connection.provider.request({ method, params: [...params] }) as Promise<T>;
  let making: Promise<unknown> = Promise.resolve();
  const makeBlock = (time: number): Promise<number> => {
    const made = making.then(async () => {
      const at = Math.max(time, (await world.networkHelpers.time.latest()) + BLOCK_SECONDS);
      await request("evm_setNextBlockTimestamp", [at]);
      await request("evm_mine");
      return at;
    });
    making = made.catch(() => undefined);
    return made;
  };
  const node = nodeOf(connection);
  const upstream: Upstream = async (method, params) =>
    method === MAKE_BLOCK ? { result: await makeBlock(params[0] as number) } : node(method, params);
  const automine = async (on: boolean): Promise<void> => {
    await request("evm_setAutomine", [on]);
  };
  const clock = async (): Promise<number> => (await world.networkHelpers.time.latest()) * 1000;
  await automine(true);

  return {
    fixture,
    multicall: await world.multicall.getAddress(),
    upstream,
    request,
    clock,
    automine,
    async endpoint(seed) {
      const proxy = await serveProxy(upstream, seed);
      proxies.push(proxy);
      return proxy;
    },
    async mine(blocks, after = 0) {
      const first = (await world.networkHelpers.time.latest()) + after;
      for (let made = 0; made < blocks; made += 1) await makeBlock(first);
    },
    async drop(hash) {
      await request("hardhat_dropTransaction", [hash]);
    },
    async forkPoint() {
      const snapshot = await request<string>("evm_snapshot");
      return {
        async reorg(blocks) {
          await request("evm_revert", [snapshot]);
          // Other times, so other hashes.
          for (let block = 0; block < blocks; block += 1) {
            await makeBlock((await world.networkHelpers.time.latest()) + BLOCK_SECONDS + 1);
          }
        },
      };
    },
    async rounds(minutes) {
      await reportRounds(world, START, (await world.networkHelpers.time.latest()) + minutes * 60);
    },
    epoch: async () => Number(await fixture.rebalancer.epoch()),
    count: (role) => world.ethers.provider.getTransactionCount(world.signers[role].address, "latest"),
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await automine(true);
    },
  };
}

/** What a node of a chain of this process says. */
export function nodeOf({ provider }: Pick<NetworkConnection, "provider">): Upstream {
  return async (method, params) => {
    try {
      return { result: await provider.request({ method, params: [...params] }) };
    } catch (error) {
      return { error: asNodesSayIt(error) };
    }
  };
}

/** Hardhat's errors as they travel over HTTP: the data of a revert is raw. */
function asNodesSayIt(error: unknown): Extract<RpcAnswer, { error: unknown }>["error"] {
  const { code, message, data } = error as { code?: unknown; message: string; data?: unknown };
  const raw = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  const numbered = typeof code === "number" ? code : -32_603;
  return typeof raw === "string" ? { code: numbered, message, data: raw } : { code: numbered, message };
}
