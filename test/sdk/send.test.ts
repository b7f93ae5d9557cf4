import { send } from "@crosshedge/sdk";
import { expect } from "chai";
import { BrowserProvider, VoidSigner, Wallet } from "ethers";
import { AMOUNT, RECEIVER, refuse, type SendingWorld, SPENDER, sendingWorld } from "./send-support.js";
import { expectRejection } from "./support.js";

const PERMIT_RUN = ["checking", "signing-permit", "simulating", "awaiting-signature", "broadcast", "mined", "done"];
const APPROVE_RUN = [
  ...["checking", "awaiting-approval", "approving", "approved"],
  ...["simulating", "awaiting-signature", "broadcast", "mined", "done"],
];

describe("sdk: send", () => {
  let w: SendingWorld;
  const allowance = () => w.token.allowance(w.account, SPENDER);

  beforeEach(async () => {
    w = await sendingWorld();
  });

  it("goes from the permit to the result, stage by stage", async () => {
    const sent = await send(await w.prepare(), w.signer, w.options);
    expect(w.names()).to.deep.equal(PERMIT_RUN);
    expect([sent.to, sent.value]).to.deep.equal([RECEIVER, AMOUNT]);
    const receipt = await w.ethers.provider.getTransactionReceipt(sent.hash);
    expect([sent.blockNumber, sent.gasUsed, sent.effectiveGasPrice]).to.deep.equal([
      receipt?.blockNumber,
      receipt?.gasUsed,
      receipt?.gasPrice,
    ]);
    expect(w.stages.at(-1)).to.deep.equal({ stage: "done", sent });
    expect(await allowance()).to.equal(0n);
    // The signature is in the calldata, behind the transfer's 68 bytes.
    expect((await w.ethers.provider.getTransaction(sent.hash))?.data.length).to.equal(2 + 2 * 100);
  });

  it("leaves a fifth of gas above the estimate", async () => {
    let estimate = 0n;
    w.wallet.once("eth_estimateGas", async (_request, pass) => {
      const answer = (await pass()) as string;
      estimate = BigInt(answer);
      return answer;
    });
    const { hash, gasUsed } = await send(await w.prepare({ kind: "none" }), w.signer, w.options);
    expect(estimate >= gasUsed).to.equal(true);
    expect((await w.ethers.provider.getTransaction(hash))?.gasLimit).to.equal((estimate * 6n) / 5n);
    const own = await send(await w.prepare({ kind: "none" }), w.signer, { ...w.options, gasLimit: 77_777n });
    expect((await w.ethers.provider.getTransaction(own.hash))?.gasLimit).to.equal(77_777n);
  });

  it("approves by a transaction where it is told to, where the wallet cannot sign, and for a contract wallet", async () => {
    await send(await w.prepare(), w.signer, { ...w.options, approval: "approve" });
    expect(w.names()).to.deep.equal(APPROVE_RUN);
    expect(await allowance()).to.equal(AMOUNT);

    await w.token.approve(SPENDER, 0n);
    w.wallet.once("eth_signTypedData_v4", () => {
      throw Object.assign(new Error("Method not supported"), { code: 4200 });
    });
    await send(await w.prepare(), w.signer, w.options);
    expect(await allowance()).to.equal(AMOUNT);

    await w.token.approve(SPENDER, 0n);
    await w.networkHelpers.setCode(w.account, "0x00");
    w.wallet.asked.length = 0;
    await send(await w.prepare(), w.signer, w.options);
    expect(w.wallet.asked).to.deep.equal(["eth_sendTransaction", "eth_sendTransaction"]);
    await w.token.approve(SPENDER, 0n);
    await expectRejection(send(await w.prepare(), w.signer, { approval: "permit" }), "PERMIT_UNSUPPORTED");
  });

  it("asks for nothing where the allowance is there by now", async () => {
    const prepared = await w.prepare();
    await w.token.approve(SPENDER, AMOUNT);
    await send(prepared, w.signer, w.options);
    expect(w.wallet.asked).to.deep.equal(["eth_sendTransaction"]);
  });

  it("sets an allowance to zero first only where there still is one", async () => {
    const strict = await w.ethers.deployContract("StrictApprovalToken");
    const token = await strict.getAddress();
    const reset = { kind: "approve", token, resetFirst: true } as const;
    await strict.getFunction("approve")(SPENDER, 1n);
    await send(await w.prepare(reset), w.signer, w.options);
    expect(w.names().filter((name) => name === "approving")).to.have.length(2);
    expect(await strict.getFunction("allowance")(w.account, SPENDER)).to.equal(AMOUNT);
    await strict.getFunction("approve")(SPENDER, 0n);
    w.stages.length = 0;
    await send(await w.prepare(reset), w.signer, w.options);
    expect(w.names().filter((name) => name === "approving")).to.have.length(1);
  });

  it("sets an allowance to zero first that came after the preparation, where the token wants it", async () => {
    const strict = await w.ethers.deployContract("StrictApprovalToken");
    const prepared = await w.prepare({ kind: "approve", token: await strict.getAddress() });
    await strict.getFunction("approve")(SPENDER, 1n);
    await send(prepared, w.signer, w.options);
    expect(w.names().filter((name) => name === "approving")).to.have.length(2);
    expect(await strict.getFunction("allowance")(w.account, SPENDER)).to.equal(AMOUNT);
    await w.token.approve(SPENDER, 1n);
    w.stages.length = 0;
    await send(await w.prepare({ kind: "approve" }), w.signer, w.options);
    expect(w.names().filter((name) => name === "approving")).to.have.length(1);
  });

  it("sees what it has approved, whatever block the provider remembers", async () => {
    const forgetful = new BrowserProvider(w.wallet, "any", { cacheTimeout: 60_000 });
    await send(await w.prepare({ kind: "approve" }), await forgetful.getSigner(w.account), w.options);
    expect(w.names()).to.deep.equal(APPROVE_RUN);
  });

  it("asks a wallet for nothing once it is told to stop", async () => {
    for (const kind of ["permit", "approve", "none"] as const) {
      for (const method of ["eth_getBlockByNumber", "eth_chainId", "eth_call"]) {
        const stop = new AbortController();
        w.wallet.once(method, (_request, pass) => {
          stop.abort();
          return pass();
        });
        const prepared = await w.prepare({ kind, expiresAt: 2 ** 40 });
        const stopped = send(prepared, w.signer, { ...w.options, signal: stop.signal });
        await expectRejection(stopped, "ABORTED", /before a transaction was known/);
        expect(w.wallet.asked, `${kind}, ${method}`).to.deep.equal([]);
        w.wallet.on(method, (_request, pass) => pass());
      }
    }
  });

  describe("a user who refuses", () => {
    it("the permit: nothing was sent, and is asked again", async () => {
      const prepared = await w.prepare();
      w.wallet.once("eth_signTypedData_v4", refuse);
      await expectRejection(send(prepared, w.signer, w.options), "USER_REJECTED");
      expect(w.names()).to.deep.equal(["checking", "signing-permit"]);
      w.stages.length = 0;
      await send(prepared, w.signer, w.options);
      expect(w.names()).to.deep.equal(PERMIT_RUN);
    });

    it("the transaction: the permit that he signed is kept", async () => {
      const prepared = await w.prepare();
      w.wallet.once("eth_sendTransaction", refuse);
      await expectRejection(send(prepared, w.signer, w.options), "USER_REJECTED");
      await send(prepared, w.signer, w.options);
      expect(w.wallet.asked).to.deep.equal(["eth_signTypedData_v4", "eth_sendTransaction", "eth_sendTransaction"]);
    });

    it("the approval, or what follows it: what was approved is kept", async () => {
      const prepared = await w.prepare({ kind: "approve" });
      w.wallet.once("eth_sendTransaction", refuse);
      await expectRejection(send(prepared, w.signer, w.options), "USER_REJECTED");
      expect(await allowance()).to.equal(0n);
      w.wallet.once("eth_sendTransaction", (_request, pass) => {
        w.wallet.once("eth_sendTransaction", refuse);
        return pass();
      });
      await expectRejection(send(prepared, w.signer, w.options), "USER_REJECTED");
      expect(await allowance()).to.equal(AMOUNT);
      w.stages.length = 0;
      await send(prepared, w.signer, w.options);
      expect(w.names()).to.deep.equal(["checking", "simulating", "awaiting-signature", "broadcast", "mined", "done"]);
    });

    it("by approving less: it is noticed before the operation", async () => {
      w.wallet.once("eth_sendTransaction", async () => {
        const { hash } = await w.token.approve(SPENDER, AMOUNT - 1n);
        return hash;
      });
      const prepared = await w.prepare({ kind: "approve" });
      const error = await expectRejection(send(prepared, w.signer, w.options), "INSUFFICIENT_ALLOWANCE", /99 units/);
      expect(error.nextStep).to.match(/leave the amount/);
      await send(prepared, w.signer, w.options);
    });
  });

  describe("permits that do not work", () => {
    it("one that somebody used already: its allowance counts", async () => {
      const prepared = await w.prepare();
      w.wallet.once("eth_sendTransaction", refuse);
      await expectRejection(send(prepared, w.signer, w.options), "USER_REJECTED");
      const [requirement] = prepared.requirements;
      if (requirement?.kind !== "permit") throw new TypeError("no permit");
      const { domain, types, message } = requirement.typedData;
      const { v, r, s } = w.ethers.Signature.from(await w.deployer.signTypedData(domain, types, message));
      await w.token.connect(w.other).permit(w.account, SPENDER, AMOUNT, requirement.deadline, v, r, s);
      const { hash } = await send(prepared, w.signer, w.options);
      expect(w.wallet.asked).to.deep.equal(["eth_signTypedData_v4", "eth_sendTransaction", "eth_sendTransaction"]);
      // Without the signature: the permit is not sent again.
      expect((await w.ethers.provider.getTransaction(hash))?.data.length).to.equal(2 + 2 * 68);
    });

    it("one whose nonce was spent otherwise: approved instead, or refused", async () => {
      const prepared = await w.prepare();
      const [requirement] = prepared.requirements;
      if (requirement?.kind !== "permit") throw new TypeError("no permit");
      const { domain, types, message } = requirement.typedData;
      const less = { ...message, value: 1n };
      const { v, r, s } = w.ethers.Signature.from(await w.deployer.signTypedData(domain, types, less));
      await w.token.permit(w.account, SPENDER, 1n, requirement.deadline, v, r, s);
      await expectRejection(send({ ...prepared }, w.signer, { approval: "permit" }), "PERMIT_UNSUPPORTED");
      await send(prepared, w.signer, w.options);
      expect(w.wallet.asked).to.deep.equal(["eth_sendTransaction", "eth_sendTransaction"]);
    });

    it("one that a wallet signed as a contract that is not there yet", async () => {
      w.wallet.once("eth_signTypedData_v4", () => `0x${"64".repeat(300)}`);
      await send(await w.prepare(), w.signer, w.options);
      expect(w.names()).to.deep.equal(["checking", "signing-permit", ...APPROVE_RUN.slice(1)]);
    });

    it("one that another account signed", async () => {
      w.wallet.once("eth_signTypedData_v4", (_request, _pass) =>
        Wallet.createRandom().signTypedData({}, { A: [] }, {}),
      );
      const prepared = await w.prepare();
      await expectRejection(send(prepared, w.signer, w.options), "WRONG_ACCOUNT", /acts for 0x.* prepared for/);
      expect(await allowance()).to.equal(0n);
      await send(prepared, w.signer, w.options);
    });
  });

  it("refuses what cannot work before the wallet is asked", async () => {
    const prepared = await w.prepare();
    await expectRejection(send(prepared, await w.browser.getSigner(w.other.address)), "WRONG_ACCOUNT");
    await expectRejection(send(prepared, new VoidSigner(w.account)), "PROVIDER_REQUIRED");
    w.wallet.on("eth_chainId", () => "0x1");
    const far = await expectRejection(send(prepared, w.signer), "WRONG_CHAIN", /is on chain 1/);
    expect(far.nextStep).to.match(/Switch the wallet to chain 31337/);
    w.wallet.on("eth_chainId", (_request, pass) => pass());
    const now = await w.networkHelpers.time.latest();
    await expectRejection(send(await w.prepare({ expiresAt: now }), w.signer), "STALE_PREPARATION", /expired at 20/);
    const tooMuch = await w.prepare({ kind: "none", amount: 2_000_000n });
    const refused = await expectRejection(send(tooMuch, w.signer, w.options), "INSUFFICIENT_BALANCE");
    expect(refused.revert).to.have.property("name", "ERC20InsufficientBalance");
    await expectRejection(send(tooMuch, w.signer, { ...w.options, gasLimit: 77_777n }), "INSUFFICIENT_BALANCE");
    await w.token.transfer(w.other.address, await w.token.balanceOf(w.account));
    for (const kind of ["permit", "approve"] as const) {
      const unpaid = send(await w.prepare({ kind }), w.signer, w.options);
      await expectRejection(unpaid, "INSUFFICIENT_BALANCE", /holds 0\.000000 MOD, but [\d.]+ are needed/);
    }
    expect(w.wallet.asked).to.deep.equal([]);
  });

  it("looks at the chain again before each question", async () => {
    const prepared = await w.prepare();
    w.wallet.once("eth_signTypedData_v4", (_request, pass) => {
      w.wallet.on("eth_chainId", () => "0x1");
      return pass();
    });
    await expectRejection(send(prepared, w.signer, w.options), "WRONG_CHAIN");
    expect(w.names().at(-1)).to.equal("simulating");
    w.wallet.on("eth_chainId", (_request, pass) => pass());
    await send(prepared, w.signer, w.options);
  });

  it("sends a preparation once, however often it is called", async () => {
    const prepared = await w.prepare();
    const first = send(prepared, w.signer, w.options);
    await expectRejection(send(prepared, w.signer), "IN_PROGRESS");
    const { hash } = await first;
    expect((await send(prepared, w.signer, w.options)).hash).to.equal(hash);
    expect(await w.token.balanceOf(RECEIVER)).to.equal(AMOUNT);
  });
});
