import { Authority__factory, PriceOracle__factory, VaultFactory__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { type BaseContract, type LogDescription, ZeroAddress } from "ethers";
import { ASSET_PARAMETERS, HEDGED_LIMITS, PUBLIC_LIMITS, percent, SETTINGS } from "../../scripts/deploy/parameters.js";
import { GUARDIAN_ROLE, KEEPER_ROLE } from "../../scripts/deploy/roles.js";
import { readAccess } from "../../scripts/deploy/verify/access.js";
import { exitInKind, hedgedPosition, liquidityLegIn } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

/** What an indexer knows that has heard every event, and asked nothing. */
interface Heard {
  factory: { vaults: string[]; legImplementations: Map<string, boolean> };
  vault: {
    rebalancer: string;
    legs: string[];
    basket: Map<string, boolean>;
    mode: bigint;
    settings: unknown;
    balances: Map<string, bigint>;
  };
  rebalancer: { epoch: bigint; limits: unknown; publicLimits: unknown };
  feeds: Map<string, unknown>;
}

type Handler = (heard: Heard, args: LogDescription["args"]) => void;
const add = (map: Map<string, bigint>, key: string, amount: bigint) => map.set(key, (map.get(key) ?? 0n) + amount);

/** How each event changes what is known, by contract. */
const HANDLERS: Record<string, Record<string, Handler>> = {
  factory: {
    VaultCreated: ({ factory, vault }, { vault: at, assets }) => {
      factory.vaults.push(at);
      for (const asset of assets) vault.basket.set(asset, true);
    },
    LegImplementationSet: ({ factory }, [at, approved]) => {
      factory.legImplementations.set(at, approved);
    },
  },
  vault: {
    RebalancerSet: ({ vault }, [rebalancer]) => {
      vault.rebalancer = rebalancer;
    },
    LegAdded: ({ vault }, [leg]) => {
      vault.legs.push(leg);
    },
    LegRemoved: ({ vault }, [leg]) => {
      const last = vault.legs.pop() as string;
      if (last !== leg) vault.legs[vault.legs.indexOf(leg)] = last;
    },
    BasketSet: ({ vault }, [asset, accepted]) => {
      vault.basket.set(asset, accepted);
    },
    ModeSet: ({ vault }, [mode]) => {
      vault.mode = mode;
    },
    SettingsSet: ({ vault }, [settings]) => {
      vault.settings = settings;
    },
    Transfer: ({ vault }, [from, to, amount]) => {
      add(vault.balances, from, -BigInt(amount));
      add(vault.balances, to, amount);
    },
  },
  rebalancer: {
    Rebalanced: ({ rebalancer }, [epoch]) => {
      rebalancer.epoch = epoch + 1n;
    },
    LimitsSet: ({ rebalancer }, [limits]) => {
      rebalancer.limits = limits;
    },
    PublicLimitsSet: ({ rebalancer }, [limits]) => {
      rebalancer.publicLimits = limits;
    },
  },
  prices: {
    FeedSet: ({ feeds }, [asset, feed]) => {
      feeds.set(asset, feed);
    },
  },
};

async function replay(f: Fixture, contracts: Record<string, BaseContract>): Promise<Heard> {
  const heard: Heard = {
    factory: { vaults: [], legImplementations: new Map() },
    vault: { rebalancer: "", legs: [], basket: new Map(), mode: 0n, settings: undefined, balances: new Map() },
    rebalancer: { epoch: 0n, limits: undefined, publicLimits: undefined },
    feeds: new Map(),
  };
  const names = await Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => [await contract.getAddress(), name] as const),
  );
  const byAddress = new Map(names);
  for (const log of await f.world.ethers.provider.getLogs({ fromBlock: 0, address: [...byAddress.keys()] })) {
    const name = byAddress.get(log.address) as string;
    const event = contracts[name]?.interface.parseLog(log);
    if (event) HANDLERS[name]?.[event.name]?.(heard, event.args);
  }
  return heard;
}

async function contractsOf(f: Fixture) {
  const { deployer } = f.world.signers;
  return {
    factory: VaultFactory__factory.connect(f.oracles.factory, deployer),
    vault: f.vault,
    rebalancer: f.rebalancer,
    prices: PriceOracle__factory.connect(f.oracles.priceOracle, deployer),
  };
}

/** Compare all that was heard with what the contracts answer. */
async function expectToKnow(f: Fixture) {
  const contracts = await contractsOf(f);
  const { factory, vault, rebalancer, feeds } = await replay(f, contracts);
  expect(factory.vaults).to.deep.equal([f.deployment.vault]);
  expect(await contracts.factory.isVault(factory.vaults[0] as string)).to.equal(true);
  for (const [at, approved] of factory.legImplementations) {
    expect(await contracts.factory.isLegImplementation(at)).to.equal(approved);
  }
  expect([...factory.legImplementations.keys()]).to.include.members(Object.values(f.oracles.legImplementations));

  expect(vault.rebalancer).to.equal(await f.vault.rebalancer());
  expect(vault.legs).to.deep.equal(await f.vault.legs());
  expect(vault.mode).to.equal(await f.vault.mode());
  expect(vault.settings).to.deep.equal(await f.vault.settings());
  const assets = await f.vault.assets();
  expect([...vault.basket.keys()]).to.deep.equal(assets);
  for (const asset of assets) expect(vault.basket.get(asset)).to.equal(await f.vault.inBasket(asset));
  expect(-(vault.balances.get(ZeroAddress) ?? 0n)).to.equal(await f.vault.totalSupply());
  for (const [holder, balance] of vault.balances) {
    if (holder !== ZeroAddress) expect(balance).to.equal(await f.vault.balanceOf(holder));
  }

  expect(rebalancer.epoch).to.equal(await f.rebalancer.epoch());
  expect(rebalancer.limits).to.deep.equal(await f.rebalancer.limits());
  expect(rebalancer.publicLimits).to.deep.equal(await f.rebalancer.publicLimits());
  for (const asset of assets) expect(feeds.get(asset)).to.deep.equal(await contracts.prices.feedOf(asset));
  return { vault, rebalancer };
}

describe("the events of a vault", () => {
  it("tell all that it is made with", async () => {
    await expectToKnow(await fixture());
  });

  it("tell every change of limits, settings, modes, legs, basket, feeds and shares", async () => {
    const f = await fixture();
    const { deployer, alice } = f.world.signers;
    const { factory, prices } = await contractsOf(f);
    const { USDC, WBTC } = f.world.tokens;
    const { pools } = f.world.deployment.uniswap;
    const before = await expectToKnow(f);

    const { shares } = await hedgedPosition(f);
    await f.rebalancer.connect(deployer).setLimits({ ...HEDGED_LIMITS, cooldown: 600n });
    await f.rebalancer.connect(deployer).setPublicLimits({ ...PUBLIC_LIMITS, gasAsset: ZeroAddress, grace: 7_200n });
    await f.vault.setSettings({ ...SETTINGS, feeRecipient: alice.address, minCash: 0n });
    await f.vault.setInBasket(WBTC, false);
    await f.vault.setMode(1);
    const second = await liquidityLegIn(f, pools.altWeth, 1);
    await f.vault.addLeg(second);
    const third = await liquidityLegIn(f, pools.wethUsdc, 2);
    await f.vault.addLeg(third);
    const { varianceFloor: _, ...parameters } = ASSET_PARAMETERS.USDC;
    await prices.setFeed(USDC, { ...parameters, feed: f.world.deployment.feeds.USDC, deviation: percent(0.3) });
    await factory.setLegImplementation(f.oracles.legImplementations.uniswapV3, false);
    const after = await expectToKnow(f);
    expect(after.rebalancer.epoch).to.equal(before.rebalancer.epoch + 1n);
    expect(after.vault.legs).to.have.length(4);

    await exitInKind(f, alice, shares);
    await f.vault.removeLeg(second);
    await f.vault.setRebalancer(deployer);
    await f.vault.setMode(0);
    await expectToKnow(f);
    expect((await f.vault.legs())[2]).to.equal(third);
  });

  it("tell who holds which role, and which role each function needs", async () => {
    const f = await fixture();
    const { deployer, carol, bob, keeper } = f.world.signers;
    const authority = Authority__factory.connect(f.oracles.accessManager, deployer);
    await authority.grantRole(GUARDIAN_ROLE, bob, 0);
    await authority.grantRole(0n, carol, 259_200);
    await authority.revokeRole(KEEPER_ROLE, keeper);
    await authority.setTargetClosed(f.vault, true);
    const access = await readAccess(authority, 0, f.world.ethers.provider);
    expect(access.others).to.deep.equal([`TargetClosed(${f.deployment.vault}, true)`]);
    for (const { address } of Object.values(f.world.signers)) {
      for (const role of [0n, KEEPER_ROLE, GUARDIAN_ROLE]) {
        const [member, delay] = await authority.hasRole(role, address);
        expect(access.holders.get(`${role} ${address}`)).to.equal(member ? delay : undefined);
      }
    }
    expect(access.functions.size).to.equal(3);
    for (const [key, role] of access.functions) {
      const [target, selector] = key.split(" ") as [string, string];
      expect(await authority.getTargetFunctionRole(target, selector)).to.equal(role);
    }
  });
});
