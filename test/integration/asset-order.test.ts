import { CovarianceOracle__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { legContracts, NO_SEQUENCER } from "../../scripts/deploy/description.js";
import { ASSET_PARAMETERS, COVARIANCE_PARAMETERS } from "../../scripts/deploy/parameters.js";
import { deploySystem, type Oracles } from "../../scripts/deploy/system.js";
import { fund, type World } from "../../scripts/devnet/world.js";
import { firstOrders, relative } from "../support/actions.js";
import { type Fixture, GENESIS, vaultIn, vaultWithHistory, worldWithOracles } from "../support/fixture.js";
import { planOf, usdc, wad } from "../support/orders.js";
import { redeemed } from "../support/queue.js";

/** Oracles whose asset set begins with ALT, and has the settlement token in the second place. */
async function oraclesWithAltFirst({ deployment, signers }: World, rounds: bigint[][]): Promise<Oracles> {
  const { tokens, feeds, altSymbol, perp, aave } = deployment;
  const asset = (token: string | undefined, feed: string, name: keyof typeof ASSET_PARAMETERS) => {
    const { varianceFloor, ...rest } = ASSET_PARAMETERS[name];
    return { token: token as string, feed: { feed, ...rest }, varianceFloor };
  };
  const oracles = await deploySystem(signers.deployer, {
    assets: [
      asset(tokens[altSymbol], feeds.ALT, "ALT"),
      asset(tokens.USDC, feeds.USDC, "USDC"),
      asset(tokens.WETH, feeds.ETH, "ETH"),
      asset(tokens.WBTC, feeds.BTC, "BTC"),
    ],
    sequencer: NO_SEQUENCER,
    covariance: { ...COVARIANCE_PARAMETERS, genesis: BigInt(GENESIS) },
    legs: legContracts(perp.clearingHouse, aave?.addressesProvider),
  });
  const claims = rounds.map(([usdcRound, altRound, ...rest]) => [altRound as bigint, usdcRound as bigint, ...rest]);
  await CovarianceOracle__factory.connect(oracles.covarianceOracle, signers.stranger).poke(claims);
  return oracles;
}

async function vaultWithAltFirst(): Promise<Fixture> {
  const { connection, world, rounds } = await worldWithOracles({ history: false });
  const oracles = await oraclesWithAltFirst(world, rounds);
  return { connection, world, oracles, rounds, ...(await vaultIn(world, oracles)) };
}

/** Figures of a vault's life: deposit, plan, quotes, and a redemption by the queue. */
async function lifeOf(f: Fixture): Promise<Record<string, bigint>> {
  const { alice } = f.world.signers;
  const { USDC, ALT } = f.world.tokens;
  const amounts = [usdc(100_000), wad(5_000)];
  await fund(f.world, alice.address, { USDC: amounts[0] as bigint, ALT: amounts[1] as bigint });
  await USDC.connect(alice).approve(f.vault, amounts[0] as bigint);
  await ALT.connect(alice).approve(f.vault, amounts[1] as bigint);
  await f.vault.connect(alice).depositBasket([USDC, ALT], amounts, 0n, alice, 2n ** 63n);
  const shares = await f.vault.balanceOf(alice);
  await f.rebalancer.rebalance(await planOf(f, await firstOrders(f)));
  const [mid, half] = await f.vault.nav();
  const quotes = {
    total: await f.vault.totalAssets(),
    assets: await f.vault.convertToAssets(wad(1)),
    shares: await f.vault.convertToShares(usdc(1)),
    room: await f.vault.maxDeposit(alice),
    preview: await f.vault.previewDeposit(usdc(1_000)),
    mint: await f.vault.previewMint(wad(1_000)),
  };
  const { assets, nav, half: settledHalf } = await redeemed(f, alice, shares / 50n);
  return { minted: shares, mid, half, ...quotes, assets, settled: nav, settledHalf };
}

describe("the order of the asset set", () => {
  it("changes nothing: the settlement token may stand anywhere", async () => {
    const [usual, other] = [await vaultWithHistory(), await vaultWithAltFirst()];
    const settlementToken = await other.vault.settlementToken();
    expect((await other.vault.assets()).indexOf(settlementToken)).to.equal(1);
    const [expected, actual] = [await lifeOf(usual), await lifeOf(other)];
    // Seconds of funding lie between the two.
    for (const [name, value] of Object.entries(expected)) {
      expect(relative(actual[name] as bigint, value), name).to.be.lessThan(1e-6);
    }
  });
});
