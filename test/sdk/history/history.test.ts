import { collectHistory, historyStart } from "@crosshedge/sdk";
import { expect } from "chai";
import { reusable } from "../../support/reusable.js";
import { behindProxy, livedVault } from "./support/lived.js";
import { lineOf, toldByChain } from "./support/told-by-chain.js";

const fixture = reusable(livedVault);

describe("sdk: history", () => {
  it("tells every event of the vault's contracts, in order", async () => {
    const f = await fixture();
    const { vault, node, close } = await behindProxy(f);
    node.clear();
    const { events } = await collectHistory(vault);
    const told = await toldByChain(f, f.contracts);
    console.log(
      told.length,
      new Set(told.map((l) => l.split(" ")[1])),
      node.posts.length,
      node.posts.flat().length,
      await historyStart(vault),
    );
    expect(events.map(lineOf)).to.deep.equal(told);
    await close();
  });
});
