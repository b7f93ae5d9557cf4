import {
  type Conditions,
  CrosshedgeError,
  commonWarnings,
  decodeError,
  prepareDeposit,
  prepareDepositBasket,
  prepareExitInKind,
  prepareRequestRedeem,
  prepareSetOperator,
  WARNINGS,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { type Log, type TransactionReceipt, ZeroAddress } from "ethers";
import { fund } from "../../scripts/devnet/world.js";
import { addRooms, depositRefusal } from "../../sdk/src/deposit/room.js";
import { depositWarnings } from "../../sdk/src/deposit/warnings.js";
import { priceWithFees } from "../../sdk/src/prepare/conditions.js";
import { simulateOperation } from "../../sdk/src/prepare/simulateOperation.js";
import type { Batch } from "../../sdk/src/read/batch.js";
import { interfaceCall } from "../../sdk/src/read/call.js";
import { changeSettings, relative } from "../support/actions.js";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { approveAll, execute, feeTakingVault, signAll, watchedNode } from "./preparing.js";
import { expectRejection } from "./support.js";

const ONE = 10n ** 18n;
const NOBODY = "0x000000000000000000000000000000000000dEaD";

describe("sdk: what a prepared deposit refuses and warns of", () => {
  let f: Fixture;
  let token: string;
  let account: string;

  beforeEach(async () => {
    f = await feeTakingVault();
    token = await f.world.tokens.USDC.getAddress();
    account = f.world.signers.bob.address;
  });

  it("names the argument that is wrong", async () => {
    const vault = await connect(f);
    const amount = usdc(1_000);
    const one = (more: object) => prepareDeposit(vault, { account, token, amount, ...more });
    await expectRejection(one({ account: "0x12" }), "BAD_ARGUMENT", /`account`/);
    await expectRejection(one({ token: "USDC" }), "BAD_ARGUMENT", /`token`/);
    await expectRejection(one({ token: f.deployment.vault }), "TOKEN_NOT_IN_BASKET", /basket/);
    await expectRejection(one({ receiver: "me" }), "BAD_ARGUMENT", /`receiver`/);
    await expectRejection(
      one({ receiver: f.deployment.vault.toLowerCase() }),
      "BAD_ARGUMENT",
      /`receiver` is the vault/,
    );
    await expectRejection(one({ receiver: ZeroAddress }), "BAD_ARGUMENT", /`receiver` is the zero address/);
    const secret = "c0ffee".repeat(11).slice(0, 64);
    for (const key of [secret, `0x${secret}`, "test test test test test test test test test test test junk"]) {
      const { message } = await expectRejection(one({ account: key }), "BAD_ARGUMENT", /`account`/);
      expect(message).not.to.match(/c0ffeec0ffee|test test|junk/);
    }
    for (const wrong of [0n, -1n, 5, 2n ** 256n]) await expectRejection(one({ amount: wrong }), "BAD_ARGUMENT");
    await expectRejection(one({ slippage: ONE + 1n }), "BAD_ARGUMENT", /`slippage`/);
    await expectRejection(one({ slippage: 0.01 }), "BAD_ARGUMENT", /`slippage` must be a bigint/);
    await expectRejection(one({ approval: "permit2" }), "BAD_ARGUMENT", /permit, approve, auto/);
    await expectRejection(one({ minShares: 5 }), "BAD_ARGUMENT", /`minShares`/);
    await expectRejection(one({ deadline: 1_795_303_344.5 }), "BAD_ARGUMENT", /a whole number, in unix seconds/);
    await expectRejection(one({ deadline: 1_795_303_344n }), "BAD_ARGUMENT", /a number, .* of type bigint/);
    await expectRejection(one({ deadline: "1795303344" }), "BAD_ARGUMENT", /a number, .* of type string/);
    await expectRejection(one({ deadline: 1_795_303_344_000 }), "BAD_ARGUMENT", /milliseconds/);
    await expectRejection(one({ minShares: wad(1_001) }), "SLIPPAGE", /would mint 98\d\./);
    const late = await expectRejection(one({ deadline: 1 }), "CONTRACT_ERROR");
    expect(late.revert).to.have.property("name", "TooLate");
    const many = (amounts: Record<string, bigint>) => prepareDepositBasket(vault, { account, amounts });
    await expectRejection(many({}), "BAD_ARGUMENT", /empty/);
    await expectRejection(many({ [token]: 1n, [token.toLowerCase()]: 1n }), "BAD_ARGUMENT", /twice/);
    await expectRejection(many({ [token]: 0n }), "BAD_ARGUMENT", /empty/);
    expect((await one({ minShares: 0n })).preview).to.include({ minShares: 0n, worstPrice: null });
  });

  it("throws what the vault refuses, with what fits and when", async () => {
    const { bob } = f.world.signers;
    const vault = await connect(f);
    const deposit = (amount: bigint) => prepareDeposit(vault, { account, token, amount });
    const { preview } = await deposit(usdc(1));
    const room = preview.rooms[token]?.amount ?? 0n;
    const never = await expectRejection(deposit(room * 2n), "DEPOSIT_WINDOW", /USDC may come in now/);
    expect(never.nextStep).to.match(/An hour lets in at most \$[\d,.]+ of it: split/);
    expect(never.revert).to.have.property("name", "DepositWindowSpent");
    const most = await deposit((room * 95n) / 100n);
    expect(most.warnings.map(({ code }) => code)).to.deep.equal(["UNFUNDED", "WINDOW_NEARLY_SPENT"]);
    await fund(f.world, account, { USDC: room });
    await approveAll(bob, most.requirements);
    await execute(bob, most);
    const later = await expectRejection(deposit(room / 2n), "DEPOSIT_WINDOW");
    expect(later.nextStep).to.match(/All of it fits in about (2[4-9]|3[01]) minutes/);
    await f.vault.setMode(1);
    const stopped = await expectRejection(deposit(usdc(1)), "CONTRACT_ERROR", /DepositsStopped/);
    expect(stopped.revert).to.have.property("name", "DepositsStopped");
  });

  it("names no more than fits, where it cannot name all decimals", () => {
    const revert = { kind: "custom", name: "DepositWindowSpent", signature: "", args: { token } } as const;
    const refusal = new CrosshedgeError("CONTRACT_ERROR", "", { revert });
    const room = { usd: 0n, amount: 1_234_567_890_000_000_000n, perHour: 0n, fitsIn: null };
    const assets = [{ address: token, symbol: "WETH", decimals: 18 }] as unknown as Conditions["assets"];
    const { shortMessage } = depositRefusal(refusal, { assets } as Conditions, { [token]: room });
    expect(shortMessage).to.equal("At most 1.234567 WETH may come in now.");
  });

  it("says so where the wallet behind the provider was switched to another chain", async () => {
    const chains: string[] = [];
    const { provider } = watchedNode(f, { eth_chainId: async (params, ask) => chains.shift() ?? ask(params) });
    const vault = await connect(f, { provider });
    chains.push("0x1");
    const deposit = () => prepareDeposit(vault, { account, token, amount: usdc(1) });
    await expectRejection(deposit(), "WRONG_CHAIN", /on chain 1; .* chain 31337/);
    await deposit();
  });

  it("says a cap on the NAV in dollars", async () => {
    const vault = await connect(f);
    const deposit = (amount: bigint) => prepareDeposit(vault, { account, token, amount });
    const { nav } = await vault.readState();
    await changeSettings(f, { maxNav: nav.mid + wad(1_000) });
    const { preview, block } = await deposit(usdc(900));
    expect(preview.rooms[token]).to.have.property("fitsIn", 0);
    // The NAV moves with every second that the blocks in between took.
    const left = nav.mid + wad(1_000) - (await vault.readState({ block })).nav.mid;
    expect(relative(preview.rooms[token]?.usd ?? 0n, left)).to.be.lessThan(1e-9);
    const capped = await expectRejection(
      deposit(usdc(1_100)),
      "CONTRACT_ERROR",
      /^The vault would hold \$[\d,.]+, above/,
    );
    expect(capped.shortMessage).to.match(/its cap of \$[\d,.]+\.$/);
    expect(capped.revert).to.have.property("name", "NavCapped");
    expect(capped.nextStep).to.match(/Deposit less/);
  });

  it("refuses bad prices, whatever the account has", async () => {
    const vault = await connect(f);
    await f.world.networkHelpers.time.increase(30 * 86_400);
    const dead = await expectRejection(prepareDeposit(vault, { account, token, amount: 1n }), "CONTRACT_ERROR");
    expect(dead.revert).to.have.property("name", "BadPrice");
    expect(dead.nextStep).to.match(/Exits in kind need no price/);
  });

  it("is refused by the vault once it has expired, by approval and by permit", async () => {
    const { bob } = f.world.signers;
    await fund(f.world, account, { USDC: usdc(1) });
    const vault = await connect(f);
    const prepared = await prepareDeposit(vault, { account, token, amount: usdc(1) });
    const signatures = await signAll(bob, prepared.requirements);
    expect(prepared.expiresAt).to.equal(prepared.block.timestamp + 1_200);
    await f.world.networkHelpers.time.increase(1_300);
    for (const { to, data } of [prepared.build(), prepared.build(signatures)]) {
      const error = await bob.call({ to, data }).then(() => null, decodeError);
      expect(error?.revert).to.have.property("name", "TooLate");
    }
  });

  it("is of the block that was asked for, also where a balance is missing", async () => {
    const vault = await connect(f);
    const { block, preview } = await prepareDeposit(vault, { account, token, amount: usdc(1) });
    await f.vault.setMode(1);
    const again = await prepareDeposit(vault, { account, token, amount: usdc(1), block });
    expect(again.preview).to.deep.equal(preview);
    const own = { ...block };
    await prepareDeposit(vault, { account, token, amount: usdc(1), block: own });
    expect(Object.isFrozen(own)).to.equal(false);
  });

  it("reads no result from another transaction", async () => {
    const vault = await connect(f);
    const prepared = await prepareDeposit(vault, { account, token, amount: usdc(1) });
    const receipt = await (await f.world.tokens.USDC.connect(f.world.signers.bob).approve(f.vault, 1n)).wait();
    if (receipt === null) throw new Error("not mined");
    expect(() => prepared.resultOf(receipt)).to.throw(CrosshedgeError, /EVENT_MISSING/);
  });

  it("reads its own account's result from a bundle of several accounts", async () => {
    const vault = await connect(f);
    const { alice, bob } = f.world.signers;
    const logs: Log[] = [];
    for (const [signer, units] of [
      [alice, usdc(2)],
      [bob, usdc(1)],
    ] as const) {
      await fund(f.world, signer.address, { USDC: units });
      const prepared = await prepareDeposit(vault, { account: signer.address, token, amount: units });
      await approveAll(signer, prepared.requirements);
      logs.push(...(await execute(signer, prepared)).receipt.logs);
    }
    const bundle = { hash: "0x", logs } as unknown as TransactionReceipt;
    const deposit = await prepareDeposit(vault, { account, token, amount: usdc(1) });
    expect(deposit.resultOf(bundle).amounts).to.deep.equal({ [token]: usdc(1) });
    const stranger = { account: f.world.signers.carol.address, operator: bob.address, approved: true };
    const missing = await prepareSetOperator(vault, stranger);
    const { receipt } = await execute(bob, await prepareSetOperator(vault, { ...stranger, account }));
    expect(() => missing.resultOf(receipt)).to.throw(CrosshedgeError, /EVENT_MISSING/);
    const shares = 10n ** 18n;
    const left = [];
    for (const signer of [alice, bob]) {
      left.push(
        await execute(signer, await prepareExitInKind(vault, { account: signer.address, shares: shares / 4n })),
      );
      left.push(
        await execute(signer, await prepareRequestRedeem(vault, { account: signer.address, shares: shares / 4n })),
      );
    }
    const both = { hash: "0x", logs: left.flatMap((each) => each.receipt.logs) } as unknown as TransactionReceipt;
    const exit = await prepareExitInKind(vault, { account, shares: shares / 8n });
    expect(exit.resultOf(both)).to.deep.equal(left[2]?.result);
    const request = await prepareRequestRedeem(vault, { account, shares: shares / 8n });
    expect(request.resultOf(both)).to.have.property("owner", account);
  });

  it("waits for no window that lets nothing in, and divides by none", () => {
    const batch = { add: () => ({ orNull: () => 1n }) } as unknown as Batch;
    const conditions = {
      nav: { ok: true, mid: 0n, half: 0n },
      settings: { depositWindow: 0n },
      assets: [{ address: token, symbol: "DUST", decimals: 18, price: { mid: 1n } }],
    } as unknown as Conditions;
    const fitsIn = (amount: bigint) => addRooms(batch, token, [{ token, amount }])(conditions)[token]?.fitsIn;
    expect([fitsIn(1n), fitsIn(wad(2))]).to.deep.equal([0, null]);
    // An empty vault's hour is that of the least NAV which the vault counts with: $100,000.
    const open = { ...conditions, settings: { ...conditions.settings, depositWindow: ONE / 10n } };
    expect(addRooms(batch, token, [])(open)).to.deep.equal({});
    expect(addRooms(batch, token, [{ token, amount: 1n }])(open)[token]?.perHour).to.equal(wad(10_000));
  });

  it("follows a Rebalancer that was replaced since", async () => {
    const vault = await connect(f);
    const before = await prepareDeposit(vault, { account, token, amount: usdc(10) });
    const outdated = await connect(f, { layout: { ...vault.layout, rebalancer: NOBODY } });
    const after = await prepareDeposit(outdated, { account, token, amount: usdc(10) });
    expect(after.preview).to.deep.equal(before.preview);
    const { warnings } = await prepareDeposit(outdated, { account, token, amount: usdc(10), block: before.block });
    expect(warnings).to.deep.equal(before.warnings);
  });

  describe("warnings", () => {
    let plain: Conditions;
    const codes = (change: Partial<Conditions>) => commonWarnings({ ...plain, ...change }).map(({ code }) => code);

    before(async () => {
      f = await feeTakingVault();
      const call = interfaceCall<bigint>(f.vault.interface, f.deployment.vault, "totalSupply");
      plain = (await simulateOperation(await connect(f), { account: NOBODY, call })).conditions;
    });

    it("are none for a vault in order, and each has a message and a next step", () => {
      expect(codes({})).to.deep.equal([]);
      expect(plain).to.include({ mode: "Normal", modeAfterSync: "Normal" });
      for (const { meaning, nextStep } of Object.values(WARNINGS)) {
        expect(meaning).to.match(/\.$/);
        expect(nextStep).to.match(/\.$/);
      }
    });

    it("expect no keeper of a vault without shares", () => {
      const silent = { lastSign: plain.block.timestamp - 10 ** 8 };
      expect(codes(silent)).to.deep.equal(["KEEPER_SILENT"]);
      expect(codes({ ...silent, totalSupply: 0n })).to.deep.equal([]);
    });

    it("tell what the state of the vault is", () => {
      const [first, ...others] = plain.assets;
      if (first === undefined) throw new Error("no assets");
      const aged = (age: number) => {
        const block = { ...plain.block, timestamp: first.updatedAt + age };
        const assets = [first, ...others.map((asset) => ({ ...asset, updatedAt: block.timestamp }))];
        return codes({ block, assets, lastSign: block.timestamp });
      };
      expect(aged(Math.floor(Number(first.feed.heartbeat) * 0.89))).to.deep.equal([]);
      expect(aged(Math.ceil(Number(first.feed.heartbeat) * 0.9))).to.deep.equal(["PRICE_AGES"]);
      const bad = { ...first, price: { ...first.price, ok: false } };
      expect(codes({ assets: [bad, ...others] })).to.deep.equal(["BAD_PRICE"]);
      expect(codes({ mode: "NoDeposit" })).to.deep.equal(["RESTRICTED_MODE", "LEG_IMPAIRED"]);
      expect(codes({ modeAfterSync: "ReduceOnly" })).to.deep.equal(["LEG_IMPAIRED"]);
      expect(codes({ modeAfterSync: null })).to.deep.equal([]);
      const { mid } = plain.nav;
      expect(codes({ nav: { mid, half: mid / 99n, ok: true } })).to.deep.equal(["WIDE_BAND"]);
      expect(codes({ nav: { mid, half: mid / 101n, ok: true } })).to.deep.equal([]);
      const { timestamp } = plain.block;
      const maxSilence = Number(plain.publicLimits.maxSilence);
      expect(codes({ lastSign: timestamp - maxSilence })).to.deep.equal([]);
      expect(codes({ lastSign: timestamp - maxSilence - 1 })).to.deep.equal(["KEEPER_SILENT"]);
      expect(codes({ alarmAt: timestamp - 5 })).to.deep.equal(["ALARM_RAISED"]);
      expect(codes({ queue: { shares: 1n, since: timestamp } })).to.deep.equal(["QUEUE_WAITS"]);
    });

    it("tell what a deposit costs more than usual", () => {
      const rooms = { [token]: { usd: 1_000n * ONE, amount: usdc(1_000), perHour: 1_000n * ONE, fitsIn: 0 } };
      const deposit = (amount: bigint, spreadRatio: bigint, change: Partial<Conditions> = {}) =>
        depositWarnings(
          { ...plain, ...change },
          { amounts: { [token]: amount }, spread: ONE, spreadRatio, rooms },
          [],
        ).map(({ code }) => code);
      expect(deposit(usdc(899), ONE / 100n)).to.deep.equal([]);
      expect(deposit(usdc(901), ONE / 100n)).to.deep.equal(["WINDOW_NEARLY_SPENT"]);
      expect(deposit(usdc(1), ONE / 100n + 1n)).to.deep.equal(["HIGH_SPREAD"]);
      const above = { highWaterMark: (priceWithFees(plain) ?? 0n) - 1n };
      expect(deposit(usdc(1), 0n, above)).to.deep.equal(["ABOVE_MARK"]);
      expect(deposit(usdc(1), 0n, { ...above, settings: { ...plain.settings, performanceFee: 0n } })).to.deep.equal([]);
      const short = [{ token, amount: 2n, balance: 1n, allowance: 0n, needsReset: null }];
      const told = depositWarnings(plain, { amounts: {}, spread: 0n, spreadRatio: 0n, rooms: {} }, short);
      expect(told).to.have.nested.property("[0].code", "UNFUNDED");
      expect(told)
        .to.have.nested.property("[0].message")
        .that.matches(/0.000001 of 0.000002 USDC/);
    });
  });
});
