import type { ApproveRequirement, FrozenTransaction, PermitRequirement, Prepared, SendStage } from "@crosshedge/sdk";
import { BrowserProvider, type Eip1193Provider, Interface, id, type JsonRpcSigner } from "ethers";
import { network } from "hardhat";
import { type TestToken, TestToken__factory } from "../../scripts/devnet/generated/own/index.js";
import { findEvent } from "../../sdk/src/send/findEvent.js";
import { reusable } from "../support/reusable.js";

export const SPENDER = "0x000000000000000000000000000000000000bEEF";
export const RECEIVER = "0x000000000000000000000000000000000000dEaD";
export const AMOUNT = 100n;

type Intercept = (request: { method: string; params: unknown[] }, pass: () => Promise<unknown>) => unknown;

/** A wallet as a page sees it: the chain's own accounts behind EIP-1193, with a hand on every request. */
export class MockInjectedWallet implements Eip1193Provider {
  #inner: Eip1193Provider;
  readonly #intercepts = new Map<string, Intercept>();
  readonly asked: string[] = [];

  constructor(inner: Eip1193Provider) {
    this.#inner = inner;
  }

  /** From now on another chain answers. */
  switchTo(inner: Eip1193Provider): void {
    this.#inner = inner;
  }

  /** From now on this method is answered so. */
  on(method: string, intercept: Intercept): void {
    this.#intercepts.set(method, intercept);
  }

  /** The next request of this method is answered so. */
  once(method: string, intercept: Intercept): void {
    this.on(method, (request, pass) => {
      this.#intercepts.delete(method);
      return intercept(request, pass);
    });
  }

  /** What it was asked, and how it was to answer. */
  forget(): void {
    this.asked.length = 0;
    this.#intercepts.clear();
  }

  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    const pass = () => this.#inner.request({ method, params });
    const intercept = this.#intercepts.get(method);
    if (method === "eth_sendTransaction" || method.startsWith("eth_signTypedData")) this.asked.push(method);
    return intercept === undefined ? pass() : intercept({ method, params }, pass);
  }
}

/** As wallets say that their user refused. */
export function refuse(): never {
  throw Object.assign(new Error("User rejected the request."), { code: 4001 });
}

/** As transports fail. */
export function hangUp(): never {
  throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

export interface Transfer {
  readonly to: string;
  readonly value: bigint;
}

/** A chain, a token with permits, its owner in a wallet of a page, and a preparation that needs an allowance of that token. */
async function build() {
  const { ethers, networkHelpers, provider } = await network.create("world");
  const [deployer, other] = await ethers.getSigners();
  if (deployer === undefined || other === undefined) throw new TypeError("no signers");
  const token = await new TestToken__factory(deployer).deploy("Modern", "MOD", 6);
  const account = deployer.address;
  await token.mint(account, 1_000_000n);
  const wallet = new MockInjectedWallet(provider as Eip1193Provider);
  const browser = new BrowserProvider(wallet, "any", { cacheTimeout: -1 });
  const signer: JsonRpcSigner = await browser.getSigner(account);
  const stages: SendStage<Transfer>[] = [];
  return {
    ...{ ethers, networkHelpers, provider, deployer, other, token, account, wallet, browser, signer, stages },
    /** How far runs came. */
    names: () => stages.map(({ stage }) => stage),
    options: { pollingInterval: 1, onStage: (event: SendStage<Transfer>) => stages.push(event) },
    prepare: (terms: Partial<Terms> = {}) => preparedTransfer(token, { account, ...terms }),
  };
}

export type SendingWorld = Awaited<ReturnType<typeof build>>;

const built = reusable(async () => ({ world: await build() }));

/** The world of sending as it was made, where nothing was asked or told. */
export async function sendingWorld(): Promise<SendingWorld> {
  const { world } = await built();
  world.stages.length = 0;
  world.wallet.forget();
  return world;
}

interface Terms {
  /** The wallet's by default. */
  readonly account: string;
  readonly kind: "permit" | "approve" | "none";
  readonly token: string;
  readonly expiresAt: number | null;
  /** What is transferred; more than the balance reverts. */
  readonly amount: bigint;
  readonly resetFirst: boolean;
}

const ERC20 = new Interface([
  "function approve(address spender, uint256 value)",
  "function transfer(address to, uint256 value)",
]);

/** A transfer that asks for an allowance first; with a signature its calldata is longer, as a deposit's with a permit is. */
async function preparedTransfer(token: TestToken, terms: Partial<Terms> & Pick<Terms, "account">) {
  const { account, kind = "permit", expiresAt = null, amount = AMOUNT, resetFirst = false } = terms;
  const target = terms.token ?? (await token.getAddress());
  const to = await token.getAddress();
  const chainId = 31_337n;
  const transaction = (data: string, of = target): FrozenTransaction => ({
    chainId,
    from: account,
    to: of,
    data,
    value: 0n,
  });
  const approvals = (resetFirst ? [0n, AMOUNT] : [AMOUNT]).map((each) =>
    transaction(ERC20.encodeFunctionData("approve", [SPENDER, each])),
  );
  const allowed = { token: target, spender: SPENDER, amount: AMOUNT };
  const approve: ApproveRequirement = { kind: "approve", ...allowed, transactions: approvals };
  const deadline = 2 ** 40;
  const permit: PermitRequirement = {
    kind: "permit",
    ...{ ...allowed, deadline, instead: approve },
    typedData: {
      domain: { name: "Modern", version: "1", chainId, verifyingContract: target },
      types: {
        Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map(
          (field) => {
            const [type = "", name = ""] = field.split(" ");
            return { name, type };
          },
        ),
      },
      primaryType: "Permit",
      message: {
        owner: account,
        spender: SPENDER,
        value: AMOUNT,
        nonce: await token.nonces(account),
        deadline: BigInt(deadline),
      },
    },
  };
  const prepared: Prepared<null, Transfer> = {
    ...{ operation: "transfer", chainId, account, preview: null, warnings: [], expiresAt },
    block: { number: 0, hash: null, timestamp: 0 },
    requirements: kind === "none" ? [] : [kind === "permit" ? permit : approve],
    build: (signatures = {}) => {
      const tail = signatures[target] === undefined ? "" : id(signatures[target]).slice(2);
      return transaction(ERC20.encodeFunctionData("transfer", [RECEIVER, amount]) + tail, to);
    },
    resultOf: (receipt) => {
      const { args } = findEvent(
        receipt,
        { address: to, interface: token.interface },
        "Transfer",
        ({ from }) => from === account,
      );
      return { to: args.to, value: args.value };
    },
  };
  return prepared;
}
