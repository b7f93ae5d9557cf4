import {
  interfaceCall,
  pinBlock,
  readAuthority,
  readHolding,
  readReport,
  readRoles,
  simulateCalls,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, liquidityLegIn } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectRejection, watched } from "./support.js";

const fixture = reusable(vaultWithHistory);

/** A vault, and the requests that were made for it since it was connected. */
async function connected(f: Fixture) {
  const { provider, seen } = watched(f.world.ethers.provider);
  const vault = await connect(f, { provider });
  seen.length = 0;
  return { vault, provider, seen };
}

describe("sdk: a vault at the latest block", () => {
  it("is reported in one request, its header beside it; in one more where a price has moved", async () => {
    const f = await fixture();
    const { vault, provider, seen } = await connected(f);
    const asked = () => seen.splice(0).map(({ method }) => method);
    await vault.readState();
    asked();
    await f.world.networkHelpers.mine();
    const report = await readReport(vault);
    expect(asked()).to.deep.equal(["eth_getBlockByNumber", "eth_call"]);
    expect(report.block).to.deep.equal(await pinBlock(provider));
    await setFeed(f.world, "ETH", START.ETH * 1.02);
    asked();
    const moved = await readReport(vault);
    expect(asked()).to.deep.equal(["eth_getBlockByNumber", "eth_call", "eth_call"]);
    expect(moved.nav?.mid).to.equal((await f.vault.nav()).mid);
  });

  it("is read at the header's hash where a block came between header and call", async () => {
    const f = await fixture();
    const { provider } = f.world.ethers;
    const old = (await provider.send("eth_getBlockByNumber", ["latest", false])) as { number: string; hash: string };
    await f.world.networkHelpers.time.increase(40);
    const late = new Proxy(provider, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== "function") return value;
        return (...given: unknown[]) =>
          given[0] === "eth_getBlockByNumber" ? Promise.resolve(old) : (value.apply(target, given) as unknown);
      },
    });
    const vault = await connect(f, { provider: late });
    const state = await vault.readState();
    expect(state.block).to.include({ number: Number(old.number), hash: old.hash });
    expect(await (await connect(f)).readState({ blockTag: Number(old.number) })).to.deep.equal(state);
  });

  it("leaves what it knows of the vault alone when it reads the past", async () => {
    const f = await fixture();
    const { vault, seen } = await connected(f);
    const { block } = await vault.readState();
    await f.vault.addLeg(await liquidityLegIn(f, f.world.deployment.uniswap.pools.altWeth, 1));
    expect((await vault.readState()).legs).to.have.length(3);
    seen.length = 0;
    expect((await vault.readState({ blockTag: block.number })).legs).to.have.length(2);
    expect(vault.layout.legs).to.have.length(3);
    seen.length = 0;
    await vault.readState();
    expect(seen.map(({ method }) => method)).to.deep.equal(["eth_getBlockByNumber", "eth_call"]);
  });
});

describe("sdk: a vault at the hash of a block", () => {
  it("is read in one call where prices are as expected, else in two, each at that hash", async () => {
    const f = await fixture();
    const { vault, provider, seen } = await connected(f);
    const first = await pinBlock(provider);
    const state = await vault.readState({ block: first });
    const calls = () => seen.splice(0).flatMap(({ method, block }) => (method === "eth_call" ? [block] : []));
    expect(calls()).to.deep.equal([{ blockHash: first.hash, requireCanonical: true }]);

    await setFeed(f.world, "ETH", START.ETH * 1.02);
    const moved = await pinBlock(provider);
    calls();
    const after = await vault.readState({ block: moved });
    const there = { blockHash: moved.hash, requireCanonical: true };
    expect(calls()).to.deep.equal([there, there]);
    expect(await vault.readState({ block: first })).to.deep.equal(state);
    calls();
    expect(await vault.readState({ block: moved, prices: after.prices })).to.deep.equal(after);
    expect(calls()).to.have.length(1);
  });

  it("is not read from another block of the same number", async () => {
    const f = await fixture();
    const { vault, provider } = await connected(f);
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

  it("is read at the hash that is given for a tag; holdings and roles in it are read at its hash too", async () => {
    const f = await fixture();
    const { vault, provider, seen } = await connected(f);
    const block = await pinBlock(provider);
    const there = { blockHash: block.hash, requireCanonical: true };
    const calls = () => seen.splice(0).flatMap(({ method, block }) => (method === "eth_call" ? [block] : []));
    const state = await vault.readState({ blockTag: block.hash ?? "" });
    expect([state.block, calls()]).to.deep.equal([block, [there]]);
    await readHolding(vault, f.world.signers.alice.address);
    expect(calls()).to.deep.equal(["latest", there]);
    await readRoles(vault, state, [f.world.signers.alice.address]);
    await readAuthority(vault, state, block.number);
    expect(calls()).to.deep.equal([there, there, there]);
  });
});

describe("sdk: simulation", () => {
  it("shows the vault after an account's calls, and leaves it alone", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const { vault } = await connected(f);
    const state = await vault.readState();
    const call = interfaceCall<void>(f.rebalancer.interface, state.rebalancer, "heartbeat");
    const keeper = f.world.signers.keeper.address;
    const allowed = await simulateCalls(vault, [call], keeper, state);
    expect(allowed.outcomes[0]).to.have.property("ok", true);
    expect(allowed.state.lastSign).to.equal(state.block.timestamp);
    expect(state.lastSign).to.be.below(state.block.timestamp);
    expect((await vault.readState()).lastSign).to.equal(state.lastSign);

    const refused = await simulateCalls(vault, [call], f.world.signers.stranger.address, state);
    expect(refused.outcomes[0]).to.have.nested.property("error.revert.name", "AccessManagedUnauthorized");
    expect(refused.state.lastSign).to.equal(state.lastSign);
    expect(refused.state).to.deep.equal(state);
  });

  it("needs a Multicall3, and says so", async () => {
    const f = await fixture();
    const vault = await connect(f, { multicall: undefined });
    await expectRejection(simulateCalls(vault, [], NOBODY, await vault.readState()), "BAD_ARGUMENT", /Multicall3/);
  });
});

const NOBODY = "0x000000000000000000000000000000000000dEaD";
