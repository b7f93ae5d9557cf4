import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { Wallet } from "ethers";
import { KEEPER_ROLE } from "../../../scripts/deploy/roles.js";
import { keyOf } from "../faults/support/chain.js";
import { type Desk, openDesk, SILENCE } from "./support.js";

const OLD = { key: keyOf("keeper") };
const NEW = Wallet.createRandom();

describe("runbook: key rotation", function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it("changes the key without a missed epoch or sign of life, and forgets nothing of the old one", async () => {
    const { chain, command, done, file } = desk;
    const { deployment, rebalancer, vault, world } = chain.fixture;
    const { keeper, alice } = world.signers;
    const begun = await world.ethers.provider.getBlockNumber();
    await done(["tick", "--all"], OLD);

    const passwordFile = file("password", "correct horse battery");
    const keystore = file("new.json");
    const imported = await done(["keys", "import", "--keystore", keystore, "--password-file", passwordFile], {
      stdin: NEW.privateKey,
    });
    expect(imported.trim()).to.equal(NEW.address);
    await alice.sendTransaction({ to: NEW.address, value: 10n ** 18n });
    const config = file("new.yaml", `signer: { keystore: { file: "${keystore}", passwordFile: "${passwordFile}" } }\n`);
    const early = await command(["doctor", "--config", config]);
    expect(early.code, early.said).to.equal(1);
    expect(early.out).to.include(`${NEW.address} may not call rebalance, heartbeat`);
    expect(early.out).to.include(`grantRole(${KEEPER_ROLE}, ${NEW.address}, 0)`);

    const roles = Authority__factory.createInterface();
    const { accessManager } = deployment;
    await desk.announced([[accessManager, roles.encodeFunctionData("grantRole", [KEEPER_ROLE, NEW.address, 0])]], () =>
      done(["tick", "--all"], OLD),
    );
    const key = { key: NEW.privateKey };
    expect(await done(["doctor"], key)).to.include(`${NEW.address} may call rebalance, heartbeat`);

    await done(["tick", "--all"], OLD);
    // The old keeper stops with a plan under way: half of the shares wait for cash.
    await vault.connect(alice).requestRedeem((await vault.balanceOf(alice)) / 2n, alice, alice);
    await chain.rounds(30);
    await chain.automine(false);
    const last = await done(["tick", "--set", "chains.0.lane.watchSeconds=0"], OLD);
    expect(last).to.match(/rebalance, sent, and not mined yet/);
    await chain.mine(1);
    await chain.automine(true);
    expect(await done(["doctor"], key)).to.match(/WARN {2}accounts that signed before: unfinished: 1 of 0x9965/i);

    await done(["tick", "--all"], key);
    expect(await done(["doctor"], key)).to.include("accounts that signed before: nothing unfinished");
    const ticks = (await done(["journal", "ls"])).split("\n");
    expect(ticks.filter((line) => /rebalance final/.test(line)).length, ticks.join("\n")).to.be.greaterThan(1);
    expect(ticks.join("\n")).to.not.include("rebalance open");

    // What the nodes have forgotten only the old key can end, and it does nothing else while the vault is paused.
    await vault.connect(alice).requestRedeem((await vault.balanceOf(alice)) / 2n, alice, alice);
    await chain.rounds(30);
    await chain.automine(false);
    await done(["tick", "--set", "chains.0.lane.watchSeconds=0"], OLD);
    const [forgotten = ""] = /0x[0-9a-f]{64}/.exec(await done(["journal", "ls", "--limit", "1"])) ?? [];
    await chain.drop(forgotten);
    await chain.automine(true);
    await done(["tick", "--all"], key);
    expect(await done(["doctor"], key)).to.match(/WARN {2}accounts that signed before: unfinished: 1 of 0x9965/i);
    await done(["pause", "main", "--reason", "the old key ends what it began"]);
    await done(["tick"], OLD);
    expect(await done(["tick"], OLD)).to.not.include("transaction:");
    await done(["resume", "main"]);
    expect(await done(["doctor"], key)).to.include("accounts that signed before: nothing unfinished");

    const end = await world.ethers.provider.getBlockNumber();
    await desk.announced([[accessManager, roles.encodeFunctionData("revokeRole", [KEEPER_ROLE, keeper.address])]]);
    const revoked = await command(["doctor"], OLD);
    expect(revoked.out).to.include(`${keeper.address} may not call rebalance, heartbeat`);
    const rest = (await world.ethers.provider.getBalance(keeper)) - 10n ** 18n;
    await keeper.sendTransaction({ to: NEW.address, value: rest });
    await done(["tick", "--all"], key);
    expect(await done(["journal", "verify", "--chain"])).to.include("fits together");

    const plans = await rebalancer.queryFilter(rebalancer.filters.Rebalanced, begun, end);
    expect(plans.map(({ args }) => Number(args.epoch))).to.deep.equal(plans.map((_, i) => i));
    const signs = [...plans, ...(await rebalancer.queryFilter(rebalancer.filters.Heartbeat, begun, end))];
    const times = await Promise.all(signs.map(async (sign) => (await sign.getBlock()).timestamp));
    const gaps = times.sort((a, b) => a - b).map((time, i) => time - (times[i - 1] ?? time));
    expect(Math.max(...gaps)).to.be.lessThan(SILENCE);
    const senders = new Set(await Promise.all(signs.map(async (sign) => (await sign.getTransaction()).from)));
    expect([...senders]).to.have.members([keeper.address, NEW.address]);
  });
});
