import { expect } from "chai";
import { toBeHex } from "ethers";
import { setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition } from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
/** Where the vault keeps its mode: named beforehand it is cheaper to change. */
const MODE_SLOT = toBeHex(1, 32);

describe("sync with little gas", () => {
  it("never takes a caller's lack of gas for a venue that does not answer", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    // Busy feeds make the venue's average, and so its answer, dear.
    for (let i = 0; i < 40; i++) {
      await f.world.networkHelpers.time.increase(20);
      for (const asset of ["ETH", "BTC"] as const) await setFeed(f.world, asset, START[asset] + (i % 2));
    }
    const { sync } = f.vault.connect(f.world.signers.stranger);
    const accessList = [{ address: await f.vault.getAddress(), storageKeys: [MODE_SLOT] }];
    const needed = await sync.estimateGas({ accessList });
    const impaired: bigint[] = [];
    for (let gasLimit = (needed * 4n) / 5n; gasLimit <= needed; gasLimit += 300n) {
      const mode = await sync.staticCall({ gasLimit, accessList }).catch(() => 0n);
      if (mode !== 0n) impaired.push(gasLimit);
    }
    expect(impaired).to.deep.equal([]);
    expect(await sync.staticCall({ accessList })).to.equal(0n);
  });
});
