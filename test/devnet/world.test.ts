import { network } from "hardhat";
import { deployWorld } from "../../scripts/devnet/world.js";

describe("w", () => {
  it("deploys", async () => {
    const c = await network.create("world");
    const t = Date.now();
    const w = await deployWorld(c, { prices: { ETH: 2300, BTC: 42000, ALT: 15, USDC: 1 } });
    console.log(Date.now() - t, "ms", JSON.stringify(w.deployment));
    console.log(await c.ethers.provider.getBlockNumber());
  });
});
