import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { exitInKind, hedgedPosition, liquidityLegIn } from "../support/actions.js";
import { vaultIn, vaultWithHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

describe("the authority over a vault", () => {
  it("adds legs of this vault only, each once, and no more than four", async () => {
    const f = await fixture();
    const { deployer } = f.world.signers;
    const vault = f.vault.connect(deployer);
    await expect(vault.addLeg(f.perp)).to.be.revertedWithCustomError(f.vault, "AlreadyALeg");
    const other = await vaultIn(f.world, f.oracles);
    await expect(vault.addLeg(other.perp)).to.be.revertedWithCustomError(f.vault, "ForeignLeg");
    const { altWeth } = f.world.deployment.uniswap.pools;
    for (let legs = 2; legs < 4; legs++) await vault.addLeg(await liquidityLegIn(f, altWeth, legs));
    await expect(vault.addLeg(await liquidityLegIn(f, altWeth, 4))).to.be.revertedWithCustomError(
      f.vault,
      "TooManyLegs",
    );
  });

  it("removes only what is empty", async () => {
    const f = await fixture();
    const { deployer } = f.world.signers;
    const vault = f.vault.connect(deployer);
    const { shares } = await hedgedPosition(f);
    for (const leg of [f.liquidity, f.perp]) {
      await expect(vault.removeLeg(leg)).to.be.revertedWithCustomError(f.vault, "LegNotEmpty");
    }
    await exitInKind(f, f.world.signers.alice, shares);
    await vault.removeLeg(f.liquidity);
    expect(await f.vault.legs()).to.deep.equal([await f.perp.getAddress()]);
    // A gift of one unit does not keep a leg in its place.
    const { USDC } = f.world.tokens;
    await USDC.connect(deployer).mint(deployer, 1n);
    await USDC.connect(deployer).approve(f.world.perp.vault, 1n);
    await f.world.perp.vault.connect(deployer).depositFor(await f.perp.getAddress(), USDC, 1n);
    await vault.removeLeg(f.perp);
    expect(await f.vault.legs()).to.deep.equal([]);
    await expect(vault.removeLeg(f.liquidity)).to.be.revertedWithCustomError(f.vault, "NotALeg");
  });

  it("is asked for every setting, and nobody else may", async () => {
    const f = await fixture();
    const { USDC } = f.world.tokens;
    const vault = f.vault.connect(f.world.signers.keeper);
    for (const call of [
      vault.addLeg(f.perp),
      vault.removeLeg(f.perp),
      vault.setRebalancer(f.rebalancer),
      vault.setInBasket(USDC, false),
    ]) {
      await expect(call).to.be.revertedWithCustomError(f.vault, "AccessManagedUnauthorized");
    }
    await expect(f.vault.connect(f.world.signers.deployer).setRebalancer(ZeroAddress)).to.be.revertedWithCustomError(
      f.vault,
      "ZeroAddress",
    );
  });
});
