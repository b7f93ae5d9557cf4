import { expect } from "chai";
import { parseUnits } from "ethers";
import { ASSET_PARAMETERS } from "../../scripts/deploy/parameters.js";
import { exitInKind } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { rangeAround, usdc } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { vaultWithStrangeToken } from "../support/strange.js";
import { landed, mostProfitable, printProfit, profitOf } from "./support/ledger.js";
import { depositToken, makeRich, type Signer } from "./support/trade.js";

// THREAT: whoever deposits first holds next to nothing, gives the vault so much that a share is worth more than the next deposit, and takes
// with him what the next depositor lost by rounding.
// BOUND: what every newcomer pays to whoever is in, the spread of his deposit and of the vault's cash; the attacker is all who are in.
// docs/threat-model.md, "Gifts are counted in no price. What is sent to the perp account belongs to all holders."

/** What the first depositor keeps of his shares: all of them, or so many units. */
const KEPT = ["all", 1n, 10n ** 6n, 10n ** 12n] as const;
/** What he gives, as a part of what the victim deposits, around the place where the victim's shares round down to one or to none. */
const GIFTS = [0.34, 0.5, 0.99, 1.01, 2, 100] as const;
/** What a vault of next to nothing lets in of an asset, less a little: $4,900 of $5,000. */
const VICTIM = 4_900;

const WAYS = ["vault", "legs", "perp", "liquidity"] as const;
type Way = (typeof WAYS)[number];

interface Choice {
  first: bigint;
  kept: (typeof KEPT)[number];
  way: Way;
  gift: number;
}

const CHOICES: Choice[] = WAYS.flatMap((way) =>
  [1n, usdc(1)].flatMap((first) =>
    KEPT.flatMap((kept) =>
      // Only what is given at Perp v2 is counted in a price at all, so there the search is finer.
      (way === "perp" ? GIFTS : [1.01, 100]).map((gift) => ({ first, kept, way, gift })),
    ),
  ),
).filter(({ first, kept }) => kept === "all" || first > 1n);

/** The attacker gives so many USD, in the tokens that the way takes. */
async function give(f: Fixture, who: Signer, way: Way, usd: number): Promise<void> {
  const { tokens, perp, uniswap, ethers } = f.world;
  const [cash, alt] = [usdc(usd.toFixed(6)), parseUnits((usd / START.ALT).toFixed(6), await tokens.ALT.decimals())];
  if (way === "perp") {
    await perp.vault.connect(who).depositFor(f.perp, tokens.USDC, cash);
  } else if (way === "liquidity") {
    const donor = await ethers.deployContract("MockDonor");
    await tokens.USDC.connect(who).transfer(donor, cash);
    await tokens.ALT.connect(who).transfer(donor, alt);
    const { tickLower, tickUpper } = await rangeAround(f, 1.25);
    // About 9 of liquidity to a geometric mean of 1: a little less than all that the donor has.
    const root = BigInt(Math.floor(Math.sqrt(Number(cash) * Number(alt)) * 8));
    await donor.getFunction("giveLiquidity")(uniswap.pools.altUsdc, f.liquidity, tickLower, tickUpper, root);
  } else {
    for (const to of way === "vault" ? [f.vault] : [f.liquidity, f.perp]) {
      await tokens.USDC.connect(who).transfer(to, cash / 2n);
      await tokens.ALT.connect(who).transfer(to, alt / 2n);
    }
  }
}

/** From the first deposit to the attacker's exit; the victim comes between, with USDC or ALT. */
async function attack(f: Fixture, { first, kept, way, gift }: Choice, victimBrings: "USDC" | "ALT"): Promise<void> {
  const { stranger: thief, bob: victim } = f.world.signers;
  await depositToken(f, thief, "USDC", first);
  const shares = await f.vault.balanceOf(thief);
  if (kept !== "all") await exitInKind(f, thief, shares - kept);
  await give(f, thief, way, VICTIM * gift);
  const brings = victimBrings === "USDC" ? usdc(VICTIM) : parseUnits("490", await f.world.tokens.ALT.decimals());
  // Where he would get no share at all, the deposit is refused.
  await landed(depositToken(f, victim, victimBrings, brings));
  await exitInKind(f, thief, await f.vault.balanceOf(thief));
}

async function search(f: Fixture, name: string, choices: Choice[], victimBrings: "USDC" | "ALT") {
  const { stranger: thief, bob: victim } = f.world.signers;
  await makeRich(f, thief);
  await makeRich(f, victim);
  const { USDC, ALT } = ASSET_PARAMETERS;
  const spread = (victimBrings === "USDC" ? USDC : ALT).deviation + USDC.deviation;
  const bound = BigInt(VICTIM) * spread;
  const best = await mostProfitable(f, choices, (choice) =>
    profitOf(f, START, [thief], () => attack(f, choice, victimBrings)),
  );
  printProfit(name, best, bound);
  expect(best.profit).to.be.lessThanOrEqual(bound);
}

describe("attack: first depositor and donation", () => {
  it("wins nothing from who deposits USDC", async () => {
    await search(await reusable(vaultWithHistory)(), "first-depositor", CHOICES, "USDC");
  });

  for (const decimals of [6, 18]) {
    it(`wins nothing from who deposits a token of ${decimals} decimals`, async () => {
      const f = await vaultWithStrangeToken(decimals);
      const choices = CHOICES.filter(({ way, gift }) => way === "perp" || gift < 2);
      await search(f, `first-depositor, ${decimals} decimals`, choices, "ALT");
    });
  }
});
