import { readFileSync } from "node:fs";
import { type CrosshedgeVault, readAuthority, readRoles } from "@crosshedge/sdk";
import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { changeSettings } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

const fixture = reusable(vaultWithHistory);
const DELAY = 3 * 86_400;
const CONTRACTS = { HedgeVault: "vault", Rebalancer: "rebalancer", PriceOracle: "priceOracle", Authority: "authority" };

describe("sdk: roles", () => {
  let f: Fixture;
  let vault: CrosshedgeVault;
  let authority: ReturnType<typeof Authority__factory.connect>;

  beforeEach(async () => {
    f = await fixture();
    vault = await connect(f);
    authority = Authority__factory.connect(await f.vault.authority(), f.world.signers.deployer);
  });

  it("are those of the table in docs/roles.md, function by function", async () => {
    const { roles } = await readRoles(vault, await vault.readState());
    const told = roles.flatMap(({ name, functions }) =>
      functions.map((each) => `${each.contract} ${each.name} ${name}`),
    );
    const table = readFileSync(new URL("../../docs/roles.md", import.meta.url), "utf8");
    const wanted = [...table.matchAll(/^\| (\w+) \| (.+?) \| (admin|keeper|guardian) \|$/gm)].flatMap((row) => {
      const [, contract = "", functions = "", role = ""] = row;
      const place = CONTRACTS[contract as keyof typeof CONTRACTS];
      return place ? [...functions.matchAll(/`(\w+)`/g)].map(([, name]) => `${place} ${name} ${role}`) : [];
    });
    expect(wanted.length).to.be.above(15);
    expect(told.sort()).to.deep.equal(wanted.sort());
  });

  it("tell who has them, from when, and after which delay", async () => {
    const { alice, bob, deployer, keeper, stranger } = f.world.signers;
    await authority.grantRole(0n, alice, DELAY);
    await authority.setGrantDelay(2n, 86_400);
    await f.world.networkHelpers.time.increase(6 * 86_400);
    await authority.grantRole(2n, bob, 0n);
    await authority.setTargetClosed(f.vault, true);
    const state = await vault.readState();
    const asked = [alice, bob, deployer, keeper, stranger].map(({ address }) => address.toLowerCase());
    const { roles, closed } = await readRoles(vault, state, asked);
    const [admin, keepers, guardians] = roles.map(({ members }) => members);
    expect(admin?.map(({ account, delay }) => [account, delay])).to.deep.equal([
      [alice.address, DELAY],
      [deployer.address, 0],
    ]);
    expect(keepers).to.have.length(1);
    expect(keepers?.[0]).to.include({ account: keeper.address, isActive: true, delay: 0 });
    const grant = guardians?.find(({ account }) => account === bob.address);
    expect(grant).to.include({ isActive: false, since: state.block.timestamp - 1 + 86_400 });
    expect(closed).to.deep.equal([f.deployment.vault]);
    await f.world.networkHelpers.time.increaseTo(grant?.since ?? 0);
    const [, , guards] = (await readRoles(vault, await vault.readState(), asked)).roles;
    expect(guards?.members.find(({ account }) => account === bob.address)?.isActive).to.equal(true);
    await authority.grantRole(1n, stranger, DELAY);
    await authority.grantRole(1n, stranger, 0n);
    const then = await vault.readState();
    const [, late] = (await readRoles(vault, then, asked)).roles;
    // A shorter delay comes once the old one is over.
    const pendingDelay = { delay: 0, from: then.block.timestamp + DELAY };
    const second = late?.members.find(({ account }) => account === stranger.address);
    expect(second).to.deep.include({ delay: DELAY, pendingDelay });
    await expectRejection(readRoles(vault, state, ["0x12"]), "BAD_ARGUMENT", /`accounts`/);
  });

  it("are found in the authority's events, with what is announced until it is done or lapses", async () => {
    const { alice, keeper, deployer } = f.world.signers;
    await authority.grantRole(0n, alice, DELAY);
    const settings = f.vault.interface.encodeFunctionData("setMode", [1]);
    const own = authority.connect(alice);
    await own.schedule(f.vault, settings, 0n);
    const state = await vault.readState();
    const { accounts, scheduled } = await readAuthority(vault, state, 0);
    expect(accounts).to.include.members([alice.address, keeper.address, deployer.address]);
    expect(scheduled).to.have.length(1);
    const [call] = scheduled;
    expect(call).to.include({ caller: alice.address, target: f.deployment.vault, name: "setMode", data: settings });
    expect(call?.from).to.equal(state.block.timestamp + DELAY);
    expect(call?.until).to.equal((call?.from ?? 0) + 7 * 86_400);
    await f.world.networkHelpers.time.increaseTo(call?.from ?? 0);
    await f.vault.connect(alice).setMode(1);
    expect((await readAuthority(vault, await vault.readState(), 0)).scheduled).to.deep.equal([]);
    // What came before is not asked for.
    const later = await readAuthority(vault, await vault.readState(), state.block.number + 1);
    expect(later.accounts).to.deep.equal([]);
    await changeSettings(f, { minCash: wad("0.1") });
  });
});
