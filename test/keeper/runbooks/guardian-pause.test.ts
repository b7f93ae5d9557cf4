import { HedgeVault__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { keyOf } from "../faults/support/chain.js";
import { type Desk, openDesk } from "./support.js";

const KEEPER = { key: keyOf("keeper") };
const [NORMAL, REDUCE_ONLY] = [0, 2];

describe("runbook: guardian pause and return", function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it("lets the keeper only reduce, stops it wholly where the operator pauses it, and hedges again afterwards", async () => {
    const { chain, command, done } = desk;
    const { vault, perp, world } = chain.fixture;
    const { alice, carol } = world.signers;
    const { base } = world.deployment.perp.markets.BTC;
    await done(["tick", "--all"], KEEPER);
    const short = (await perp.position(base)).size;

    await vault.connect(carol).tighten(REDUCE_ONLY);
    await vault.connect(alice).requestRedeem((await vault.balanceOf(alice)) / 2n, alice, alice);
    await chain.rounds(30);
    const epoch = await chain.epoch();
    await done(["pause", "main", "--reason", "the guardian looks at it"]);
    expect(await done(["tick", "--all"], KEEPER)).to.include("the vault is paused: the guardian looks at it");
    expect((await command(["doctor"], KEEPER)).out)
      .to.match(/WARN {2}mode: ReduceOnly/)
      .and.match(/WARN {2}paused: the guardian looks at it/);
    expect(await chain.epoch()).to.equal(epoch);
    await done(["resume", "main"]);

    const reduced = await done(["tick"], KEEPER);
    expect(reduced).to.include("the vault's mode is ReduceOnly: only reductions pass");
    expect(reduced).to.include("buy back").and.include("remove the liquidity");
    expect(reduced).to.not.match(/- (short|provide|add) /);
    await done(["tick", "--all"], KEEPER);
    expect(await vault.maxWithdraw(alice)).to.be.greaterThan(0n);
    const smaller = (await perp.position(base)).size;
    expect(-smaller).to.be.lessThan(-short);

    const { vault: address } = chain.fixture.deployment;
    const setMode = HedgeVault__factory.createInterface().encodeFunctionData("setMode", [NORMAL]);
    await desk.announced([[address, setMode]]);
    const back = await done(["tick", "--all"], KEEPER);
    expect(back).to.match(/- short .* W(BTC|ETH)/);
    expect(await done(["doctor"], KEEPER)).to.include("mode: Normal");
    expect(await done(["journal", "verify", "--chain"])).to.include("fits together");
  });
});
