import { expect } from "chai";
import { keccak256 } from "ethers";
import type { Step } from "../../../keeper/src/lane/lane.js";
import { relayRoute } from "../../../keeper/src/rpc/route.js";
import { sharedPostgres } from "../../support/postgres.js";
import { says, swallow } from "./support/content-faults.js";
import { transport } from "./support/rpc-proxy.js";
import { openScene, type Scene } from "./support/scene.js";

const SEND = ["eth_sendRawTransaction"];
/** Looks until a block comes: long enough for replacements. */
const SLOW = 4;
/** A mode of contracts/vault in which a vault only gets smaller. */
const REDUCE_ONLY = 2;

describe("faults: a plan on its way to the chain", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(3);
  });
  afterEach(() => scene.end());

  const once = async () => {
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge();
  };
  const attempts = () => scene.store.db.selectFrom("attempts").selectAll().orderBy("sequence").execute();

  it("whatever a node gets, a replacement too, is written down for good before", async () => {
    const storage = { kind: "postgres" as const, url: await (await sharedPostgres()).createDatabase() };
    const life = await scene.keeper({ storage, blockEvery: SLOW });
    const known: boolean[] = [];
    scene.everywhere({
      name: "looked up",
      methods: SEND,
      content: async ({ method, params }, forward) => {
        const hash = keccak256(params[0] as string);
        const rows = await life.store.db.selectFrom("attempts").select("hash").where("hash", "=", hash).execute();
        known.push(rows.length > 0);
        return forward(method, params);
      },
    });
    await life.ticks(5);
    expect(new Set(known)).to.deep.equal(new Set([true]));
    expect(known).to.have.length.above(2);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ store: life.store });
  });

  it("response lost after broadcast: it is looked up by the hash that the journal has", async () => {
    const life = await scene.keeper();
    scene.everywhere({ name: "lost", methods: SEND, transport: transport.answerLost() });
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    expect(await attempts()).to.have.length(1);
    await once();
  });

  it("swallowed by a node that says it has it: the same bytes go out again", async () => {
    const life = await scene.keeper({ blockEvery: 1 });
    scene.everywhere({ name: "swallow", methods: SEND, times: 1, content: swallow });
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    expect(await attempts()).to.have.length(1);
    await once();
  });

  for (const words of ["already known", "nonce too low: next nonce 99, tx nonce 7"]) {
    it(`"${words}" of a node that has taken it: every hash is looked up, nothing is signed again`, async () => {
      const life = await scene.keeper();
      const lie = says(words);
      scene.everywhere({
        name: words,
        methods: SEND,
        content: async (call, forward, random) => {
          await forward(call.method, call.params);
          return lie(call, forward, random);
        },
      });
      const [first] = await life.ticks(4);
      expect(first!.state).to.equal("landed");
      expect(await attempts()).to.have.length(1);
      await once();
    });
  }

  it("revert after the nonce was read: the nonce is not lost, the next plan takes it", async () => {
    const life = await scene.keeper({ config: { execution: { gasLimit: null } } });
    const nonce = await scene.chain.count("keeper");
    const revert = says("execution reverted", 3, "0x");
    const back = scene.everywhere({ name: "reverts", methods: ["eth_estimateGas"], content: revert });
    const [refused] = await life.ticks(1);
    expect(refused!.state).to.be.oneOf(["refused", "notSent"]);
    back();
    const landed = (await life.ticks(6)).find(({ state }) => state === "landed");
    expect(landed!.sent!.attempt!.nonce).to.equal(nonce);
    await once();
  });

  it("reverted in its block, as the vault was closed to it meanwhile: its nonce is used once, and the next plan follows", async () => {
    const { vault } = scene.chain.fixture;
    const first = { maxPriorityFeePerGas: 10n ** 11n, maxFeePerGas: 10n ** 12n };
    let closed = false;
    const onStep = async (step: Step) => {
      if (step !== "sent" || closed) return;
      closed = true;
      await vault.setMode(REDUCE_ONLY, first);
    };
    const life = await scene.keeper({}, { onStep });
    const [reverted] = await life.ticks(1);
    expect(reverted!.state).to.equal("reverted");
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch);
    await scene.aside(() => vault.setMode(0));
    const landed = (await life.ticks(6)).find(({ state }) => state === "landed");
    expect(landed!.sent!.attempt!.nonce).to.equal(reverted!.sent!.attempt!.nonce + 1);
    await once();
  });

  it("replacement refused: the first one is still watched, and is what lands", async () => {
    const life = await scene.keeper({ blockEvery: SLOW });
    const words = says("replacement transaction underpriced");
    scene.everywhere({ name: "refused", methods: SEND, skip: 1, content: words });
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    const [original, ...replacements] = await attempts();
    expect(replacements).to.have.length.above(0);
    expect(first!.sent!.attempt!.hash).to.equal(original!.hash);
    await once();
  });

  it("an older replacement mined: whichever hash of the nonce is in a block counts", async () => {
    const life = await scene.keeper({ blockEvery: SLOW });
    scene.everywhere({ name: "swallowed", methods: SEND, skip: 1, content: swallow });
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    const [original, newer] = await attempts();
    expect(first!.sent!.attempt!.hash).to.equal(original!.hash);
    expect(original!.status).to.equal("final");
    expect(newer!.status).to.equal("replaced");
    await once();
  });

  it("relay drops the transaction: it stays private, and goes to the relay again once it has expired", async () => {
    const relay = await scene.chain.endpoint(9);
    relay.rule({ name: "dropped", methods: SEND, times: 1, content: swallow });
    const terms = { name: "relay", url: relay.url, method: "eth_sendRawTransaction" as const, expiresBlocks: 2 };
    const life = await scene.keeper({ blockEvery: 1 }, { route: () => relayRoute(terms) });
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    expect(relay.injected.map(({ rule }) => rule)).to.deep.equal(["dropped"]);
    expect(scene.nodes.flatMap(({ posts }) => posts.flat())).to.not.include(SEND[0]);
    await once();
  });
});
