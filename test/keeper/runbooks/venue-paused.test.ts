import { expect } from "chai";
import { navPerShare } from "../../support/actions.js";
import { keyOf } from "../faults/support/chain.js";
import { type Desk, openDesk } from "./support.js";

const KEEPER = { key: keyOf("keeper") };

describe("runbook: venue paused", function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it("neither loops nor loses: says so once, does what does not need the venue, and hedges when it is back", async () => {
    const { chain, command, done } = desk;
    const { vault, perp, world } = chain.fixture;
    const { alice, deployer } = world.signers;
    const { clearingHouse } = world.perp;
    const btc = world.deployment.perp.markets.BTC.base;
    await done(["tick", "--all"], KEEPER);
    const short = (await perp.position(btc)).size;
    const worth = await navPerShare(chain.fixture);

    await clearingHouse.connect(deployer).pause();
    await chain.rounds(60);
    const sent = await chain.count("keeper");
    expect(await done(["tick", "--all"], KEEPER)).to.include("sync: a venue changed what the vault holds there");
    const seen = await command(["doctor"], KEEPER);
    expect(seen.out).to.match(/WARN {2}venue perp-v2 .*WETH, WBTC cannot be traded/);
    expect(seen.out).to.match(/WARN {2}mode: NoDeposit/);
    for (let tick = 0; tick < 2; tick += 1) {
      const again = await done(["tick", "--all"], KEEPER);
      expect(again).to.include("takes no trade");
    }
    expect((await chain.count("keeper")) - sent, "transactions while nothing is to be done").to.equal(1);

    // A leaver makes the shorts too large: what can be done without the venue is done, and only once.
    await vault.connect(alice).requestRedeem((await vault.balanceOf(alice)) / 2n, alice, alice);
    await chain.rounds(10);
    await done(["tick", "--all"], KEEPER);
    const settled = await chain.count("keeper");
    await done(["tick", "--all"], KEEPER);
    expect(await chain.count("keeper")).to.equal(settled);
    expect(await vault.maxWithdraw(alice)).to.be.greaterThan(0n);
    expect((await perp.position(btc)).size).to.equal(short);

    await clearingHouse.connect(deployer).unpause();
    await chain.rounds(60);
    expect(await done(["tick", "--all"], KEEPER)).to.match(/buy back .* WBTC/);
    expect(-(await perp.position(btc)).size).to.be.lessThan(-short);
    expect(await done(["doctor"], KEEPER)).to.match(/ok {4}venue perp-v2/);
    expect(await done(["journal", "verify", "--chain"])).to.include("fits together");
    // Who leaves pays for it.
    expect(await navPerShare(chain.fixture)).to.be.greaterThan((worth * 998n) / 1000n);
  });
});
