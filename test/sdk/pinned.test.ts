import { CrosshedgeVault, interfaceCall, pinBlock } from "@crosshedge/sdk";
import { expect } from "chai";
import type { Provider } from "ethers";
import { setFeed } from "../../scripts/devnet/world.js";
import { depositBasket } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

const fixture = reusable(vaultWithHistory);

/** A vault, and the blocks of the `eth_call`s that were made for it. */
async function watched(f: Fixture) {
  const blocks: unknown[] = [];
  const provider = new Proxy(f.world.ethers.provider, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (key === "call") blocks.push((given[0] as { blockTag: unknown }).blockTag);
        if (key === "send" && given[0] === "eth_call") blocks.push((given[1] as unknown[])[1]);
        return value.apply(target, given) as unknown;
      };
    },
  }) as unknown as Provider;
  const multicall = await f.world.multicall.getAddress();
  const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider, multicall });
  blocks.length = 0;
  return { vault, provider, blocks };
}

describe("sdk: a vault at the hash of a block", () => {
  it("is read in one call where prices are as expected, else in two, each at that hash", async () => {
    const f = await fixture();
    const { vault, provider, blocks } = await watched(f);
    const first = await pinBlock(provider);
    const state = await vault.readState({ block: first });
    expect(blocks).to.deep.equal([{ blockHash: first.hash, requireCanonical: true }]);

    await setFeed(f.world, "ETH", START.ETH * 1.02);
    const moved = await pinBlock(provider);
    blocks.length = 0;
    const after = await vault.readState({ block: moved });
    expect(blocks).to.deep.equal(Array.from({ length: 2 }, () => ({ blockHash: moved.hash, requireCanonical: true })));
    expect(await vault.readState({ block: first })).to.deep.equal(state);
    blocks.length = 0;
    expect(await vault.readState({ block: moved, prices: after.prices })).to.deep.equal(after);
    expect(blocks).to.have.length(1);
  });

  it("is not read from another block of the same number", async () => {
    const f = await fixture();
    const { vault, provider } = await watched(f);
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.world.networkHelpers.time.increase(45);
    const left = await pinBlock(provider);
    await snapshot.restore();
    await f.world.networkHelpers.time.increase(60);
    expect((await pinBlock(provider)).number).to.equal(left.number);
    expect((await vault.readState({ blockTag: left.number })).block.hash).to.not.equal(left.hash);
    await vault.readState({ block: left }).then(
      () => expect.fail("it was read"),
      (error: Error) => expect(error).to.have.property("name", "CrosshedgeError"),
    );
  });
});

describe("sdk: simulation", () => {
  it("shows the vault after an account's calls, and leaves it alone", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { vault } = await watched(f);
    const state = await vault.readState();
    const call = interfaceCall<void>(f.rebalancer.interface, state.rebalancer, "heartbeat");
    const keeper = f.world.signers.keeper.address;
    const allowed = await vault.simulate([call], keeper, state);
    expect(allowed.outcomes[0]).to.have.property("ok", true);
    expect(allowed.state.lastSign).to.equal(state.block.timestamp);
    expect(state.lastSign).to.be.below(state.block.timestamp);
    expect((await vault.readState()).lastSign).to.equal(state.lastSign);

    const refused = await vault.simulate([call], f.world.signers.stranger.address, state);
    expect(refused.outcomes[0]).to.have.nested.property("error.revert.name", "AccessManagedUnauthorized");
    expect(refused.state.lastSign).to.equal(state.lastSign);
    expect(refused.state).to.deep.equal(state);
  });

  it("needs a Multicall3, and says so", async () => {
    const f = await fixture();
    const { provider } = await watched(f);
    const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider });
    await expectRejection(vault.simulate([], NOBODY, await vault.readState()), "BAD_ARGUMENT", /Multicall3/);
  });
});

const NOBODY = "0x000000000000000000000000000000000000dEaD";
