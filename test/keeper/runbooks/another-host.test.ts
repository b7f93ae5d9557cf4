import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { keyOf } from "../faults/support/chain.js";
import { type Desk, openDesk } from "./support.js";

const KEEPER = { key: keyOf("keeper") };

describe("runbook: keeper moved to another host", function () {
  this.timeout(120_000);
  const root = mkdtempSync(path.join(tmpdir(), "crosshedge-hosts-"));
  const [here, there] = [path.join(root, "here"), path.join(root, "there")];
  let desk: Desk;
  before(async () => {
    desk = await openDesk(here);
  });
  after(async () => {
    await desk.close();
    rmSync(root, { recursive: true });
  });

  it("goes on from a copy of the journal, refuses a wrong one, and does not act beside the one that was left", async () => {
    const { chain, command, done } = desk;
    const { vault, world, deployment } = chain.fixture;
    const { alice } = world.signers;
    await done(["tick", "--all"], KEEPER);

    const running = await openStore({ kind: "directory", directory: here });
    const busy = await command(["tick"], KEEPER);
    expect(busy.code, busy.said).to.equal(1);
    expect(busy.errors).to.match(/in use by process \d+ on .*Stop that one first/s);
    await running.close();

    cpSync(here, there, { recursive: true });
    const wrong = await command(["tick", "--vault", deployment.rebalancer], KEEPER, there);
    expect(wrong.code, wrong.said).to.equal(1);
    expect(wrong.errors).to.match(/"main" is vault 0x.* in this storage, and 0x.* now/s);

    // Half of the shares wait for cash: both have something to do, and the old one was started again by mistake.
    await vault.connect(alice).requestRedeem((await vault.balanceOf(alice)) / 2n, alice, alice);
    await chain.rounds(30);
    await chain.automine(false);
    const epoch = await chain.epoch();
    const moved = await done(["tick", "--set", "chains.0.lane.watchSeconds=0"], KEEPER, there);
    expect(moved).to.match(/rebalance, sent, and not mined yet/);
    const beside = await command(["tick", "--set", "chains.0.lane.watchSeconds=0"], KEEPER, here);
    expect(beside.out)
      .to.match(/rebalance, not sent/)
      .and.match(/1 transactions of 0x.* wait that the journal does not know/);
    await chain.mine(1);
    await chain.automine(true);
    expect(await chain.epoch()).to.equal(epoch + 1);

    expect(await done(["tick", "--all"], KEEPER, there)).to.include("settle");
    expect(await done(["journal", "verify", "--chain"], {}, there)).to.include("fits together");
  });
});
