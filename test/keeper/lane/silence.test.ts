import { expect } from "chai";
import { LaneConfig } from "../../../keeper/src/lane/lane-config.js";
import { keyOf, type LaneWorld, laneWorld } from "./support.js";

describe("lane: nodes that do not answer, and chains that cannot be used", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  /** The chain, with some of its methods answering otherwise. */
  const but = (changes: Record<string, (...args: unknown[]) => unknown>): LaneWorld["provider"] =>
    new Proxy(world.provider, {
      get: (target, name) => {
        const value: unknown = changes[String(name)] ?? Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const silent = (): never => {
    throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  };

  it("signs nothing while it cannot ask", async () => {
    const { lane, intent, attempts } = world;
    const one = await lane({ provider: but({ getTransactionCount: async () => silent() }) });
    const { state, reason } = await one.send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["notSent", "unreachable"]);
    expect(await attempts()).to.deep.equal([]);
  });

  it("goes on watching when nodes fall silent, and lands", async () => {
    const { lane, intent, mine, atWaits } = world;
    let dead = false;
    const { provider } = world;
    const getTransactionReceipt = async (hash: unknown) =>
      dead ? silent() : provider.getTransactionReceipt(String(hash));
    const one = await lane({ provider: but({ getTransactionReceipt }) });
    atWaits(
      () => {
        dead = true;
      },
      () => mine(),
      () => {
        dead = false;
      },
    );
    expect((await one.send(await intent("a"))).state).to.equal("landed");
  });

  it("does not call a transaction lost where nobody could say so", async () => {
    const { lane, intent, mine, attempts } = world;
    const one = await lane();
    await one.send(await intent("a"));
    const two = await lane({ provider: but({ getTransactionReceipt: async () => silent() }), owner: "owner 1" });
    const error: unknown = await two.follow().catch((caught: unknown) => caught);
    expect(error).to.include({ name: "KeeperError", code: "NETWORK_ERROR" });
    expect((await attempts())[0]!.status).to.equal("mined");
    await mine(3);
    expect((await one.follow())[0]!.intent!.status).to.equal("final");
  });

  it("refuses a chain without EIP-1559", async () => {
    const { lane, intent } = world;
    const getFeeData = async () => ({ gasPrice: 1n, maxFeePerGas: null, maxPriorityFeePerGas: null });
    const { state, reason } = await (await lane({ provider: but({ getFeeData }) })).send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["notSent", "legacyChain"]);
  });

  it("refuses a key that signs as somebody else", async () => {
    const { lane, intent, attempts, signer } = world;
    const wallet = keyOf("stranger");
    const wrong = { getAddress: async () => signer, signTransaction: wallet.signTransaction.bind(wallet) };
    const error: unknown = await (await lane({ wallet: wrong }))
      .send(await intent("a"))
      .catch((caught: unknown) => caught);
    expect(error).to.have.property("message").that.contains("Give the keeper the key of that account.");
    expect(await attempts()).to.deep.equal([]);
  });

  it("names the setting that is wrong", async () => {
    const faults = (input: unknown) => LaneConfig.safeParse(input).error?.issues.map(({ path }) => path.join("."));
    expect(faults({ bumpBy: 0.05, fees: { maxShare: 2 }, finality: "safe" })).to.deep.equal([
      "finality",
      "bumpBy",
      "fees.maxShare",
    ]);
    expect(faults({})).to.equal(undefined);
  });
});
