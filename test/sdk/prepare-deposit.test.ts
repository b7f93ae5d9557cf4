import { prepareDeposit, prepareDepositBasket, usdValue } from "@crosshedge/sdk";
import { expect } from "chai";
import { Wallet } from "ethers";
import { fund } from "../../scripts/devnet/world.js";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { approveAll, emptyBlock, execute, feeTakingVault, signAll, watchedNode } from "./preparing.js";
import { expectCode, expectRejection } from "./support.js";

const ONE = 10n ** 18n;

describe("sdk: a prepared deposit", () => {
  let f: Fixture;
  let token: string;
  let alt: string;
  let bob: Fixture["world"]["signers"]["bob"];
  const basket = () => ({ [token]: usdc(3_000), [alt]: wad(200) });

  beforeEach(async () => {
    f = await feeTakingVault();
    [token, alt] = [await f.world.tokens.USDC.getAddress(), await f.world.tokens.ALT.getAddress()];
    bob = f.world.signers.bob;
  });

  describe("does what its preview says, at the same time", () => {
    it("of one token, by an approval", async () => {
      const block = await emptyBlock(f);
      const prepared = await prepareDeposit(await connect(f), { account: bob.address, token, amount: usdc(5_000) });
      await block.back();
      await fund(f.world, bob.address, { USDC: usdc(5_000) });
      await approveAll(bob, prepared.requirements);
      expect(await f.world.tokens.USDC.allowance(bob, f.vault)).to.equal(usdc(5_000));
      await block.next();
      const { result, receipt } = await execute(bob, prepared);
      expect((await receipt.getBlock()).timestamp).to.equal(prepared.block.timestamp);
      expect(result.shares).to.equal(prepared.preview.shares);
      expect(await f.vault.balanceOf(bob)).to.equal(prepared.preview.shares);
      expect(result).to.deep.include({ receiver: bob.address, amounts: prepared.preview.amounts });
    });

    it("of a basket, by permits, for another receiver", async () => {
      const { alice } = f.world.signers;
      const before = await f.vault.balanceOf(alice);
      await fund(f.world, bob.address, { USDC: usdc(3_000), ALT: wad(200) });
      const block = await emptyBlock(f);
      const terms = { account: bob.address, amounts: basket(), receiver: alice.address };
      const prepared = await prepareDepositBasket(await connect(f), terms);
      expect(prepared.warnings.map(({ code }) => code)).to.not.include("UNFUNDED");
      expect(prepared.requirements.map(({ kind }) => kind)).to.deep.equal(["permit", "permit"]);
      const signatures = await signAll(bob, prepared.requirements);
      await block.back();
      await block.next();
      const { result } = await execute(bob, prepared, signatures);
      expect(result.shares).to.equal(prepared.preview.shares);
      expect((await f.vault.balanceOf(alice)) - before).to.equal(result.shares);
      expect(await bob.getNonce()).to.equal(1);
    });

    it("of one token, by a permit", async () => {
      await fund(f.world, bob.address, { ALT: wad(300) });
      const block = await emptyBlock(f);
      const prepared = await prepareDeposit(await connect(f), { account: bob.address, token: alt, amount: wad(300) });
      const signatures = await signAll(bob, prepared.requirements);
      await block.back();
      await block.next();
      expect((await execute(bob, prepared, signatures)).result.shares).to.equal(prepared.preview.shares);
    });

    it("with everything in place, whatever the simulation as the account would say", async () => {
      await fund(f.world, bob.address, { USDC: usdc(3_000), ALT: wad(300) });
      await f.world.tokens.USDC.connect(bob).approve(f.vault, usdc(9_999));
      await f.world.tokens.ALT.connect(bob).approve(f.vault, wad(200));
      const block = await emptyBlock(f);
      const past = { blockNumber: `0x${((await f.world.ethers.provider.getBlockNumber()) - 1).toString(16)}` };
      const { provider } = watchedNode(f, {
        eth_call: ([call, at, ...more], ask) =>
          ask([call, (call as { to: string }).to === bob.address ? past.blockNumber : at, ...more]),
      });
      const prepared = await prepareDepositBasket(await connect(f, { provider }), {
        account: bob.address,
        amounts: basket(),
      });
      expect(prepared.requirements).to.deep.equal([]);
      await block.back();
      await block.next();
      expect((await execute(bob, prepared)).result.shares).to.equal(prepared.preview.shares);
    });
  });

  it("shows what it costs", async () => {
    await f.world.networkHelpers.time.increase(600);
    const vault = await connect(f);
    const { preview, expiresAt, block } = await prepareDepositBasket(vault, {
      account: bob.address,
      amounts: basket(),
      slippage: ONE / 200n,
    });
    const { assets } = await vault.readState({ block });
    const value = assets.reduce(
      (sum, { address, decimals, price }) => sum + usdValue(basket()[address] ?? 0n, decimals, price.mid),
      0n,
    );
    expect(preview.usd).to.equal(value);
    const worth = (preview.shares * preview.sharePrice) / ONE;
    expect([preview.spread, preview.fees]).to.deep.equal([value - worth, 0n]);
    expect(preview.spread > 0n && preview.spreadRatio < ONE / 50n).to.equal(true);
    expect(preview.spreadRatio).to.equal((preview.spread * ONE) / value);
    expect(preview.managementFee).to.equal(worth / 50n);
    expect(preview.minShares).to.equal((preview.shares * 995n) / 1_000n);
    for (const [price, shares] of [
      [preview.pricePaid, preview.shares],
      [preview.worstPrice ?? 0n, preview.minShares],
    ] as const) {
      expect(price * shares >= value * ONE && (price - 1n) * shares < value * ONE).to.equal(true);
    }
    // Fees that are due belong to nobody who is in: the price counts them, and the virtual shares.
    const [{ mid }, supply] = [await f.vault.nav(), await f.vault.supplyWithFees()];
    expect(supply > (await f.vault.totalSupply())).to.equal(true);
    expect(preview.sharePrice).to.equal(((mid + 10n ** 12n) * ONE) / (supply + 10n ** 12n));
    expect(expiresAt).to.equal(block.timestamp + 1_200);
    expect(preview.rooms[token]).to.include({ usd: await f.vault.depositRoom(token), fitsIn: 0 });
  });

  it("takes one batch of requests, also where the block is known, and two where a balance is missing", async () => {
    const { provider, batches, forget, asked } = watchedNode(f);
    const vault = await connect(f, { provider });
    await fund(f.world, bob.address, { USDC: usdc(100) });
    const deposit = async (amount: bigint, more = {}) => {
      forget();
      return prepareDeposit(vault, { account: bob.address, token, amount, ...more });
    };
    const { block } = await deposit(usdc(100));
    expect(batches()).to.equal(1);
    await deposit(usdc(100), { block });
    expect(batches()).to.equal(1);
    const pinned = asked.filter(({ method }) => method === "eth_call").map(({ params }) => params[1]);
    expect(new Set(pinned.map((at) => JSON.stringify(at))).size, JSON.stringify(pinned)).to.equal(1);
    await deposit(usdc(101));
    expect(batches()).to.equal(2);
  });

  it("is of one block, also where the node's latest moves on in between", async () => {
    await fund(f.world, bob.address, { USDC: usdc(1_000) });
    let moves = false;
    const { provider } = watchedNode(f, {
      eth_call: async (params, ask) => {
        if (moves && params[1] === "latest") {
          moves = false;
          await f.world.networkHelpers.time.increase(1_800);
        }
        return ask(params);
      },
    });
    const vault = await connect(f, { provider });
    for (const approved of [0n, usdc(1_000)]) {
      await f.world.tokens.USDC.connect(bob).approve(f.vault, approved);
      moves = true;
      const terms = { account: bob.address, token, amount: usdc(1_000) };
      const moved = await prepareDeposit(vault, terms);
      expect(moves).to.equal(false);
      expect(moved.preview).to.deep.equal((await prepareDeposit(vault, { ...terms, block: moved.block })).preview);
    }
  });

  it("believes the call itself only at the block of the preview", async () => {
    await fund(f.world, bob.address, { USDC: usdc(1_000) });
    await f.world.tokens.USDC.connect(bob).approve(f.vault, usdc(1_000));
    const earlier = `0x${(await f.world.ethers.provider.getBlockNumber()).toString(16)}`;
    await f.world.networkHelpers.time.increase(1_800);
    const { provider } = watchedNode(f, {
      eth_call: ([call, at, ...more], ask) =>
        ask([call, at === "latest" && (call as { from?: string }).from === bob.address ? earlier : at, ...more]),
    });
    const terms = { account: bob.address, token, amount: usdc(1_000) };
    const { preview, block } = await prepareDeposit(await connect(f, { provider }), terms);
    expect(preview).to.deep.equal((await prepareDeposit(await connect(f), { ...terms, block })).preview);
  });

  it("is frozen, and so is its transaction", async () => {
    const prepared = await prepareDepositBasket(await connect(f), { account: bob.address, amounts: basket() });
    const open = (value: unknown, path: string): string[] =>
      typeof value !== "object" || value === null
        ? []
        : [
            ...(Object.isFrozen(value) ? [] : [path]),
            ...Object.entries(value).flatMap(([key, inner]) => open(inner, `${path}.${key}`)),
          ];
    expect(open(prepared, "prepared")).to.deep.equal([]);
    expect(open(prepared.build(), "transaction")).to.deep.equal([]);
    expect(prepared.build()).to.include({ from: bob.address, to: f.deployment.vault, chainId: 31337n, value: 0n });
  });

  it("takes no signature but the account's of these very terms", async () => {
    const prepared = await prepareDepositBasket(await connect(f), { account: bob.address, amounts: basket() });
    const own = await signAll(bob, prepared.requirements);
    const others = await signAll(f.world.signers.alice, prepared.requirements);
    const swapped = { [token]: own[alt] ?? "", [alt]: own[token] ?? "" };
    for (const wrong of [
      others,
      swapped,
      { [token]: "0x1234" },
      { [Wallet.createRandom().address]: own[token] ?? "" },
    ]) {
      expectCode(() => prepared.build(wrong), "BAD_ARGUMENT");
    }
    expect(prepared.build({ [token.toLowerCase()]: own[token] ?? "" }).data).to.not.equal(prepared.build().data);
  });

  it("asks an account with code for approvals, and everybody where they are preferred", async () => {
    const vault = await connect(f);
    const kinds = async (approval: "auto" | "permit" | "approve") =>
      (await prepareDepositBasket(vault, { account: bob.address, amounts: basket(), approval })).requirements.map(
        ({ kind }) => kind,
      );
    expect(await kinds("permit")).to.deep.equal(["permit", "permit"]);
    expect(await kinds("approve")).to.deep.equal(["approve", "approve"]);
    const plain = await prepareDepositBasket(vault, { account: bob.address, amounts: basket() });
    await f.world.networkHelpers.setCode(bob.address, "0x6000");
    expect(await kinds("auto")).to.deep.equal(["approve", "approve"]);
    await expectRejection(kinds("permit"), "PERMIT_UNSUPPORTED");
    const wallet = await prepareDepositBasket(vault, { account: bob.address, amounts: basket(), block: plain.block });
    expect(wallet.preview).to.deep.equal(plain.preview);
  });
});
