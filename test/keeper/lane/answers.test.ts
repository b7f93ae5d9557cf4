import { expect } from "chai";
import { publicRoute, type Route } from "../../../keeper/src/rpc/route.js";
import { type LaneWorld, laneWorld } from "./support.js";

describe("lane: what nodes answer", () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = await laneWorld();
  });
  afterEach(() => world.close());

  /** The public route, whose first answer is an error; `through` says whether the transaction went out all the same. */
  function answering(message: string, through: boolean): Route {
    const route = publicRoute(world.provider);
    return {
      ...route,
      send: async (raw, expires) => {
        if (through) await route.send(raw, expires);
        throw Object.assign(new Error(message), { code: message === "timeout" ? "TIMEOUT" : -32000 });
      },
    };
  }

  /** The chain, which refuses the nth transaction that it is sent. */
  function refusing(nth: number, message: string): LaneWorld["provider"] {
    return new Proxy(world.provider, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (name === "send" && args[0] === "eth_sendRawTransaction" && --nth === 0) throw new Error(message);
          return value.apply(target, args);
        };
      },
    });
  }

  const CASES = [
    { name: "the response is lost after the broadcast", message: "timeout", through: true, status: "sent" },
    { name: "the request is lost", message: "timeout", through: false, status: "sent" },
    { name: "the node has it already", message: "already known", through: true, status: "sent" },
    { name: "the nonce is too low because it is mined", message: "nonce too low", through: true, status: "signed" },
    { name: "the node means nothing that is known", message: "brrr", through: true, status: "sent" },
  ];
  for (const { name, message, through, status } of CASES) {
    it(`lands once where ${name}`, async () => {
      const { lane, intent, attempts, provider, signer } = world;
      let written: string | undefined;
      const onStep = async (step: string): Promise<void> => {
        if (step === "sentWritten") written ??= (await attempts())[0]!.status;
      };
      const { state } = await (await lane({ route: answering(message, through), onStep })).send(await intent("a"));
      expect([state, written]).to.deep.equal(["landed", status]);
      expect(await attempts()).to.have.length(1);
      expect(await provider.getTransactionCount(signer, "pending")).to.equal(1);
    });
  }

  it("raises at once what is below the least fee of the node", async () => {
    const { lane, intent, attempts, dearBlock } = world;
    const one = await lane({
      route: answering("transaction underpriced: max fee per gas less than block base fee", false),
    });
    const cheap = await one.outlook();
    await dearBlock();
    const { state } = await one.send(await intent("a"), undefined, { outlook: cheap, block: cheap.head.number });
    expect(state).to.equal("landed");
    expect((await attempts()).length).to.be.at.most(2);
  });

  it("raises further where a replacement is refused", async () => {
    const { lane, intent, atWaits, later, attempts } = world;
    const one = await lane({ provider: refusing(2, "replacement transaction underpriced") });
    atWaits(
      () => later(31),
      () => later(15),
      () => later(16),
    );
    expect((await one.send(await intent("a"))).state).to.equal("landed");
    const [first, refused, last, ...more] = await attempts();
    expect([first!.status, refused!.status, last!.status, more]).to.deep.equal(["sent", "signed", "mined", []]);
    expect(Number(last!.max_fee) / Number(refused!.max_fee)).to.be.at.least(1.125);
  });

  it("says that the gas is out before anything is signed, and what there is", async () => {
    const { lane, intent, ask, signer, attempts } = world;
    const gas: bigint[] = [];
    const one = await lane({ listener: { gas: ({ balanceWei }) => gas.push(balanceWei) } });
    await ask("hardhat_setBalance", signer, "0x2710");
    const { state, reason } = await one.send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["notSent", "outOfGas"]);
    expect([await attempts(), gas]).to.deep.equal([[], [10_000n]]);
  });

  it("does not watch for what nodes refuse for want of gas", async () => {
    const { lane, intent } = world;
    const route = answering("insufficient funds for gas * price + value", false);
    const { state, reason } = await (await lane({ route })).send(await intent("a"));
    expect([state, reason!.code]).to.deep.equal(["inFlight", "outOfGas"]);
  });

  it("sends nothing above the fee cap or past the deadline", async () => {
    const { lane, intent, dearBlock, attempts } = world;
    const one = await lane({ config: { fees: { maxGwei: 10 } } });
    const early = await intent("a");
    await dearBlock({ seconds: 601 });
    expect((await one.send(early)).reason!.code).to.equal("deadlinePast");
    expect((await one.send(await intent("a"))).reason!.code).to.equal("feeAboveCap");
    expect(await attempts()).to.deep.equal([]);
  });

  it("estimates gas with a quarter more, and does not sign what would revert", async () => {
    const { lane, intent, attempts, target, stranger, mine, provider, signer } = world;
    const { gas_limit: _, ...open } = await intent("a");
    const one = await lane();
    const done = await one.send(open);
    const estimate = await provider.estimateGas({ from: signer, to: target });
    expect(BigInt(done.intent!.gas_limit)).to.equal((estimate * 5n) / 4n);
    await stranger.sendTransaction({ to: target, data: "0x01" });
    await mine();
    const { state, reason } = await one.send({ ...open, key: "b" });
    expect([state, reason]).to.deep.equal(["notSent", { code: "notWanted", message: reason!.message }]);
    expect(reason!.message).to.contain("no");
    expect(await attempts()).to.have.length(1);
  });
});
