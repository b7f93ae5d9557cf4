import { expect } from "chai";
import { type Signer, VoidSigner } from "ethers";
import { network } from "hardhat";
import { TestToken__factory } from "../../scripts/devnet/generated/own/index.js";
import { type ApprovalMode, ensureAllowances } from "../../sdk/src/deposit/approval.js";
import { readPermitDomain } from "../../sdk/src/deposit/permit.js";
import { expectRejection } from "./support.js";

const SPENDER = "0x000000000000000000000000000000000000bEEF";

describe("sdk: permits and approvals", () => {
  async function start() {
    const { ethers, networkHelpers } = await network.create("world");
    const [owner] = await ethers.getSigners();
    if (owner === undefined) throw new Error("no signer");
    const modern = await new TestToken__factory(owner).deploy("Modern", "MOD", 6);
    const strict = await ethers.deployContract("StrictApprovalToken");
    const old = await ethers.deployContract("OldPermitToken", ["2", ""]);
    const odd = await ethers.deployContract("OldPermitToken", ["1", "?"]);
    const provider = ethers.provider;
    const at = async () => ({ provider, blockNumber: await provider.getBlockNumber() });
    const ensure = async (tokens: { getAddress(): Promise<string> }[], mode: ApprovalMode, signer: Signer = owner) =>
      ensureAllowances(await at(), {
        signer,
        owner: owner.address,
        spender: SPENDER,
        spendings: await Promise.all(tokens.map(async (token) => ({ token: await token.getAddress(), amount: 100n }))),
        mode,
        deadline: 2n ** 40n,
      });
    const allowance = (token: unknown) => (token as typeof modern).allowance(owner, SPENDER);
    return { owner, modern, strict, old, odd, provider, at, ensure, allowance, networkHelpers };
  }

  it("finds the domain with ERC-5267, and without it by name and version", async () => {
    const { owner, modern, old, odd, strict, at } = await start();
    const find = async (token: { getAddress(): Promise<string> }) =>
      readPermitDomain(await at(), await token.getAddress(), owner.address);
    expect(await find(modern)).to.have.nested.property("domain.name", "Modern");
    expect(await find(old)).to.have.nested.property("domain.version", "2");
    expect(await find(odd)).to.equal(null);
    expect(await find(strict)).to.equal(null);
  });

  it("signs permits that the tokens accept, and sends nothing for them", async () => {
    const { owner, modern, old, provider, ensure, allowance } = await start();
    const nonce = await provider.getTransactionCount(owner);
    const permits = await ensure([modern, old], "auto");
    expect(await provider.getTransactionCount(owner)).to.equal(nonce);
    expect(permits.map(({ value }) => value)).to.deep.equal([100n, 100n]);
    for (const [token, permit] of [
      [modern, permits[0]],
      [old, permits[1]],
    ] as const) {
      if (permit === undefined) throw new Error("no permit");
      const { value, deadline, v, r, s } = permit;
      await (token as typeof modern).permit(owner, SPENDER, value, deadline, v, r, s);
      expect(await allowance(token)).to.equal(100n);
    }
  });

  it("approves exactly where a token has no permits or hides its domain", async () => {
    const { strict, odd, ensure, allowance } = await start();
    expect(await ensure([strict, odd], "auto")).to.deep.equal([]);
    expect([await allowance(strict), await allowance(odd)]).to.deep.equal([100n, 100n]);
  });

  it("sends nothing where enough is approved already", async () => {
    const { owner, modern, provider, ensure, allowance } = await start();
    await modern.approve(SPENDER, 101n);
    const nonce = await provider.getTransactionCount(owner);
    for (const mode of ["auto", "approve", "permit"] as const) expect(await ensure([modern], mode)).to.deep.equal([]);
    expect(await provider.getTransactionCount(owner)).to.equal(nonce);
    expect(await allowance(modern)).to.equal(101n);
  });

  it("sets the allowance of a strict token to zero first", async () => {
    const { strict, ensure, allowance } = await start();
    await (strict as unknown as { approve(spender: string, value: bigint): Promise<unknown> }).approve(SPENDER, 99n);
    await ensure([strict], "auto");
    expect(await allowance(strict)).to.equal(100n);
  });

  it("falls back to approvals for a contract wallet and for a signer that cannot sign typed data", async () => {
    const { owner, modern, old, ensure, allowance, networkHelpers } = await start();
    const mute = new Proxy(owner, {
      get(target, key) {
        if (key === "signTypedData") return () => new VoidSigner(owner.address).signTypedData({}, {}, {});
        const value = Reflect.get(target, key) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(await ensure([modern], "auto", mute as unknown as Signer)).to.deep.equal([]);
    expect(await allowance(modern)).to.equal(100n);
    await expectRejection(ensure([old], "permit", mute as unknown as Signer), "PERMIT_UNSUPPORTED");

    await networkHelpers.setCode(owner.address, "0x00");
    await expectRejection(ensure([old], "permit"), "PERMIT_UNSUPPORTED");
  });

  it("stops when the user refuses to sign", async () => {
    const { owner, modern, ensure, allowance } = await start();
    const unwilling = new Proxy(owner, {
      get(target, key) {
        if (key === "signTypedData") return () => Promise.reject(Object.assign(new Error("denied"), { code: 4001 }));
        const value = Reflect.get(target, key) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await expectRejection(ensure([modern], "auto", unwilling as unknown as Signer), "USER_REJECTED");
    expect(await allowance(modern)).to.equal(0n);
  });
});
