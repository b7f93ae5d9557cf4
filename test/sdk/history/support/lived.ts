import { CrosshedgeVault } from "@crosshedge/sdk";
import { JsonRpcProvider, Network } from "ethers";
import { nodeOf } from "../../../keeper/faults/support/chain.js";
import { type RpcProxy, serveProxy } from "../../../keeper/faults/support/rpc-proxy.js";
import { changeSettings, exitInKind, liquidityLegIn } from "../../../support/actions.js";
import { type Fixture, vaultWithHistory } from "../../../support/fixture.js";
import { newRounds, request, settle, withBob } from "../../../support/queue.js";
import type { Contract } from "./told-by-chain.js";

export interface Lived extends Fixture {
  /** Contracts of the vault over its life. */
  contracts: Contract[];
}

/** A vault to which about everything has happened: flows, plans, a queue, fees, rules, a leg that came and went, a Rebalancer that was replaced. */
export async function livedVault(): Promise<Lived> {
  const f = await vaultWithHistory();
  const { alice, bob, keeper } = f.world.signers;
  const block = () => f.world.ethers.provider.getBlockNumber();
  await changeSettings(f, { feeRecipient: alice.address, managementFee: 10n ** 16n });
  const { alices, bobs } = await withBob(f);
  await f.rebalancer.connect(keeper).heartbeat();
  await request(f, bob, bobs / 2n);
  await request(f, alice, alices / 50n);
  await f.vault.connect(alice).cancelRedeemRequest(alices / 100n, alice, alice);
  await newRounds(f);
  await settle(f);
  await f.vault.connect(bob).redeem(await f.vault.maxRedeem(bob), bob, bob);
  await f.vault.connect(bob).setOperator(alice, true);
  await exitInKind(f, alice, alices / 10n);
  const leg = await liquidityLegIn(f, f.world.deployment.uniswap.pools.altWeth, 1);
  await f.vault.addLeg(leg);
  const added = await block();
  await f.vault.removeLeg(leg);
  const removed = await block();
  await f.vault.setMode(1);
  await f.vault.setMode(0);
  await f.vault.setInBasket(f.world.tokens.WBTC, false);
  const pool = await f.liquidity.pool();
  return {
    ...f,
    contracts: [
      { address: f.deployment.rebalancer, kind: "rebalancer" },
      { address: await f.liquidity.getAddress(), kind: "leg", pool },
      { address: await f.perp.getAddress(), kind: "leg" },
      { address: leg, kind: "leg", from: added, to: removed },
    ],
  };
}

/** Its contracts after more, with whose Rebalancer it was from and to which block, as its own events say. */
export async function contractsNow(f: Lived): Promise<Contract[]> {
  const sets = await f.vault.queryFilter(f.vault.filters.RebalancerSet());
  const own = sets.map(({ args, blockNumber }, k) => {
    const end = sets[k + 1]?.blockNumber;
    return { address: args.rebalancer, kind: "rebalancer" as const, from: blockNumber, ...(end && { to: end }) };
  });
  return [...own, ...f.contracts.filter(({ kind }) => kind === "leg")];
}

/** The chain behind a node that lies where it is told to, and a handle of its vault through it. */
export async function behindProxy(
  f: Fixture,
  seed = 1,
): Promise<{ node: RpcProxy; vault: CrosshedgeVault; close(): Promise<void> }> {
  const node = await serveProxy(nodeOf(f.connection), seed);
  const network = Network.from((await f.world.ethers.provider.getNetwork()).chainId);
  const provider = new JsonRpcProvider(node.url, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider });
  return {
    ...{ node, vault },
    close: async () => {
      provider.destroy();
      await node.close();
    },
  };
}
