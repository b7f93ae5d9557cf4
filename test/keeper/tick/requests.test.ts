import { createKeeper, createLane, openStore } from "@crosshedge/keeper";
import { pinBlock } from "@crosshedge/sdk";
import { expect } from "chai";
import { connectChain } from "../../../keeper/src/rpc/connect-chain.js";
import { walletOf } from "../../../scripts/devnet/keeper-parts.js";
import { movePool, reportRounds } from "../../../scripts/devnet/venues.js";
import { START } from "../../support/fixture.js";
import { nodeOf } from "../faults/support/chain.js";
import { serveProxy } from "../faults/support/rpc-proxy.js";
import { deposited } from "./support.js";

describe("keeper: requests of a tick", () => {
  it("reads new rounds and all else in one batch and tries out in another, of each of two nodes, and sends once", async () => {
    const f = await deposited();
    const nodes = [await serveProxy(nodeOf(f.connection), 1), await serveProxy(nodeOf(f.connection), 2)];
    const provider = await connectChain(nodes.map(({ url }) => url));
    try {
      const { journal } = await openStore({ kind: "memory" });
      const { chainId } = provider;
      const lane = await createLane({
        ...{ provider, wallet: walletOf(f.world, "keeper"), chainId, journal, owner: "requests" },
        config: { finality: 0 },
      });
      const multicall = await f.world.multicall.getAddress();
      const keeper = await createKeeper({ provider, journal, lane, multicall, vault: f.deployment });
      await keeper.pass();
      // Nobody trades at the perp venue: its logs have nothing new, whose time would have to be asked for.
      await reportRounds(f.world, { ...START, ALT: 7.7 }, (await f.world.networkHelpers.time.latest()) + 1_860);
      await movePool(f.world, "altUsdc", 7.7);
      const told = async () => ({ head: await pinBlock(f.world.ethers.provider) });
      const [, { mid, half, ok }] = await f.vault.portfolio();
      const prices = { mid: [...mid], half: [...half], ok };

      for (const node of nodes) node.clear();
      const acted = await keeper.tick({ ...(await told()), prices });
      expect([acted.kind, acted.state], acted.reasons.join("; ")).to.deep.equal(["rebalance", "landed"]);
      for (const { posts } of nodes) {
        const sent = posts.findIndex((methods) => methods.includes("eth_sendRawTransaction"));
        expect(sent, JSON.stringify(posts)).to.be.at.most(2);
      }
      const broadcasts = nodes.map(({ posts }) => posts.flat().filter((method) => method === "eth_sendRawTransaction"));
      expect(broadcasts.map(({ length }) => length)).to.deep.equal([1, 1]);

      for (const node of nodes) node.clear();
      const rested = await keeper.tick(await told());
      expect(rested.kind).to.equal(null);
      for (const { posts } of nodes) expect(posts, JSON.stringify(posts)).to.have.length(1);
    } finally {
      provider.destroy();
      await Promise.all(nodes.map((node) => node.close()));
    }
  });
});
