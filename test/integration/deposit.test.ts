import { expect } from "chai";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import {
  depositBasket,
  exitInKind,
  hedgedPosition,
  navPerShareAround,
  pricesOf,
  relative,
} from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;
const fixture = reusable(vaultWithHistory);

describe("deposit", () => {
  it("values what comes in at the low side of its price's band", async () => {
    const f = await fixture();
    const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    // 0.25% off the USDC, 1% off the ALT
    expect(shares).to.equal(wad(99_750) + wad(49_500));
  });

  it("values the vault at the high side of its band", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const supply = await f.vault.totalSupply();
    const shares = await depositBasket(f, f.world.signers.bob, usdc(7_000), 0n);
    const deposits = await f.vault.queryFilter(f.vault.filters.BasketDeposit, -1);
    const { navBefore: mid, half } = deposits[0]!.args;
    const virtual = await f.vault.VIRTUAL();
    expect(shares).to.equal((wad("6982.5") * (supply + virtual)) / (mid + half + virtual));
  });

  it("counts into the band the thresholds on netted exposure, the venue's gap and the cost of closing", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const [held] = await f.vault.portfolio();
    const prices = await pricesOf(f);
    const value = await f.perp.measure(prices);
    const thresholds = held.exposure.reduce(
      (sum, x, i) => sum + ((x < 0n ? -x : x) * (prices.half[i] as bigint)) / (prices.mid[i] as bigint),
      0n,
    );
    const half = thresholds + value.closeOutCost + value.venueGap;
    expect(held.half - half).to.be.within(0n, 10n);
    // Closing 20 ETH and 0.5 BTC pays at least the venue's fee of 0.1%.
    expect(value.closeOutCost).to.be.greaterThan(wad(55));
  });

  it("previews exactly what it mints", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { USDC, ALT } = f.world.tokens;
    const { bob } = f.world.signers;
    await fund(f.world, bob.address, { USDC: usdc(5_000), ALT: wad(100) });
    await USDC.connect(bob).approve(f.vault, usdc(5_000));
    await ALT.connect(bob).approve(f.vault, wad(100));
    const args = [
      [USDC, ALT],
      [usdc(5_000), wad(100)],
    ] as const;
    const preview = await f.vault.previewDepositBasket([USDC, ALT], [...args[1]]);
    const simulated = await f.vault.connect(bob).depositBasket.staticCall([USDC, ALT], [...args[1]], 0n, bob, FOREVER);
    expect(simulated).to.equal(preview);
    await f.vault.connect(bob).depositBasket([USDC, ALT], [...args[1]], preview - preview / 10n ** 7n, bob, FOREVER);
    // Later by a second: funding has moved the NAV a little.
    expect(relative(await f.vault.balanceOf(bob), preview)).to.be.lessThan(1e-7);
  });

  it("refuses fewer shares than asked, a passed deadline, unequal lists, a foreign token and nothing at all", async () => {
    const f = await fixture();
    const { USDC, LINK } = f.world.tokens;
    const { bob } = f.world.signers;
    await fund(f.world, bob.address, { USDC: usdc(1_000) });
    await USDC.connect(bob).approve(f.vault, usdc(1_000));
    const vault = f.vault.connect(bob);
    await expect(
      vault["deposit(address,uint256,uint256,address,uint256)"](USDC, usdc(1_000), wad("997.6"), bob, FOREVER),
    )
      .to.be.revertedWithCustomError(f.vault, "TooFewShares")
      .withArgs(wad("997.5"), wad("997.6"));
    await expect(
      vault["deposit(address,uint256,uint256,address,uint256)"](USDC, usdc(1_000), 0n, bob, 1n),
    ).to.be.revertedWithCustomError(f.vault, "TooLate");
    await expect(vault.depositBasket([USDC], [], 0n, bob, FOREVER)).to.be.revertedWithCustomError(
      f.vault,
      "LengthMismatch",
    );
    await expect(
      vault["deposit(address,uint256,uint256,address,uint256)"](LINK, 1n, 0n, bob, FOREVER),
    ).to.be.revertedWithCustomError(f.vault, "NotInBasket");
    await expect(
      vault["deposit(address,uint256,uint256,address,uint256)"](USDC, 0n, 0n, bob, FOREVER),
    ).to.be.revertedWithCustomError(f.vault, "ZeroAmount");
    expect(await USDC.balanceOf(bob)).to.equal(usdc(1_000));
  });

  it("is paid by the caller, whoever receives the shares and whatever the receiver has allowed", async () => {
    const f = await fixture();
    const { alice, bob } = f.world.signers;
    const { USDC } = f.world.tokens;
    for (const who of [alice, bob]) {
      await fund(f.world, who.address, { USDC: usdc(1_000) });
      await USDC.connect(who).approve(f.vault, usdc(1_000));
    }
    await f.vault.connect(bob).depositBasket([USDC], [usdc(1_000)], 0n, alice, FOREVER);
    expect(await USDC.balanceOf(alice)).to.equal(usdc(1_000));
    expect(await USDC.balanceOf(bob)).to.equal(0n);
    expect(await f.vault.balanceOf(alice)).to.equal(wad("997.5"));
  });

  it("takes an asset out of the basket when the authority says so", async () => {
    const f = await fixture();
    const { ALT } = f.world.tokens;
    await f.vault.connect(f.world.signers.deployer).setInBasket(ALT, false);
    await expect(depositBasket(f, f.world.signers.alice, usdc(1), wad(1))).to.be.revertedWithCustomError(
      f.vault,
      "NotInBasket",
    );
    await expect(f.vault.connect(f.world.signers.alice).setInBasket(ALT, true)).to.be.revertedWithCustomError(
      f.vault,
      "AccessManagedUnauthorized",
    );
  });

  it("waits while a price is bad", async () => {
    const f = await fixture();
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await expect(depositBasket(f, f.world.signers.alice, usdc(1), 0n)).to.be.revertedWithCustomError(
      f.vault,
      "BadPrice",
    );
    expect((await f.vault.nav()).ok).to.equal(false);
    const { held, prices } = await f.vault.portfolio();
    expect([held.nav, held.exposure.length, prices.ok]).to.deep.equal([0n, 0, false]);
    for (const asset of ["ETH", "BTC"] as const) await setFeed(f.world, asset, START[asset]);
    await depositBasket(f, f.world.signers.alice, usdc(1), 0n);
  });

  it("uses a permit, and still works when somebody used it first", async () => {
    const f = await fixture();
    const { USDC } = f.world.tokens;
    const { bob, stranger } = f.world.signers;
    await fund(f.world, bob.address, { USDC: usdc(2_000) });
    const deadline = BigInt(await f.world.networkHelpers.time.latest()) + 3_600n;
    for (const front of [false, true]) {
      const message = {
        owner: bob.address,
        spender: await f.vault.getAddress(),
        value: usdc(1_000),
        nonce: await USDC.nonces(bob),
        deadline,
      };
      const domain = await USDC.eip712Domain();
      const signature = await bob.signTypedData(
        {
          name: domain.name,
          version: domain.version,
          chainId: domain.chainId,
          verifyingContract: domain.verifyingContract,
        },
        {
          Permit: [
            { name: "owner", type: "address" },
            { name: "spender", type: "address" },
            { name: "value", type: "uint256" },
            { name: "nonce", type: "uint256" },
            { name: "deadline", type: "uint256" },
          ],
        },
        message,
      );
      const { Signature } = await import("ethers");
      const { v, r, s } = Signature.from(signature);
      if (front) await USDC.connect(stranger).permit(bob, f.vault, usdc(1_000), deadline, v, r, s);
      await f.vault
        .connect(bob)
        .depositBasketWithPermit([USDC], [usdc(1_000)], 0n, bob, FOREVER, [
          { token: USDC, value: usdc(1_000), deadline, v, r, s },
        ]);
    }
    expect(await USDC.balanceOf(bob)).to.equal(0n);
    expect(await USDC.allowance(bob, f.vault)).to.equal(0n);
  });

  it("takes no account of direct transfers", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { before, after } = await navPerShareAround(f, () =>
      f.world.tokens.USDC.connect(f.world.signers.deployer).mint(f.vault, usdc(1_000_000)),
    );
    expect(after).to.equal(before);
  });

  it("does not let the first depositor take from the second by a gift to the perp account", async () => {
    const f = await fixture();
    const { USDC } = f.world.tokens;
    const { alice, bob, stranger } = f.world.signers;
    const mine = await depositBasket(f, alice, 1n, 0n);
    await fund(f.world, stranger.address, { USDC: usdc(10_000) });
    await USDC.connect(stranger).approve(f.world.perp.vault, usdc(10_000));
    await f.world.perp.vault.connect(stranger).depositFor(await f.perp.getAddress(), USDC, usdc(10_000));
    const his = await depositBasket(f, bob, usdc(10_000), 0n);
    await exitInKind(f, alice, mine);
    const back = await USDC.balanceOf(alice);
    expect(back).to.be.lessThan(usdc(10_000));
    await exitInKind(f, bob, his);
    // Half of the gift is what the attacker's share of one unit took at most; the victim lost no more than his spread.
    expect(await USDC.balanceOf(bob)).to.be.greaterThan(usdc(9_900));
  });
});
