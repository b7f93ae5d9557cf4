import { batchOf, type Call, type CallsStage, CrosshedgeError, resumeCalls, send, sendCalls } from "@crosshedge/sdk";
import { expect } from "chai";
import type { Eip1193Provider } from "ethers";
import { deploySafe } from "../support/safe.js";
import {
  AMOUNT,
  hangUp,
  RECEIVER,
  refuse,
  type SendingWorld,
  SPENDER,
  sendingWorld,
  type Transfer,
} from "./send-support.js";
import { expectRejection } from "./support.js";

type Safe = Awaited<ReturnType<typeof deploySafe>>;

/** Asked by wallet_sendCalls. */
interface Request {
  readonly id: string;
  readonly version: string;
  readonly from: string;
  readonly chainId: string;
  readonly atomicRequired: boolean;
  readonly calls: readonly { readonly to: string; readonly value: string; readonly data: string }[];
}

/** A wallet that knows EIP-5792, in front of a real Safe; a batch is carried out when it is looked at for the second time. */
class MockCallsWallet implements Eip1193Provider {
  readonly asked: Request[] = [];
  atomic = "supported";
  /** What it says so of; 0x0 for all chains. */
  chain = "0x7a69";
  /** So many looks at a batch are answered as if it were unknown. */
  blind = 0;
  /** Receipts of transactions before the last one. */
  earlier: readonly object[] = [];
  accounts: string[];
  /** In place of carrying the batch out. */
  status: number | null = null;
  onSend: () => void = () => {};
  afterSend: () => void = () => {};
  readonly #looks = new Map<string, number>();
  readonly #done = new Map<string, Promise<unknown>>();

  constructor(
    readonly world: SendingWorld,
    readonly safe: Safe,
  ) {
    this.accounts = [safe.address.toLowerCase()];
  }

  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    switch (method) {
      case "eth_accounts":
        return this.accounts;
      case "wallet_getCapabilities":
        return { [this.chain]: { atomic: { status: this.atomic } }, "0x1": { atomic: { status: "supported" } } };
      case "wallet_sendCalls":
        return this.#take(params[0] as Request);
      case "wallet_getCallsStatus":
        return this.#statusOf(params[0] as string);
      default:
        return this.world.provider.request({ method, params });
    }
  }

  #take(request: Request): { id: string } {
    this.onSend();
    if (this.#looks.has(request.id)) throw Object.assign(new Error("Duplicate ID"), { code: 5720 });
    this.#looks.set(request.id, 0);
    this.asked.push(request);
    this.afterSend();
    return { id: request.id };
  }

  async #statusOf(id: string): Promise<unknown> {
    const looks = this.#looks.get(id);
    const isBlind = this.blind > 0;
    if (isBlind) this.blind -= 1;
    if (looks === undefined || isBlind) throw Object.assign(new Error("Unknown bundle id"), { code: 5730 });
    this.#looks.set(id, looks + 1);
    if (looks === 0) return { version: "2.0.0", id, status: 100, atomic: true };
    const done = this.#done.get(id) ?? this.#carryOut(id);
    this.#done.set(id, done);
    return done;
  }

  async #carryOut(id: string): Promise<unknown> {
    const head = { version: "2.0.0", id, chainId: "0x7a69", atomic: true };
    if (this.status !== null) return { ...head, status: this.status };
    const request = this.asked.find((each) => each.id === id);
    const calls = (request?.calls ?? []).map(({ to, value, data }): Call => ({ to, value: BigInt(value), data }));
    const transactionHash = await this.safe.execute(calls);
    const receipt = await this.world.ethers.provider.getTransactionReceipt(transactionHash);
    const logs = receipt?.logs.map(({ address, data, topics }) => ({ address, data, topics: [...topics] }));
    return { ...head, status: 200, receipts: [...this.earlier, { transactionHash, logs, status: "0x1" }] };
  }
}

describe("sdk: batches of calls, by a Safe", () => {
  let w: SendingWorld;
  let safe: Safe;
  let wallet: MockCallsWallet;
  let stages: CallsStage<Transfer>[];
  const options = () => ({ pollingInterval: 1, onStage: (event: CallsStage<Transfer>) => stages.push(event) });
  const names = () => stages.map(({ stage }) => stage);
  const prepare = (terms = {}) => w.prepare({ account: safe.address, ...terms });

  beforeEach(async () => {
    w = await sendingWorld();
    safe = await deploySafe(w.deployer);
    await w.token.mint(safe.address, AMOUNT);
    wallet = new MockCallsWallet(w, safe);
    stages = [];
  });

  it("are the approvals and the operation, without permits, and frozen", async () => {
    const prepared = await prepare();
    const calls = batchOf(prepared);
    expect(calls.map(({ value }) => value)).to.deep.equal([0n, 0n]);
    expect(calls.at(-1)?.data).to.equal(prepared.build().data);
    expect(Object.isFrozen(calls[0])).to.equal(true);
    const hash = await safe.execute(calls);
    const receipt = await w.ethers.provider.getTransactionReceipt(hash);
    expect(receipt && prepared.resultOf(receipt)).to.deep.equal({ to: RECEIVER, value: AMOUNT });
    expect(await w.token.allowance(safe.address, SPENDER)).to.equal(AMOUNT);
  });

  it("go to a wallet as EIP-5792 has it, and come back as a result", async () => {
    const sent = await sendCalls(await prepare(), wallet, options());
    expect(names()).to.deep.equal(["checking", "awaiting-signature", "submitted", "mined", "done"]);
    expect([sent.to, sent.value, sent.hash.length]).to.deep.equal([RECEIVER, AMOUNT, 66]);
    const [request] = wallet.asked;
    const { version, chainId, from, atomicRequired } = request as Request;
    expect({ version, chainId, from, atomicRequired }).to.deep.equal({
      ...{ version: "2.0.0", chainId: "0x7a69", from: safe.address, atomicRequired: true },
    });
    expect(request?.calls.map(({ value }) => value)).to.deep.equal(["0x0", "0x0"]);
    expect(sent.id).to.equal(request?.id);
    expect((await resumeCalls(await prepare(), sent.id, wallet)).hash).to.equal(sent.hash);
  });

  it("read what the batch itself did where others share its transaction", async () => {
    const other = { to: await w.token.getAddress(), value: 0n };
    const alien = w.token.interface.encodeFunctionData("transfer", [w.account, 1n]);
    await w.token.mint(safe.address, 1n);
    const { execute } = safe;
    const first = { ...safe, execute: (calls: readonly Call[]) => execute([{ ...other, data: alien }, ...calls]) };
    const shared = new MockCallsWallet(w, first);
    const inner = shared.request.bind(shared);
    shared.request = async (request) => {
      const answer = (await inner(request)) as { receipts?: { logs: { data: string }[] }[] };
      for (const receipt of answer?.receipts ?? [])
        receipt.logs = receipt.logs.filter(({ data }) => BigInt(data) !== 1n);
      return answer;
    };
    const { hash } = await w.token.mint(safe.address, 0n);
    shared.earlier = [{ transactionHash: hash, logs: [], status: "0x1" }];
    const sent = await sendCalls(await prepare(), shared, options());
    expect([sent.value, sent.hash === hash]).to.deep.equal([AMOUNT, false]);
  });

  it("need an atomic wallet only where there are several calls", async () => {
    wallet.atomic = "unsupported";
    const error = await expectRejection(sendCalls(await prepare(), wallet, options()), "UNSUPPORTED", /several calls/);
    expect(error.nextStep).to.match(/`send`/);
    expect(wallet.asked).to.deep.equal([]);
    await sendCalls(await prepare({ kind: "none" }), wallet, options());
    expect(wallet.asked[0]?.atomicRequired).to.equal(false);
    [wallet.atomic, wallet.chain] = ["ready", "0x0"];
    await w.token.mint(safe.address, AMOUNT);
    await sendCalls(await prepare(), wallet, options());
  });

  it("are refused before the user is asked: another account, a wallet of before EIP-5792, what would revert", async () => {
    wallet.accounts = [w.account];
    await expectRejection(sendCalls(await prepare(), wallet), "WRONG_ACCOUNT");
    const old = await w.prepare();
    const injected = await expectRejection(sendCalls(old, w.wallet), "UNSUPPORTED", /EIP-5792/);
    expect(injected.nextStep).to.match(/`send`/);
    wallet.accounts = [safe.address];
    const tooMuch = await prepare({ kind: "none", amount: AMOUNT + 1n });
    await expectRejection(sendCalls(tooMuch, wallet), "INSUFFICIENT_BALANCE");
    expect(wallet.asked).to.deep.equal([]);
  });

  it("may be refused by the user, and asked again", async () => {
    const prepared = await prepare();
    wallet.onSend = refuse;
    await expectRejection(sendCalls(prepared, wallet, options()), "USER_REJECTED");
    wallet.onSend = () => {};
    await sendCalls(prepared, wallet, options());
    expect(await w.token.balanceOf(RECEIVER)).to.equal(AMOUNT);
  });

  it("are not submitted twice where the answer is lost, or the wait was stopped", async () => {
    const prepared = await prepare();
    wallet.afterSend = hangUp;
    const stop = new AbortController();
    const stopped = {
      ...{ pollingInterval: 1, signal: stop.signal },
      onStage: ({ stage }: CallsStage<Transfer>) => (stage === "submitted" ? stop.abort() : undefined),
    };
    await expectRejection(sendCalls(prepared, wallet, stopped), "ABORTED");
    const other = send(prepared, w.signer);
    await expectRejection(other, "IN_PROGRESS", /as a batch/);
    const { hash } = await sendCalls(prepared, wallet, options());
    expect((await sendCalls(prepared, wallet, options())).hash).to.equal(hash);
    expect([wallet.asked.length, await w.token.balanceOf(RECEIVER)]).to.deep.equal([1, AMOUNT]);
  });

  it("are submitted under the same id to a wallet that denied them, which has them once", async () => {
    const prepared = await prepare();
    [wallet.afterSend, wallet.blind] = [hangUp, 2];
    await expectRejection(sendCalls(prepared, wallet, options()), "BROADCAST_UNKNOWN");
    expect((await sendCalls(prepared, wallet, options())).value).to.equal(AMOUNT);
    expect(wallet.asked.length).to.equal(1);
  });

  it("are not submitted once the run is told to stop, and nothing is left behind that fails later", async () => {
    const stop = new AbortController();
    const onStage = ({ stage }: CallsStage<Transfer>) => void (stage === "awaiting-signature" && stop.abort());
    const prepared = await prepare();
    const stopped = sendCalls(prepared, wallet, { ...options(), onStage, signal: stop.signal });
    await expectRejection(stopped, "ABORTED");
    expect(wallet.asked).to.deep.equal([]);
    const waiting = resumeCalls(prepared, "0x12", wallet, { ...options(), signal: stop.signal });
    await expectRejection(waiting, "ABORTED");
    // What no one waits for any more may fail now, unheard.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sendCalls(prepared, wallet, options());
    expect(wallet.asked).to.have.length(1);
  });

  it("have none of another account's approvals", async () => {
    const prepared = await prepare();
    const { requirements } = await w.prepare({ account: w.other.address });
    expect(() => batchOf({ ...prepared, requirements })).to.throw(
      CrosshedgeError,
      /has not allowed .*INSUFFICIENT_ALLOWANCE/,
    );
  });

  it("are waited for through some failures of the wallet", async () => {
    const prepared = await prepare();
    const pass = wallet.request.bind(wallet);
    let failures = 0;
    wallet.request = async (asked) => {
      if (asked.method === "wallet_getCallsStatus" && failures++ < 4) hangUp();
      return pass(asked);
    };
    await sendCalls(prepared, wallet, options());
    failures = -100;
    await expectRejection(resumeCalls(prepared, "0x12", wallet, options()), "NETWORK");
  });

  it("are waited for on their own chain", async () => {
    const prepared = await prepare();
    const { hash, id } = await sendCalls(prepared, wallet, options());
    const pass = wallet.request.bind(wallet);
    const answers: Record<string, unknown> = { eth_chainId: "0x1", eth_getTransactionReceipt: null };
    wallet.request = async (asked) => (asked.method in answers ? answers[asked.method] : pass(asked));
    await expectRejection(resumeCalls(prepared, id, wallet, options()), "WRONG_CHAIN", /on chain 1;/);
    delete answers.eth_chainId;
    delete answers.eth_getTransactionReceipt;
    expect((await resumeCalls(prepared, id, wallet, options())).hash).to.equal(hash);
  });

  it("are not made of what was sent as a transaction", async () => {
    const prepared = await w.prepare();
    await send(prepared, w.signer, w.options);
    await expectRejection(sendCalls(prepared, w.wallet), "IN_PROGRESS", /as a transaction/);
  });

  it("may fail: given up by the wallet, or reverted", async () => {
    for (const [status, message] of [
      [400, /given up by the wallet/],
      [500, /mined and reverted/],
      [600, /in part/],
    ] as const) {
      wallet.status = status;
      const prepared = await prepare();
      await expectRejection(sendCalls(prepared, wallet, options()), "TRANSACTION_FAILED", message);
      wallet.status = null;
      await w.token.mint(safe.address, AMOUNT);
      expect((await sendCalls(prepared, wallet, options())).value).to.equal(AMOUNT);
    }
    const lost = resumeCalls(await prepare(), "0xab", wallet, { pollingInterval: 1 });
    await expectRejection(lost, "READ_FAILED", /does not know the batch/);
  });
});
