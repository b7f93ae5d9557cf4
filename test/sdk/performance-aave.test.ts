import { readProfit } from "@crosshedge/sdk";
import { expect } from "chai";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import { freeAaveVault, margin, send, shortPosition, size } from "../support/aave.js";
import { exitInKind } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { START } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { later } from "../support/rebalance.js";

describe("sdk: profit of a vault that lends and borrows", () => {
  it("has interest as funding, and the cost of trades in pools; nothing is left over", async () => {
    const f = await freeAaveVault();
    const { provider } = f.world.ethers;
    const from = await provider.getBlockNumber();
    await shortPosition(f);
    const quiet = await provider.getBlockNumber();
    await later(f, 40_000);
    await setFeed(f.world, "ETH", START.ETH * 1.05);
    await movePool(f.world, "wethUsdc", START.ETH * 1.05);
    const busy = await provider.getBlockNumber();
    await send(f, [size(f, "ETH", wad(4)), margin(f, usdc(2_000))]);
    await exitInKind(f, f.world.signers.alice, wad(10_000));
    const to = await provider.getBlockNumber();
    const vault = await connect(f);
    const whole = await readProfit(vault, { from, to });
    expect(whole.unattributedBecause).to.deep.equal([]);
    const { unattributed } = whole.parts;
    expect(unattributed <= whole.roundingBound && unattributed >= -whole.roundingBound).to.equal(true);

    // What the leg gained beyond the margin that it was given is the hedge's.
    const { USDC } = f.world.tokens;
    const collateral = await USDC.queryFilter(USDC.filters.Transfer(undefined, f.vault), quiet + 1, to);
    const given = await USDC.queryFilter(USDC.filters.Transfer(f.vault, f.leg), from + 1, to);
    const total = (logs: typeof given) => logs.reduce((all, { args }) => all + args.value, 0n) * 10n ** 12n;
    const fromPool = await USDC.queryFilter(USDC.filters.Transfer(f.world.uniswap.pools.altUsdc, f.vault), from, to);
    const [, { mid }] = await f.vault.portfolio();
    const { equity } = await f.leg.measure({ mid: [...mid], half: [...mid], ok: true });
    const { hedgePrice, funding, hedgeFees, hedgeSlippage } = whole.parts;
    const gained = hedgePrice + funding + hedgeFees + hedgeSlippage;
    const expected = equity - total(given) + total(collateral) - total(fromPool);
    expect(gained - expected < 1_000n && expected - gained < 1_000n, `${gained} for ${expected}`).to.equal(true);
    expect(hedgeFees < 0n && hedgeSlippage < 0n).to.equal(true);

    // At rest it is interest on collateral and debts.
    const still = await readProfit(vault, { from: quiet, to: busy });
    const [, { mid: then }] = await f.vault.portfolio({ blockTag: quiet });
    const at = async (blockTag: number) => {
      const markets = await f.leg.markets();
      const sizes = await Promise.all(
        markets.map(async ({ market }) => (await f.leg.position(market, { blockTag })).size),
      );
      const debts = sizes.map((held, k) => (held * (then[Number(markets[k]?.assetIndex)] as bigint)) / 10n ** 18n);
      return debts.reduce((all, debt) => all + debt, await f.leg.cash({ blockTag }));
    };
    const interest = (await at(busy)) - (await at(quiet));
    expect(interest < 0n).to.equal(true);
    const off = still.parts.funding - interest;
    expect(off < 1_000n && off > -1_000n, `${still.parts.funding} for ${interest}`).to.equal(true);
  });
});
