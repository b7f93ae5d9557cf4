import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { computeAddress, hashMessage, recoverAddress, Signature, Transaction, verifyMessage, Wallet } from "ethers";
import fc from "fast-check";
import { signatureFromDer } from "../../../keeper/src/secrets/der.js";
import { Redactor } from "../../../keeper/src/secrets/redactor.js";
import { Secret } from "../../../keeper/src/secrets/secret.js";
import { openSigner } from "../../../keeper/src/secrets/signer.js";
import { type MockKms, serveMockKms } from "./mock-kms.js";

const ALIAS = "alias/keeper";
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("a key of AWS KMS", () => {
  let kms: MockKms;
  const before_ = { ...process.env };

  before(async () => {
    kms = await serveMockKms();
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "aws-hidden",
      AWS_REGION: "eu-west-1",
    });
  });
  after(async () => {
    await kms.close();
    process.env = before_;
  });
  afterEach(() => Object.assign(kms, { highS: false, refusal: null }));

  const open = (url = kms.url) =>
    openSigner({ kms: { keyId: ALIAS, region: "eu-west-1", endpoint: new Secret(url) } }, {}, new Redactor());

  it("has the address of its public key", async () => {
    expect(await (await open()).getAddress()).to.equal(computeAddress(kms.privateKey));
    expect(kms.asked.at(-1)).to.deep.include({ target: "TrentService.GetPublicKey" });
  });

  it("signs transactions as the same key in a wallet does, whichever s it answers with", async () => {
    const signer = await open();
    const wallet = new Wallet(kms.privateKey);
    const to = Wallet.createRandom().address;
    for (const highS of [false, true]) {
      kms.highS = highS;
      for (let nonce = 0; nonce < 8; nonce++) {
        const request = {
          type: 2,
          chainId: 10,
          nonce,
          to,
          value: 5n,
          gasLimit: 21_000n,
          maxFeePerGas: 9n,
          maxPriorityFeePerGas: 1n,
        };
        const raw = await signer.signTransaction({ ...request, from: wallet.address });
        expect(raw).to.equal(await wallet.signTransaction(request));
        const { from, signature } = Transaction.from(raw);
        expect(from).to.equal(wallet.address);
        expect(BigInt(signature!.s) <= ORDER / 2n).to.equal(true);
      }
    }
    expect(kms.asked.at(-1)!.body).to.deep.include({
      KeyId: ALIAS,
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
  });

  it("signs messages and typed data too, and no other account's transaction", async () => {
    const signer = await open();
    const address = await signer.getAddress();
    expect(verifyMessage("hello", await signer.signMessage("hello"))).to.equal(address);
    const types = { A: [{ name: "x", type: "uint256" }] };
    const typed = await signer.signTypedData({ name: "d" }, types, { x: 1n });
    expect(typed).to.equal(await new Wallet(kms.privateKey).signTypedData({ name: "d" }, types, { x: 1n }));
    const other = { from: Wallet.createRandom().address, to: address, chainId: 1 };
    await signer.signTransaction(other).then(
      () => expect.fail("it signed"),
      (error: Error) => expect(error.message).to.include("another account's"),
    );
  });

  it("reads the parts of any signature", () => {
    const number = fc.bigInt({ min: 1n, max: ORDER - 1n });
    fc.assert(
      fc.property(number, number, (r, s) => {
        const part = (value: bigint): string => {
          const hex = value.toString(16);
          const even = hex.length % 2 === 0 ? hex : `0${hex}`;
          const body = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
          return `02${(body.length / 2).toString(16).padStart(2, "0")}${body}`;
        };
        const parts = `${part(r)}${part(s)}`;
        const der = Buffer.from(`30${(parts.length / 2).toString(16).padStart(2, "0")}${parts}`, "hex");
        expect(signatureFromDer(der)).to.deep.equal({ r, s });
        expect(() => signatureFromDer(der.subarray(0, der.length - 1))).to.throw(KeeperError);
      }),
    );
  });

  it("says what to do where KMS refuses, the key is of another curve, or nobody answers", async () => {
    kms.refusal = { status: 400, type: "AccessDeniedException", message: "not authorized to perform kms:GetPublicKey" };
    await fails(open(), /AccessDeniedException: not authorized.*signer\.kms/);
    const other = await serveMockKms("P-256");
    await fails(open(other.url), /not of the curve secp256k1/);
    await other.close();
    await fails(open("http://127.0.0.1:9/hidden-path"), /AWS KMS.*signer\.kms/);
  });

  async function fails(work: Promise<unknown>, said: RegExp): Promise<void> {
    const error = await work.then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(KeeperError);
    expect((error as Error).message)
      .to.match(said)
      .and.not.include("hidden");
  }

  it("is what a signature of it recovers to", async () => {
    const signer = await open();
    const signature = Signature.from(await signer.signMessage("x"));
    expect(recoverAddress(hashMessage("x"), signature)).to.equal(await signer.getAddress());
  });
});
