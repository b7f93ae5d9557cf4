import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import type { Step } from "../../../keeper/src/lane/lane.js";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { KEEPER_ROLE } from "../../../scripts/deploy/roles.js";
import { sharedPostgres } from "../../support/postgres.js";
import { openScene, type Scene } from "./support/scene.js";

/** Everybody waits at the step until so many are there; once. */
function meeting(step: Step, guests: number) {
  let arrived = 0;
  let open: () => void;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    let been = false;
    return async (at: Step): Promise<void> => {
      if (at !== step || been) return;
      been = true;
      arrived += 1;
      if (arrived === guests) open();
      await all;
    };
  };
}

/** What somebody waits at until it is opened. */
function doorway() {
  let open!: () => void;
  const own = { isOpen: false, opened: new Promise<void>((resolve) => (open = resolve)) };
  return {
    ...own,
    open() {
      this.isOpen = true;
      open();
    },
  };
}

const sendsOf = ({ nodes }: Scene): number =>
  nodes.flatMap(({ posts }) => posts.flat()).filter((method) => method === "eth_sendRawTransaction").length;

describe("faults: two keepers of one vault", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(2);
  });
  afterEach(() => scene.end());

  it("with the same signer and the same journal: one has the lane, one plan lands", async () => {
    const storage = { kind: "postgres" as const, url: await (await sharedPostgres()).createDatabase() };
    const guest = meeting("simulated", 2);
    const [one, two] = [
      await scene.keeper({ storage }, { onStep: guest() }),
      await scene.keeper({ storage }, { onStep: guest() }),
    ];
    const both = (await Promise.all([one.ticks(4), two.ticks(4)])).flat();
    expect(both.filter(({ state }) => state === "landed")).to.have.length(1);
    expect(both.map(({ sent }) => sent?.reason?.code)).to.include("laneHeld");
    await one.ticks(3);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ store: one.store });
  });

  for (const step of ["intentWritten", "signed", "sent"] as const) {
    it(`one sleeps at "${step}" until the other has its lane: it writes and sends nothing more, and one plan lands`, async () => {
      const storage = { kind: "postgres" as const, url: await (await sharedPostgres()).createDatabase() };
      const [asleep, wake] = [doorway(), doorway()];
      const onStep = async (at: Step) => {
        if (at !== step || asleep.isOpen) return;
        asleep.open();
        await wake.opened;
      };
      const one = await scene.keeper({ storage }, { onStep });
      const slept = one.keeper.tick();
      await asleep.opened;
      const two = await scene.keeper({ storage });
      await two.store.db.updateTable("lanes").set({ expires_at: 0 }).execute();
      await two.ticks(5);
      const written = () => two.store.db.selectFrom("attempts").selectAll().orderBy("sequence").execute();
      const [attempts, sends] = [await written(), sendsOf(scene)];
      wake.open();
      const { state, sent } = await slept;
      expect([state, sent!.reason!.code]).to.deep.equal([step === "sent" ? "inFlight" : "notSent", "laneLost"]);
      expect(await written()).to.deep.equal(attempts);
      expect(sendsOf(scene)).to.equal(sends);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
      await scene.judge({ store: two.store });
    });
  }

  it("with the same signer and journals that know nothing of each other: one lands, and no nonce is left open", async () => {
    const guest = meeting("attemptWritten", 2);
    const other = await openStore({ kind: "memory" });
    // Another tip, so that the two are not the same bytes.
    const lane = { fees: { minPriorityGwei: 3 } };
    const one = await scene.keeper({}, { onStep: guest() });
    const two = await scene.keeper({ lane }, { onStep: guest(), store: other });
    const both = (await Promise.all([one.ticks(1), two.ticks(1)])).flat();
    expect(both.filter(({ state }) => state === "landed")).to.have.length(1);
    for (const life of [one, two, one, two]) await life.ticks(3);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    expect(await scene.chain.count("keeper")).to.equal(scene.start.nonce + 1);
    for (const { store } of [one, two]) {
      expect(await store.journal.unsettled(31337, one.lane.signer)).to.deep.equal([]);
    }
    await other.close();
  });

  it("with different signers: one lands, the other is refused or cancelled, and neither leaves a gap", async () => {
    const { fixture } = scene.chain;
    const { deployer, dave } = fixture.world.signers;
    const authority = Authority__factory.connect(fixture.deployment.accessManager, deployer);
    await scene.aside(() => authority.grantRole(KEEPER_ROLE, dave.address, 0));
    const guest = meeting("sent", 2);
    const one = await scene.keeper({}, { onStep: guest() });
    const two = await scene.keeper({}, { onStep: guest() }, "dave");
    const both = (await Promise.all([one.ticks(1), two.ticks(1)])).flat();
    expect(both.filter(({ state }) => state === "landed")).to.have.length(1);
    await one.ticks(3);
    await two.ticks(3);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ roles: ["keeper", "dave"] });
  });
});
