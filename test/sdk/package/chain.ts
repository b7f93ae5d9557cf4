import type { Deployment } from "@crosshedge/sdk";
import { nodeOf } from "../../keeper/faults/support/chain.js";
import { type RpcProxy, serveProxy } from "../../keeper/faults/support/rpc-proxy.js";
import { type Fixture, vaultWithHistory } from "../../support/fixture.js";
import { newRounds, settle, withBob } from "../../support/queue.js";

/** A vault with holders and a hedge, on a chain that is served to other processes. */
export interface ServedVault {
  readonly fixture: Fixture;
  readonly deployment: Deployment;
  readonly node: RpcProxy;
  /** Settles each redemption that is asked for, until it is told to stop. */
  keep(): () => Promise<void>;
}

export async function serveVault(): Promise<ServedVault> {
  const fixture = await vaultWithHistory();
  await withBob(fixture);
  const node = await serveProxy(nodeOf(fixture.connection), 1);
  const deployment: Deployment = { ...fixture.world.deployment, vaults: { main: fixture.deployment } };
  return { fixture, deployment, node, keep: () => keeperOf(fixture) };
}

function keeperOf(fixture: Fixture): () => Promise<void> {
  let [stopped, busy] = [false, Promise.resolve()];
  const settleOnce = async (): Promise<void> => {
    if (stopped) return;
    await newRounds(fixture);
    await settle(fixture);
  };
  const requested = fixture.vault.filters.RedeemRequest;
  const listener = (): void => {
    busy = busy.then(settleOnce);
  };
  void fixture.vault.on(requested, listener);
  return async () => {
    stopped = true;
    await fixture.vault.off(requested, listener);
    await busy;
  };
}
