import { readFileSync } from "node:fs";
import { decodeError } from "@crosshedge/sdk";
import {
  Authority__factory,
  CovarianceOracle__factory,
  PriceOracle__factory,
  VaultFactory__factory,
} from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { type BaseContract, type FunctionFragment, MaxUint256, type ParamType, type Signer, ZeroAddress } from "ethers";
import { artifactOf } from "../../scripts/deploy/artifacts.js";
import { HEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { ADMIN_ROLE, GUARDIAN_ROLE, KEEPER_ROLE } from "../../scripts/deploy/roles.js";
import { depositBasket, exitInKind } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const DAY = 86_400;
const PUBLIC_ROLE = 2n ** 64n - 1n;

interface Row {
  contract: string;
  name: string;
  who: string;
}

/** The table of docs/roles.md, a row for each function. */
function readTable(): Row[] {
  const text = readFileSync(new URL("../../docs/roles.md", import.meta.url), "utf8");
  const lines = [...text.matchAll(/^\| (\w+) \| ((?:`\w+` ?)+)\| (\w+) \|$/gm)];
  return lines.flatMap(([, contract, names, who]) =>
    [...(names as string).matchAll(/`(\w+)`/g)].map(([, name]) => ({ contract, name, who }) as Row),
  );
}

const table = readTable();
const rolesOf = { admin: ADMIN_ROLE, keeper: KEEPER_ROLE, guardian: GUARDIAN_ROLE } as Record<string, bigint>;
const restricted = (row: Row) => row.who in rolesOf;

async function contractsOf(f: Fixture): Promise<Record<string, BaseContract>> {
  const { deployer } = f.world.signers;
  return {
    HedgeVault: f.vault,
    Rebalancer: f.rebalancer,
    PriceOracle: PriceOracle__factory.connect(f.oracles.priceOracle, deployer),
    CovarianceOracle: CovarianceOracle__factory.connect(f.oracles.covarianceOracle, deployer),
    VaultFactory: VaultFactory__factory.connect(f.oracles.factory, deployer),
    Authority: Authority__factory.connect(f.oracles.accessManager, deployer),
  };
}

/** The functions of a contract that change something, by name; overloads together. */
function changing(contract: BaseContract): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  contract.interface.forEachFunction((fragment) => {
    if (!fragment.constant) found.push(fragment);
  });
  return found;
}

/** A value of a type that says nothing, but is not too late. */
function blank(type: ParamType): unknown {
  if (type.name === "deadline") return MaxUint256;
  if (type.isArray()) return [];
  if (type.isTuple()) return (type.components ?? []).map(blank);
  if (type.type === "address") return ZeroAddress;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  if (type.type === "bytes") return "0x00000000";
  const fixed = /^bytes(\d+)$/.exec(type.type)?.[1];
  return fixed === undefined ? 0n : `0x${"00".repeat(Number(fixed))}`;
}

const calldata = (contract: BaseContract, fragment: FunctionFragment, args?: unknown[]) =>
  contract.interface.encodeFunctionData(fragment, args ?? fragment.inputs.map(blank));

/** Name and arguments of the error that a call ends with; undefined where it passes. */
async function refusal(to: BaseContract, data: string, from: Signer): Promise<string | undefined> {
  try {
    await from.call({ to, data });
    return undefined;
  } catch (error) {
    const { revert } = decodeError(error);
    return revert?.kind === "custom" ? `${revert.name}(${Object.values(revert.args).join(",")})` : `${revert?.kind}`;
  }
}

/** A function by its name, the first of its overloads. */
const named = (contract: BaseContract, name: string): FunctionFragment =>
  changing(contract).find((fragment) => fragment.name === name) as FunctionFragment;

describe("the table of roles", () => {
  it("has every function that changes something, once, and no other", async () => {
    const contracts = await contractsOf(await fixture());
    const inCode = Object.entries(contracts).flatMap(([contract, instance]) => [
      ...new Set(changing(instance).map(({ name }) => `${contract}.${name}`)),
    ]);
    expect(table.map(({ contract, name }) => `${contract}.${name}`).sort()).to.deep.equal(inCode.sort());
  });

  it("tells the truth about strangers", async () => {
    const f = await fixture();
    const contracts = await contractsOf(f);
    const { stranger } = f.world.signers;
    const expected: Record<string, RegExp> = {
      rebalancer: /^NotRebalancer\(/,
      leg: /^NotALeg\(/,
      authority: /^AccessManagedUnauthorized\(/,
      once: /^InvalidInitialization\(/,
      member: /^AccessManagerUnauthorizedCall\(|^AccessManagerNotScheduled\(/,
    };
    for (const row of table) {
      const contract = contracts[row.contract] as BaseContract;
      for (const fragment of changing(contract).filter(({ name }) => name === row.name)) {
        const what = `${row.contract}.${fragment.format()}`;
        const said = await refusal(contract, calldata(contract, fragment), stranger);
        if (restricted(row) && row.contract === "Authority") {
          expect(said, what).to.equal(`AccessManagerUnauthorizedAccount(${stranger.address},0)`);
        } else if (restricted(row)) {
          expect(said, what).to.equal(`AccessManagedUnauthorized(${stranger.address})`);
        } else if (row.who === "anyone") {
          expect(said ?? "", what).not.to.match(/AccessManaged|Unauthorized/);
        } else if (row.who in expected) {
          expect(said, what).to.match(expected[row.who] as RegExp);
        } else {
          // AccessManager believes a target that says it is consuming; a stranger without code is none.
          expect(row, what).to.deep.include({ name: "consumeScheduledOp", who: "target" });
          expect(said, what).not.to.equal(undefined);
        }
      }
    }
  });

  it("is what the authority has", async () => {
    const f = await fixture();
    const contracts = await contractsOf(f);
    const authority = Authority__factory.connect(f.oracles.accessManager, f.world.signers.deployer);
    for (const row of table.filter(({ contract }) => contract !== "Authority")) {
      const contract = contracts[row.contract] as BaseContract;
      for (const { name, selector } of changing(contract).filter((each) => each.name === row.name)) {
        const role = await authority.getTargetFunctionRole(contract, selector);
        expect(role, `${row.contract}.${name}`).to.equal(rolesOf[row.who] ?? ADMIN_ROLE);
      }
    }
    expect(await authority.KEEPER_ROLE()).to.equal(KEEPER_ROLE);
    expect(await authority.GUARDIAN_ROLE()).to.equal(GUARDIAN_ROLE);
    expect(await authority.ADMIN_ROLE()).to.equal(ADMIN_ROLE);
  });

  it("restricts in the sources exactly what it says is restricted", () => {
    for (const name of ["HedgeVault", "Rebalancer", "PriceOracle", "VaultFactory"]) {
      const inTable = table.filter((row) => row.contract === name && restricted(row)).map((row) => row.name);
      expect(new Set(inTable).size, name).to.equal(inTable.length);
      const abi = artifactOf(name).abi.filter(({ type }) => type === "function");
      expect(abi.map((fragment) => fragment.name)).to.include.members(inTable);
    }
  });
});

describe("with every target closed", () => {
  /** Close all targets of a vault, the authority itself too. */
  async function close(f: Fixture) {
    const authority = Authority__factory.connect(f.oracles.accessManager, f.world.signers.deployer);
    for (const contract of Object.values(await contractsOf(f))) await authority.setTargetClosed(contract, true);
    for (const leg of await f.vault.legs()) await authority.setTargetClosed(leg, true);
    return authority;
  }

  it("what is for anyone answers as before", async () => {
    const f = await fixture();
    const contracts = await contractsOf(f);
    const { stranger } = f.world.signers;
    const answers = async () => {
      const all: Record<string, string | undefined> = {};
      for (const row of table.filter(({ who }) => who === "anyone")) {
        const contract = contracts[row.contract] as BaseContract;
        for (const fragment of changing(contract).filter(({ name }) => name === row.name)) {
          const said = await refusal(contract, calldata(contract, fragment), stranger);
          // Its name alone: arguments may be times.
          all[`${row.contract}.${fragment.format()}`] = said?.replace(/\(.*/, "");
        }
      }
      return all;
    };
    const open = await answers();
    await close(f);
    expect(await answers()).to.deep.equal(open);
  });

  it("a holder deposits and leaves; only keeper, guardian and admin are stopped", async () => {
    const f = await fixture();
    await close(f);
    const { alice, keeper, deployer } = f.world.signers;
    const shares = await depositBasket(f, alice, usdc(1_000), wad(10));
    await f.vault.connect(alice).sync();
    await f.vault.connect(alice).accrueFees();
    await exitInKind(f, alice, shares);
    expect(await f.vault.totalSupply()).to.equal(0n);
    await expect(f.rebalancer.connect(keeper).heartbeat()).to.be.revertedWithCustomError(
      f.rebalancer,
      "AccessManagedUnauthorized",
    );
    await expect(f.vault.connect(deployer).setInBasket(await f.world.tokens.USDC.getAddress(), false))
      .to.be.revertedWithCustomError(f.vault, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
  });
});

describe("an admin", () => {
  /** Carol is the admin, with the shortest delay there is, and the deployer nothing any more. */
  async function handedOver() {
    const f = await fixture();
    const { deployer, carol, bob } = f.world.signers;
    const authority = Authority__factory.connect(f.oracles.accessManager, deployer);
    await authority.grantRole(GUARDIAN_ROLE, bob, 0);
    await authority.grantRole(ADMIN_ROLE, carol, 2 * DAY);
    await authority.renounceRole(ADMIN_ROLE, deployer);
    return { f, authority: authority.connect(carol), contracts: await contractsOf(f) };
  }
  type HandedOver = Awaited<ReturnType<typeof handedOver>>;

  /** Announce a call, wait, and carry it out. */
  async function announced({ f, authority }: HandedOver, contract: BaseContract, data: string, wait = 2 * DAY) {
    await authority.schedule(contract, data, 0);
    await f.world.networkHelpers.time.increase(wait);
    return authority.execute(contract, data);
  }

  it("does nothing at once: each of his functions must have been announced", async () => {
    const { f, authority, contracts } = await handedOver();
    const { carol } = f.world.signers;
    for (const row of table.filter(({ who }) => who === "admin")) {
      const contract = contracts[row.contract] as BaseContract;
      const data = calldata(contract, named(contract, row.name));
      const what = `${row.contract}.${row.name}`;
      expect(await refusal(contract, data, carol), what).to.match(/^AccessManagerNotScheduled\(/);
      const execute = authority.interface.encodeFunctionData("execute", [await contract.getAddress(), data]);
      expect(await refusal(authority, execute, carol), what).to.match(/^AccessManagerNotScheduled\(/);
      const inMulticall = authority.interface.encodeFunctionData("multicall", [[execute]]);
      expect(await refusal(authority, inMulticall, carol), what).to.match(/^AccessManagerNotScheduled\(/);
    }
    for (const row of table.filter(({ who }) => who === "keeper" || who === "guardian")) {
      const contract = contracts[row.contract] as BaseContract;
      const data = calldata(contract, named(contract, row.name));
      expect(await refusal(contract, data, carol)).to.equal(`AccessManagedUnauthorized(${carol.address})`);
    }
  });

  it("announces, waits two days, and carries out; or cancels", async () => {
    const given = await handedOver();
    const { f, authority } = given;
    const { carol, stranger } = f.world.signers;
    const { time } = f.world.networkHelpers;
    const limits = { ...HEDGED_LIMITS, cooldown: 600n };
    const data = f.rebalancer.interface.encodeFunctionData("setLimits", [limits]);
    const id = await authority.hashOperation(carol, f.rebalancer, data);

    const tooSoon = (await time.latest()) + 2 * DAY - 60;
    await expect(authority.schedule(f.rebalancer, data, tooSoon)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerUnauthorizedCall",
    );
    await expect(authority.connect(stranger).schedule(f.rebalancer, data, 0)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerUnauthorizedCall",
    );
    await authority.schedule(f.rebalancer, data, 0);
    await time.increase(2 * DAY - 60);
    await expect(f.rebalancer.connect(carol).setLimits(limits))
      .to.be.revertedWithCustomError(authority, "AccessManagerNotReady")
      .withArgs(id);
    await expect(authority.connect(stranger).cancel(carol, f.rebalancer, data)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerUnauthorizedCancel",
    );
    await authority.cancel(carol, f.rebalancer, data);
    await time.increase(DAY);
    await expect(f.rebalancer.connect(carol).setLimits(limits)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerNotScheduled",
    );

    await authority.schedule(f.rebalancer, data, 0);
    await time.increase(2 * DAY);
    await f.rebalancer.connect(carol).setLimits(limits);
    expect((await f.rebalancer.limits()).cooldown).to.equal(600n);

    await authority.schedule(f.rebalancer, data, 0);
    await time.increase(2 * DAY + 7 * DAY + 1);
    await expect(authority.execute(f.rebalancer, data)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerExpired",
    );
  });

  it("is made with a delay of two days or not at all, and cannot shorten it", async () => {
    const given = await handedOver();
    const { authority } = given;
    const { alice, carol } = given.f.world.signers;
    for (const account of [alice, carol]) {
      const grant = calldata(authority, named(authority, "grantRole"), [ADMIN_ROLE, account.address, 2 * DAY - 1]);
      await expect(announced(given, authority, grant))
        .to.be.revertedWithCustomError(authority, "AdminDelayTooShort")
        .withArgs(2 * DAY - 1, 2 * DAY);
    }
    const grant = calldata(authority, named(authority, "grantRole"), [ADMIN_ROLE, alice.address, 2 * DAY]);
    await announced(given, authority, grant);
    expect(await authority.hasRole(ADMIN_ROLE, alice)).to.deep.equal([true, BigInt(2 * DAY)]);
  });

  it("cannot give a function of his own to a role that acts at once, nor to everybody", async () => {
    const given = await handedOver();
    const { authority, contracts } = given;
    for (const row of table.filter((each) => restricted(each) && each.contract !== "Authority")) {
      const contract = contracts[row.contract] as BaseContract;
      const { selector } = named(contract, row.name);
      expect(await authority.roleOf(selector), row.name).to.equal(rolesOf[row.who]);
      for (const role of [KEEPER_ROLE, GUARDIAN_ROLE, 7n, PUBLIC_ROLE]) {
        if (role === rolesOf[row.who]) continue;
        const assign = calldata(authority, named(authority, "setTargetFunctionRole"), [
          await contract.getAddress(),
          [selector],
          role,
        ]);
        await authority.schedule(authority, assign, 0);
      }
    }
    await given.f.world.networkHelpers.time.increase(2 * DAY);
    for (const row of table.filter((each) => restricted(each) && each.contract !== "Authority")) {
      const contract = contracts[row.contract] as BaseContract;
      const { selector } = named(contract, row.name);
      for (const role of [KEEPER_ROLE, GUARDIAN_ROLE, 7n, PUBLIC_ROLE]) {
        if (role === rolesOf[row.who]) continue;
        await expect(authority.setTargetFunctionRole.staticCall(contract, [selector], role), `${row.name} ${role}`)
          .to.be.revertedWithCustomError(authority, "NotItsRole")
          .withArgs(selector, role);
      }
    }
  });

  it("hands a contract to another authority only announced", async () => {
    const given = await handedOver();
    const { f, authority } = given;
    const { carol } = f.world.signers;
    const next = await new Authority__factory(carol).deploy(carol);
    const update = authority.interface.encodeFunctionData("updateAuthority", [
      f.deployment.vault,
      await next.getAddress(),
    ]);
    expect(await refusal(authority, update, carol)).to.match(/^AccessManagerNotScheduled\(/);
    const setAuthority = f.vault.interface.encodeFunctionData("setAuthority", [await next.getAddress()]);
    expect(await refusal(f.vault, setAuthority, carol)).to.equal(`AccessManagedUnauthorized(${carol.address})`);
    const assign = [f.deployment.vault, [f.vault.interface.getFunction("setAuthority").selector], KEEPER_ROLE] as const;
    await expect(
      announced(given, authority, calldata(authority, named(authority, "setTargetFunctionRole"), [...assign])),
    ).to.be.revertedWithCustomError(authority, "NotItsRole");
    await announced(given, authority, update);
    expect(await f.vault.authority()).to.equal(await next.getAddress());
  });

  it("asks a longer delay of a target at once where he asks for it, and a shorter one five days later", async () => {
    const given = await handedOver();
    const { f, authority } = given;
    const set = (delay: number) =>
      calldata(authority, named(authority, "setTargetAdminDelay"), [f.deployment.vault, delay]);
    await announced(given, authority, set(6 * DAY));
    expect(await authority.getTargetAdminDelay(f.vault)).to.equal(0n);
    await f.world.networkHelpers.time.increase(5 * DAY + 1);
    expect(await authority.getTargetAdminDelay(f.vault)).to.equal(BigInt(6 * DAY));
    await announced(given, authority, set(0));
    expect(await authority.getTargetAdminDelay(f.vault)).to.equal(BigInt(6 * DAY));
  });

  it("may leave, and nothing is anybody's then", async () => {
    const { f, authority } = await handedOver();
    const { carol, bob } = f.world.signers;
    await authority.renounceRole(ADMIN_ROLE, carol);
    const data = f.vault.interface.encodeFunctionData("setMode", [1]);
    expect(await refusal(f.vault, data, carol)).to.equal(`AccessManagedUnauthorized(${carol.address})`);
    await f.vault.connect(bob).tighten(1);
    expect(await f.vault.mode()).to.equal(1n);
  });
});
