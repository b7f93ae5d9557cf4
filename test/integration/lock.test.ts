import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import type { BaseContract, FunctionFragment, Interface, ParamType } from "ethers";
import { KEEPER_ROLE } from "../../scripts/deploy/roles.js";
import { depositBasket, exitInKind, pricesOf } from "../support/actions.js";
import type { Fixture } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { strangePosition, vaultWithStrangeToken } from "../support/strange.js";
import { type Answer, LOCK_TABLE } from "./support/lock-table.js";

const FOREVER = 2n ** 63n;
const SUCCEEDED = "0x00000000";

type Part = keyof typeof LOCK_TABLE;
const PARTS = Object.keys(LOCK_TABLE) as Part[];

interface Attempt {
  part: Part;
  name: string;
  target: string;
  data: string;
  /** The selector of the error that must stop it, if one must. */
  error: string | undefined;
  view: boolean;
}

/** A vault with a position whose ALT calls a listener in the middle of each transfer; the listener is a keeper and more. */
async function listened() {
  const f: Fixture = await vaultWithStrangeToken(18);
  await strangePosition(f);
  const listener = await f.world.ethers.deployContract("MockListener");
  await makeAdministrator(f, listener);
  return { ...f, listener };
}

/** Put vault and Rebalancer under an authority whose administrator without delay is the listener: only the lock can stop it then. */
async function makeAdministrator(f: Fixture, listener: BaseContract) {
  const { ethers, networkHelpers, signers } = f.world;
  const authority = await new Authority__factory(signers.deployer).deploy(await listener.getAddress());
  await networkHelpers.impersonateAccount(f.deployment.accessManager);
  await networkHelpers.setBalance(f.deployment.accessManager, 10n ** 18n);
  const old = await ethers.getSigner(f.deployment.accessManager);
  await f.vault.connect(old).setAuthority(authority);
  await f.rebalancer.connect(old).setAuthority(authority);
  const selector = f.rebalancer.interface.getFunction("rebalance").selector;
  const calls = [
    authority.interface.encodeFunctionData("setTargetFunctionRole", [f.deployment.rebalancer, [selector], KEEPER_ROLE]),
    authority.interface.encodeFunctionData("grantRole", [KEEPER_ROLE, signers.keeper.address, 0]),
    authority.interface.encodeFunctionData("grantRole", [KEEPER_ROLE, await listener.getAddress(), 0]),
  ];
  const target = await authority.getAddress();
  await listener.getFunction("prepare")(calls.map((data) => ({ target, data })));
  await listener.getFunction("act")();
}
const fixture = reusable(listened);
type Listened = Awaited<ReturnType<typeof listened>>;

const isLocked = (answer: Answer | undefined) =>
  answer !== undefined && "error" in answer && /Locked$/.test(answer.error);
const functionsOf = (contract: Interface): FunctionFragment[] => {
  const found: FunctionFragment[] = [];
  contract.forEachFunction((fragment) => found.push(fragment));
  return found;
};

const contractsOf = (f: Fixture): Record<Part, BaseContract> => ({
  vault: f.vault,
  rebalancer: f.rebalancer,
  liquidity: f.liquidity,
  perp: f.perp,
});

/** Arguments that a function accepts as far as its name and types tell. */
async function argumentsFor(f: Listened, plansAhead: bigint): Promise<(inputs: readonly ParamType[]) => unknown[]> {
  const prices = await pricesOf(f);
  const self = await f.listener.getAddress();
  const order = orders.burn(f.deployment.legs.liquidity as string, 1n);
  const plan = await planOf(f, [order], { epoch: (await f.rebalancer.epoch()) + plansAhead });
  const token = await f.world.tokens.ALT.getAddress();
  const value = (input: ParamType): unknown => {
    if (input.components?.[0]?.name === "mid") return prices;
    if (input.name === "plan") return plan;
    if (input.name === "order") return order;
    if (input.baseType === "array") return input.arrayChildren?.components?.[0]?.name === "leg" ? [order] : [];
    if (input.baseType === "tuple") return (input.components ?? []).map(value);
    if (input.name === "deadline") return FOREVER;
    if (/^(token|asset_?)$/.test(input.name)) return token;
    if (input.type === "address") return self;
    if (input.type === "bool") return false;
    if (input.type === "string") return "";
    if (input.type === "bytes") return "0x";
    if (input.type.startsWith("bytes")) return `0x${"00".repeat(Number(input.type.slice(5)))}`;
    return 1n;
  };
  return (inputs) => inputs.map(value);
}

/** A call of every function of one contract, as it would pass after so many more plans. */
async function attemptsOn(f: Listened, part: Part, plansAhead = 0n): Promise<Attempt[]> {
  const contract = contractsOf(f)[part];
  const target = await contract.getAddress();
  const give = await argumentsFor(f, plansAhead);
  return functionsOf(contract.interface).map((fragment) => {
    const answer = LOCK_TABLE[part][fragment.name];
    if (answer === undefined) throw new Error(`${part}.${fragment.name} has no row in lock-table.ts`);
    return {
      part,
      name: fragment.name,
      target,
      data: contract.interface.encodeFunctionData(fragment, give(fragment.inputs)),
      error: "error" in answer ? selectorOf(f, answer.error) : undefined,
      view: fragment.constant,
    };
  });
}

/** Of an error of any of the contracts. */
function selectorOf(f: Fixture, name: string): string {
  for (const { interface: abi } of Object.values(contractsOf(f))) {
    const found = abi.getError(name);
    if (found) return found.selector;
  }
  throw new Error(`no contract has an error ${name}`);
}

async function listen(f: Listened, attempts: Attempt[]): Promise<void> {
  await f.listener.getFunction("forget")();
  for (let i = 0; i < attempts.length; i += 20) {
    await f.listener.getFunction("prepare")(attempts.slice(i, i + 20).map(({ target, data }) => ({ target, data })));
  }
}

/** What the listener heard, one list for each time that it was handed control. */
async function heard(f: Listened, attempts: Attempt[]): Promise<string[][]> {
  const answers = [...(await f.listener.getFunction("answers")())] as string[];
  const times: string[][] = [];
  while (answers.length > 0) times.push(answers.splice(0, attempts.length));
  return times;
}

const setListener = async (f: Listened, listener: string) => {
  const token = await f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.ALT.getAddress());
  await token.getFunction("setListener")(listener);
};

/** Operations in which ALT is transferred, each at another place. */
const moments: Record<string, (f: Listened) => Promise<unknown>> = {
  "a deposit": (f) => depositBasket(f, f.world.signers.bob, 0n, wad(10)),
  "an exit": async (f) => exitInKind(f, f.world.signers.alice, (await f.vault.balanceOf(f.world.signers.alice)) / 2n),
  "a plan that mints": async (f) => send(f, orders.mint(leg(f), await range(f), 10n ** 12n)),
  "a plan that burns": (f) => send(f, orders.burn(leg(f), 10n ** 12n)),
  "a plan that sells": async (f) => send(f, orders.swap(leg(f), await altFirst(f), wad(10))),
  "a plan that buys": async (f) => send(f, orders.swap(leg(f), !(await altFirst(f)), usdc(100))),
};
const leg = (f: Fixture) => f.deployment.legs.liquidity as string;
const send = async (f: Fixture, order: ReturnType<typeof orders.burn>) =>
  f.rebalancer.rebalance(await planOf(f, [order]));
const altFirst = async (f: Fixture) => (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
const range = async (f: Fixture) => {
  const { tickLower, tickUpper } = await f.liquidity.position();
  return { tickLower: Number(tickLower), tickUpper: Number(tickUpper) };
};

describe("the lock, against a token in basket and pool that calls back", () => {
  it("has a row for every function of vault, Rebalancer and legs", async () => {
    const f = await fixture();
    for (const part of PARTS) {
      const names = functionsOf(contractsOf(f)[part].interface).map(({ name }) => name);
      expect(
        names.filter((name) => !(name in LOCK_TABLE[part])),
        part,
      ).to.deep.equal([]);
    }
  });

  for (const [moment, act] of Object.entries(moments)) {
    for (const part of PARTS) {
      it(`answers as it must to every function of the ${part} in the middle of ${moment}`, async () => {
        const f = await fixture();
        const attempts = await attemptsOn(f, part, moment.startsWith("a plan") ? 1n : 0n);
        await listen(f, attempts);
        await setListener(f, await f.listener.getAddress());
        await act(f);
        const times = await heard(f, attempts);
        expect(times.length).to.be.greaterThan(0);
        for (const answers of times) {
          const wrong = attempts.flatMap(({ name, error }, i) => {
            if (error === undefined) return [];
            return answers[i] === error ? [] : [`${name}: ${answers[i]} for ${error}`];
          });
          expect(wrong).to.deep.equal([]);
        }
      });
    }
  }

  it("is what stops them: with nothing under way views answer, and entries are not told that it is held", async () => {
    const f = await fixture();
    for (const part of PARTS) {
      const guarded = (await attemptsOn(f, part)).filter(({ name }) => isLocked(LOCK_TABLE[part][name]));
      await listen(f, guarded);
      await f.listener.getFunction("act")();
      const [answers] = await heard(f, guarded);
      guarded.forEach(({ name, view, error }, i) => {
        if (view) expect(answers?.[i], `${part}.${name}`).to.equal(SUCCEEDED);
        else expect(answers?.[i], `${part}.${name}`).not.to.equal(error);
      });
    }
  });
});
