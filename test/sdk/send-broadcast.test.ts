import { resume, type SendOptions, send } from "@crosshedge/sdk";
import { expect } from "chai";
import { type Eip1193Provider, Wallet } from "ethers";
import { network } from "hardhat";
import { AMOUNT, hangUp, RECEIVER, type SendingWorld, sendingWorld, type Transfer } from "./send-support.js";
import { expectRejection } from "./support.js";

const NOTHING = { kind: "none" } as const;

describe("sdk: send, from the broadcast on", function () {
  this.timeout(20_000);
  let w: SendingWorld;
  const mine = () => w.networkHelpers.mine();
  const automine = (on: boolean) => w.provider.request({ method: "evm_setAutomine", params: [on] });
  const received = () => w.token.balanceOf(RECEIVER);

  /** What shall happen when a transaction is on its way, before the first look at its receipt. */
  function whenBroadcast(act: (hash: string) => unknown): SendOptions<Transfer> {
    return {
      ...w.options,
      onStage: (event) => {
        w.stages.push(event);
        if (event.stage === "broadcast") void act(event.hash);
      },
    };
  }

  /** The pending transaction once more under the same nonce, at another price or with other contents. */
  async function replace(hash: string, changes: { to?: string; data?: string } = {}): Promise<string> {
    const pending = await w.ethers.provider.getTransaction(hash);
    if (pending === null) throw new TypeError("not pending");
    const { to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = pending;
    const fees = {
      maxFeePerGas: (maxFeePerGas ?? 0n) * 2n,
      maxPriorityFeePerGas: (maxPriorityFeePerGas ?? 0n) * 2n,
    };
    const sent = await w.deployer.sendTransaction({ to, data, nonce, gasLimit, ...fees, ...changes });
    // Where it is must be found, some blocks back.
    await w.networkHelpers.mine(6);
    return sent.hash;
  }

  beforeEach(async () => {
    w = await sendingWorld();
  });
  afterEach(() => automine(true));

  it("waits for a transaction that the wallet repriced, and reads what that one did", async () => {
    await automine(false);
    let by = "";
    const sent = await send(
      await w.prepare(NOTHING),
      w.signer,
      whenBroadcast(async (hash) => {
        by = await replace(hash);
      }),
    );
    expect([sent.hash, sent.value]).to.deep.equal([by, AMOUNT]);
    expect(w.names()).to.include("repriced");
  });

  it("tells it from another account's transaction of the same nonce, in the same block", async () => {
    const prepared = await w.prepare(NOTHING);
    const nonce = await w.deployer.getNonce();
    await w.networkHelpers.setNonce(w.other.address, nonce);
    await automine(false);
    const options = whenBroadcast(async (hash) => {
      const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n };
      await w.other.sendTransaction({ to: RECEIVER, value: 1n, nonce, ...fees });
      await replace(hash);
    });
    expect(await send(prepared, w.signer, options)).to.include({ value: AMOUNT });
  });

  it("asks for an approval again that the wallet cancelled", async () => {
    await automine(false);
    const prepared = await w.prepare({ kind: "approve" });
    const onStage: SendOptions<Transfer>["onStage"] = (event) =>
      void (event.stage === "approving" && replace(event.hash, { to: w.account, data: "0x" }));
    await expectRejection(send(prepared, w.signer, { ...w.options, onStage }), "TRANSACTION_REPLACED");
    await automine(true);
    await send(prepared, w.signer, w.options);
    expect(await received()).to.equal(AMOUNT);
  });

  it("waits for an approval to be mined, and no longer", async () => {
    let looks = 0;
    const looksAt: Record<string, number> = {};
    w.wallet.on("eth_getTransactionReceipt", async (_request, pass) => {
      looks += 1;
      await mine();
      return pass();
    });
    const onStage: SendOptions<Transfer>["onStage"] = ({ stage }) => (looksAt[stage] = looks);
    await send(await w.prepare({ kind: "approve" }), w.signer, { ...w.options, confirmations: 4, onStage });
    w.wallet.on("eth_getTransactionReceipt", (_request, pass) => pass());
    expect(looksAt).to.include({ approved: 1, mined: 4 });
  });

  it("says when the wallet cancelled it, and may send again", async () => {
    await automine(false);
    const prepared = await w.prepare(NOTHING);
    const options = whenBroadcast((hash) => replace(hash, { to: w.account, data: "0x" }));
    const error = await expectRejection(send(prepared, w.signer, options), "TRANSACTION_REPLACED", /was cancelled: 0x/);
    expect(error.hash).to.match(/^0x[0-9a-f]{64}$/);
    await automine(true);
    await send(prepared, w.signer, w.options);
    expect(await received()).to.equal(AMOUNT);
  });

  it("says when it was mined and reverted, and why", async () => {
    await automine(false);
    const prepared = await w.prepare({ kind: "none", amount: 1_000_000n });
    const spent = async () => {
      await w.token.transfer(w.other, 1n, { nonce: await w.deployer.getNonce() });
    };
    w.wallet.once("eth_sendTransaction", async (_request, pass) => {
      await spent();
      return pass();
    });
    const running = send(prepared, w.signer, whenBroadcast(mine));
    const error = await expectRejection(running, "TRANSACTION_FAILED", /mined and reverted.*ERC20InsufficientBalance/);
    expect(error.hash).to.equal((await w.ethers.provider.getBlock("latest"))?.transactions.at(-1));
  });

  it("stops waiting when it is told to; the hash is told, and a later run or page goes on", async () => {
    await automine(false);
    const prepared = await w.prepare(NOTHING);
    const stop = new AbortController();
    const waiting = send(prepared, w.signer, { ...whenBroadcast(() => stop.abort()), signal: stop.signal });
    const { hash } = await expectRejection(waiting, "ABORTED", /may be mined all the same/);
    await mine();
    const again = await send(prepared, w.signer, w.options);
    expect([again.hash, w.wallet.asked.length]).to.deep.equal([hash, 1]);
    const other = await w.prepare(NOTHING);
    const resumed = await resume(other, hash ?? "", w.browser, { pollingInterval: 1 });
    expect(resumed).to.deep.equal(again);
    let blind = 3;
    w.wallet.on("eth_getTransactionByHash", (_request, pass) => (blind-- > 0 ? null : pass()));
    expect(await resume(other, hash ?? "", w.browser, { pollingInterval: 1 })).to.deep.equal(again);
    w.wallet.on("eth_getTransactionByHash", (_request, pass) => pass());
    const unknown = resume(other, `0x${"ab".repeat(32)}`, w.browser, { pollingInterval: 1 });
    await expectRejection(unknown, "READ_FAILED", /does not know/);
  });

  it("picks up what the user confirmed in the wallet after the wait was stopped", async () => {
    const prepared = await w.prepare(NOTHING);
    const stop = new AbortController();
    let confirm = () => {};
    w.wallet.once("eth_sendTransaction", async (_request, pass) => {
      await new Promise<void>((resolve) => {
        confirm = resolve;
        stop.abort();
      });
      return pass();
    });
    await expectRejection(send(prepared, w.signer, { ...w.options, signal: stop.signal }), "ABORTED");
    confirm();
    await send(prepared, w.signer, w.options);
    expect([await received(), w.wallet.asked.length]).to.deep.equal([AMOUNT, 1]);
    const stopped = send(await w.prepare(NOTHING), w.signer, { signal: AbortSignal.abort() });
    await expectRejection(stopped, "ABORTED");
  });

  it("counts the confirmations that are asked for", async () => {
    const options = whenBroadcast(() => {});
    let looks = 0;
    w.wallet.on("eth_getTransactionReceipt", async (_request, pass) => {
      looks += 1;
      if (looks < 3) await mine();
      return pass();
    });
    const { blockNumber } = await send(await w.prepare(NOTHING), w.signer, { ...options, confirmations: 3 });
    expect((await w.ethers.provider.getBlockNumber()) - blockNumber).to.equal(2);
  });

  describe("a wallet whose answer is lost after it sent", () => {
    it("is found on the chain by what it did", async () => {
      w.wallet.once("eth_sendTransaction", async (_request, pass) => {
        await pass();
        hangUp();
      });
      const sent = await send(await w.prepare(), w.signer, w.options);
      expect([sent.value, await received()]).to.deep.equal([AMOUNT, AMOUNT]);
    });

    it("is looked for by the next run, which does not send while something is pending", async () => {
      await automine(false);
      const prepared = await w.prepare();
      w.wallet.once("eth_sendTransaction", async (_request, pass) => {
        await pass();
        hangUp();
      });
      await expectRejection(send(prepared, w.signer, w.options), "BROADCAST_UNKNOWN");
      await expectRejection(send(prepared, w.signer, w.options), "BROADCAST_UNKNOWN", /pending that may be this one/);
      await mine();
      await send(prepared, w.signer, w.options);
      expect([await received(), w.wallet.asked.length]).to.deep.equal([AMOUNT, 2]);
    });

    it("was not sent at all: the next run sends, whatever was sent before", async () => {
      await send(await w.prepare(NOTHING), w.signer, w.options);
      const prepared = await w.prepare(NOTHING);
      w.wallet.once("eth_sendTransaction", hangUp);
      await expectRejection(send(prepared, w.signer, w.options), "BROADCAST_UNKNOWN");
      await send(prepared, w.signer, w.options);
      expect(await received()).to.equal(2n * AMOUNT);
    });
  });

  describe("a wallet that is switched to another chain, where the account has sent more", () => {
    let away: () => void;
    let back: () => void;

    beforeEach(async () => {
      const elsewhere = await network.create("world");
      const [same] = await elsewhere.ethers.getSigners();
      for (const _ of Array.from({ length: 12 })) await same?.sendTransaction({ to: RECEIVER, value: 1n });
      away = () => {
        w.wallet.switchTo(elsewhere.provider as Eip1193Provider);
        w.wallet.on("eth_chainId", () => "0x1");
      };
      back = () => {
        w.wallet.switchTo(w.provider as Eip1193Provider);
        w.wallet.on("eth_chainId", (_request, pass) => pass());
      };
    });
    afterEach(() => back());

    it("does not take another chain's transaction for the end of the one that is waited for", async () => {
      await automine(false);
      const prepared = await w.prepare(NOTHING);
      const error = await expectRejection(send(prepared, w.signer, whenBroadcast(away)), "WRONG_CHAIN", /on chain 1;/);
      expect(error.hash).to.match(/^0x[0-9a-f]{64}$/);
      back();
      await mine();
      expect((await send(prepared, w.signer, w.options)).hash).to.equal(error.hash);
      expect([await received(), w.wallet.asked.length]).to.deep.equal([AMOUNT, 1]);
    });

    it("does not look there for a transaction that may have been sent", async () => {
      await automine(false);
      const prepared = await w.prepare(NOTHING);
      w.wallet.once("eth_sendTransaction", async (_request, pass) => {
        await pass();
        hangUp();
      });
      await expectRejection(send(prepared, w.signer, w.options), "BROADCAST_UNKNOWN");
      away();
      await expectRejection(send(prepared, w.signer, w.options), "WRONG_CHAIN");
      back();
      await mine();
      await send(prepared, w.signer, w.options);
      expect([await received(), w.wallet.asked.length]).to.deep.equal([AMOUNT, 1]);
    });
  });

  describe("a signer with a key of its own", () => {
    async function ownKey() {
      const signer = Wallet.createRandom(w.browser);
      await w.networkHelpers.setBalance(signer.address, 10n ** 18n);
      await w.token.mint(signer.address, AMOUNT);
      return { signer, prepared: await w.prepare({ ...NOTHING, account: signer.address }) };
    }

    it("finds its transaction by its hash where the node's answer is lost", async () => {
      const { signer, prepared } = await ownKey();
      w.wallet.once("eth_sendRawTransaction", async (_request, pass) => {
        await pass();
        hangUp();
      });
      await send(prepared, signer, w.options);
      expect(await received()).to.equal(AMOUNT);
    });

    it("sends the same bytes again where nobody knows them", async () => {
      const { signer, prepared } = await ownKey();
      const bytes: unknown[] = [];
      w.wallet.on("eth_sendRawTransaction", ({ params }) => {
        bytes.push(params[0]);
        return hangUp();
      });
      const { hash } = await expectRejection(send(prepared, signer, w.options), "BROADCAST_UNKNOWN");
      w.wallet.on("eth_sendRawTransaction", ({ params }, pass) => {
        bytes.push(params[0]);
        return pass();
      });
      expect((await send(prepared, signer, w.options)).hash).to.equal(hash);
      expect([bytes.length, new Set(bytes).size]).to.deep.equal([3, 1]);
    });

    it("finds it where the node was given it twice, and says that its nonce is used", async () => {
      const { signer, prepared } = await ownKey();
      w.wallet.once("eth_sendRawTransaction", async (_request, pass) => {
        await pass();
        throw Object.assign(new Error("nonce too low: next nonce 1, tx nonce 0"), { code: -32000 });
      });
      await send(prepared, signer, w.options);
      expect(await received()).to.equal(AMOUNT);
      w.wallet.once("eth_sendRawTransaction", () => {
        throw Object.assign(new Error("nonce too low: next nonce 1, tx nonce 0"), { code: -32000 });
      });
      await w.token.mint(signer.address, AMOUNT);
      const other = await w.prepare({ ...NOTHING, account: signer.address });
      await expectRejection(send(other, signer, w.options), "NONCE_CONFLICT");
      await send(other, signer, w.options);
      expect(await received()).to.equal(2n * AMOUNT);
    });

    it("does not send them again once the preparation has expired", async () => {
      const { signer } = await ownKey();
      const expiresAt = (await w.networkHelpers.time.latest()) + 100;
      const prepared = await w.prepare({ ...NOTHING, account: signer.address, expiresAt });
      w.wallet.on("eth_sendRawTransaction", hangUp);
      await expectRejection(send(prepared, signer, w.options), "BROADCAST_UNKNOWN");
      w.wallet.on("eth_sendRawTransaction", (_request, pass) => pass());
      await w.networkHelpers.time.increase(100);
      await expectRejection(send(prepared, signer, w.options), "STALE_PREPARATION");
      expect(await received()).to.equal(0n);
    });

    it("sends anew where something else took the nonce", async () => {
      const { signer, prepared } = await ownKey();
      w.wallet.on("eth_sendRawTransaction", hangUp);
      const { hash } = await expectRejection(send(prepared, signer, w.options), "BROADCAST_UNKNOWN");
      w.wallet.on("eth_sendRawTransaction", (_request, pass) => pass());
      await (await signer.sendTransaction({ to: RECEIVER, value: 1n })).wait();
      expect((await send(prepared, signer, w.options)).hash).not.to.equal(hash);
      expect(await received()).to.equal(AMOUNT);
    });
  });

  it("bears some failures of the node while it waits, and then tells the hash", async () => {
    let looks = 0;
    w.wallet.on("eth_getTransactionReceipt", (_request, pass) => {
      looks += 1;
      // An answer in between, though it is none yet, begins the count anew.
      return looks === 5 ? null : looks < 10 ? hangUp() : pass();
    });
    await send(await w.prepare(NOTHING), w.signer, w.options);
    w.wallet.on("eth_getTransactionReceipt", hangUp);
    const { hash } = await expectRejection(send(await w.prepare(NOTHING), w.signer, w.options), "NETWORK");
    expect(hash).to.match(/^0x[0-9a-f]{64}$/);
  });
});
