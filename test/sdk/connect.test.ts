import { type ConnectOptions, CrosshedgeVault } from "@crosshedge/sdk";
import { expect } from "chai";
import type { Provider } from "ethers";
import { liquidityLegIn } from "../support/actions.js";
import { hedgedVault } from "../support/hedged.js";
import { expectRejection } from "./support.js";

/** A provider that notes what is asked of it, in rounds: requests that go out while one is under way are one batch. */
function counted(provider: Provider, { raw = true } = {}) {
  const rounds: string[][] = [];
  let underWay = 0;
  const note = async (name: string, answer: Promise<unknown>): Promise<unknown> => {
    if (underWay === 0) rounds.push([]);
    underWay++;
    rounds.at(-1)?.push(name);
    try {
      return await answer;
    } finally {
      underWay--;
    }
  };
  const watched = new Proxy(provider, {
    has: (target, key) => (key !== "send" || raw) && Reflect.has(target, key),
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== "function") return value;
      return (...given: unknown[]) =>
        note(key === "send" ? String(given[0]) : String(key), value.apply(target, given) as Promise<unknown>);
    },
  });
  return { provider: watched, rounds };
}

describe("sdk: connecting", () => {
  const options = async (provider?: Provider): Promise<ConnectOptions> => {
    const f = await hedgedVault();
    return {
      address: f.deployment.vault,
      provider: provider ?? f.world.ethers.provider,
      multicall: f.world.deployment.multicall,
    };
  };

  it("takes three batches of requests, and the first state one call after it", async () => {
    const { provider, rounds } = counted((await hedgedVault()).world.ethers.provider);
    const vault = await CrosshedgeVault.connect(await options(provider));
    expect(rounds.map((round) => round.sort())).to.deep.equal([
      ["eth_call", "eth_chainId", "eth_getCode"],
      ["eth_call"],
      ["eth_call"],
    ]);
    expect(vault.connection.chainId).to.equal(31337n);
    rounds.length = 0;
    await vault.readState();
    expect(rounds.flat().filter((name) => /call/.test(name))).to.have.length(1);
  });

  it("takes one batch without any call where the layout is known, and follows a layout that is outdated", async () => {
    const f = await hedgedVault();
    const { layout } = await CrosshedgeVault.connect(await options());
    const { provider, rounds } = counted(f.world.ethers.provider);
    const vault = await CrosshedgeVault.connect({ ...(await options(provider)), layout });
    expect(rounds.map((round) => round.sort())).to.deep.equal([["eth_chainId", "eth_getCode"]]);
    expect(await vault.readState()).to.deep.equal(await (await CrosshedgeVault.connect(await options())).readState());
    await f.vault.addLeg(await liquidityLegIn(f, f.world.deployment.uniswap.pools.altWeth, 1));
    expect((await vault.readState()).legs).to.have.length(layout.legs.length + 1);
    expect(vault.layout.legs).to.have.length(layout.legs.length + 1);
  });

  it("needs nothing of a provider but what every one has", async () => {
    const { world } = await hedgedVault();
    const plain = await CrosshedgeVault.connect(await options(counted(world.ethers.provider, { raw: false }).provider));
    const { layout, connection } = await CrosshedgeVault.connect(await options());
    expect(plain.layout).to.deep.equal(layout);
    expect(plain.connection.multicallCode).to.equal(connection.multicallCode);
    expect(plain.connection.chainId).to.equal(connection.chainId);
  });

  it("says that there is no Multicall3 before anything is read", async () => {
    const wrong = { ...(await options()), multicall: "0x000000000000000000000000000000000000dEaD" };
    await expectRejection(CrosshedgeVault.connect(wrong), "BAD_ARGUMENT", /no Multicall3/);
  });
});
