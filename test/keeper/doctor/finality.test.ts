import { expect } from "chai";
import { checkNodes } from "../../../keeper/src/doctor/node-checks.js";
import { LaneConfig, type LaneConfigInput } from "../../../keeper/src/lane/lane-config.js";
import type { ChainTarget } from "../../../keeper/src/operator-config/targets.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { Secret } from "../../../keeper/src/secrets/secret.js";
import { blockAt, chainTo } from "../rpc/support/fake-chain.js";
import { type Answers, fakeNode, NodeError } from "../rpc/support/fake-node.js";

describe("doctor: what is final", () => {
  const look = async (answers: Answers, finality: LaneConfigInput["finality"]) => {
    const node = await fakeNode({ ...chainTo(100), eth_getLogs: () => [], ...answers });
    try {
      const target = {
        ...{ chainId: 1, vaults: [{ address: "0xa1", keeper: parseConfig({}) }] },
        chain: { rpc: [new Secret(node.url)], lane: LaneConfig.parse({ finality }), maxHeadAgeSeconds: null },
      } as unknown as ChainTarget;
      const checks = await checkNodes(target, "chain 1", Date.now);
      return checks.find(({ name }) => name === "final block");
    } finally {
      await node.close();
    }
  };
  const withoutTag: Answers = {
    eth_getBlockByNumber: (tag: string) => {
      if (tag === "finalized") throw new NodeError(-32602, "invalid block tag finalized");
      return blockAt(tag === "latest" ? 100 : Number(tag));
    },
  };

  it("fails where the node has no word for it, since nothing that was sent could be followed", async () => {
    const check = await look(withoutTag, "finalized");
    expect(check).to.include({ verdict: "fail" });
    expect(check!.nextStep).to.include("lane.finality");
  });

  it("is in order where the node tells it, and not asked for where a number of blocks counts", async () => {
    const told = {
      eth_getBlockByNumber: (tag: string) => blockAt(tag === "latest" ? 100 : tag === "finalized" ? 64 : Number(tag)),
    };
    expect(await look(told, "finalized")).to.include({ verdict: "ok", fact: "block 64, 36 below the head" });
    expect(await look(withoutTag, 12)).to.equal(undefined);
  });
});
