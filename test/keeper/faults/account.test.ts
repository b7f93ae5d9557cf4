import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { keyOf } from "./support/chain.js";
import { swallow } from "./support/content-faults.js";
import { openScene, type Scene } from "./support/scene.js";

const GWEI = 10n ** 9n;

describe("faults: the keeper's account", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(7);
  });
  afterEach(() => scene.end());

  const account = () => scene.chain.fixture.world.signers.keeper.address;
  const baseFee = async (gwei: bigint) => {
    await scene.chain.request("hardhat_setNextBlockBaseFeePerGas", [`0x${(gwei * GWEI).toString(16)}`]);
    await scene.chain.mine(1);
  };
  const once = async (foreign: readonly string[] = []) => {
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ foreign });
  };
  /** An empty transaction of the same key, as from a wallet that somebody uses beside the keeper. */
  const byHand = async (nonce: number, gwei: bigint): Promise<string> => {
    const fees = { maxFeePerGas: gwei * GWEI, maxPriorityFeePerGas: gwei * GWEI, gasLimit: 21_000n };
    const raw = await new Wallet(keyOf("keeper")).signTransaction({
      to: account(),
      nonce,
      chainId: 31337,
      type: 2,
      ...fees,
    });
    return scene.chain.request<string>("eth_sendRawTransaction", [raw]);
  };

  it("out of gas: nothing is signed until it is filled up", async () => {
    await scene.chain.request("hardhat_setBalance", [account(), "0x1"]);
    const life = await scene.keeper();
    const [poor] = await life.ticks(1);
    expect(poor!.sent!.reason!.code).to.equal("outOfGas");
    expect(await scene.store.db.selectFrom("attempts").selectAll().execute()).to.deep.equal([]);
    await scene.chain.request("hardhat_setBalance", [account(), "0x56bc75e2d63100000"]);
    await life.ticks(6);
    await once();
  });

  it("gas above the cap: it waits until gas is cheaper", async () => {
    await baseFee(3_000n);
    const life = await scene.keeper();
    const [dear] = await life.ticks(1);
    expect(dear!.sent!.reason!.code).to.equal("feeAboveCap");
    await baseFee(1n);
    await life.ticks(6);
    await once();
  });

  it("deadline past: its nonce is taken back by an empty transaction, and a new plan lands", async () => {
    const life = await scene.keeper({ blockEvery: 1, config: { execution: { deadlineSeconds: 90 } } });
    const isPlan = ({ params }: { params: readonly unknown[] }) => Transaction.from(params[0] as string).data !== "0x";
    const back = scene.everywhere({
      name: "lost",
      methods: ["eth_sendRawTransaction"],
      when: isPlan,
      content: swallow,
    });
    const [late] = await life.ticks(1);
    expect(late!.state).to.equal("void");
    expect(late!.sent!.reason!.code).to.equal("cancelled");
    expect(late!.sent!.reason!.message).to.include("deadline is over");
    back();
    const landed = (await life.ticks(7)).find(({ state }) => state === "landed");
    expect(landed!.sent!.attempt!.nonce).to.equal(late!.sent!.attempt!.nonce + 1);
    await once();
  });

  it("a foreign transaction of the key waits: nothing is sent over it", async () => {
    const foreign = await byHand(scene.start.nonce, 5n);
    const life = await scene.keeper({ blockEvery: null });
    const first = await life.keeper.tick();
    expect(first.sent!.reason!.code).to.equal("foreignPending");
    expect(await scene.store.db.selectFrom("attempts").selectAll().execute()).to.deep.equal([]);
    await life.blocks(1);
    await life.close();
    const again = await scene.keeper({ owner: "test-1" });
    const landed = (await again.ticks(6)).find(({ state }) => state === "landed");
    expect(landed!.sent!.attempt!.nonce).to.equal(scene.start.nonce + 1);
    await once([foreign]);
  });

  it("a foreign transaction takes the nonce of a plan that was sent: the plan goes out again with the next", async () => {
    let foreign: string | undefined;
    const onStep = async (step: string) => {
      if (step === "sent") foreign ??= await byHand(scene.start.nonce, 300n);
    };
    const life = await scene.keeper({}, { onStep });
    const [first] = await life.ticks(1);
    expect(first!.state).to.equal("void");
    expect(first!.sent!.reason!.code).to.equal("foreignUsed");
    await life.ticks(7);
    await once([foreign!]);
  });
});
