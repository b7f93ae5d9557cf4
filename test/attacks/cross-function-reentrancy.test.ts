import { expect } from "chai";
import type { BaseContract } from "ethers";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { poolOf } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import {
  type Attempt,
  FOREVER,
  functionsOf,
  guess,
  type Hooked,
  hookedVault,
  MOMENTS,
  mostEarned,
} from "./support/hooks.js";
import { printProfit } from "./support/ledger.js";

/**
 * The threat: whoever a token of the vault hands control to enters again in the middle of an operation, by any other function of the vault, its
 * Rebalancer, its legs or its oracles, with all that a holder can have: shares, shares that wait, a claim, allowances.
 *
 * The bound (docs/architecture.md, "Lock"): nothing; it earns no more than the operation alone.
 */
const fixture = reusable(hookedVault);

/** What a holder may call at any time; the rest is the keeper's, the authority's, a venue's, or waits for its condition. */
const OPEN =
  /^(vault|rebalancer)\.(accrueFees|approve|cancelRedeemRequest|deleverage|deposit|depositBasket\w*|exitInKind|mint|redeem|requestRedeem|sync|transfer\w*|withdraw)$/;

/** Whose functions are entered, by their ABIs: one that is new is tried like all others. */
const contractsOf = (f: Hooked): Record<string, BaseContract> => ({
  vault: f.vault,
  rebalancer: f.rebalancer,
  liquidity: f.liquidity,
  perp: f.perp,
  covariance: f.covariance,
  prices: f.prices,
});

/** What the attacker would ask for, where he knows better than to guess by the types. */
async function greedy(f: Hooked): Promise<Record<string, unknown[][]>> {
  const { vault, attacker } = f;
  const { USDC, ALT } = f.world.tokens;
  const me = attacker.address;
  const accomplice = f.world.signers.carol.address;
  const [usd, alt] = [await USDC.getAddress(), await ALT.getAddress()];
  const half = (await vault.balanceOf(me)) / 2n;
  const burn = orders.burn(poolOf(f), (await f.liquidity.position()).liquidity / 10n);
  return {
    "deposit(uint256,address)": [[usdc(2_000), me]],
    "deposit(address,uint256,uint256,address,uint256)": [[alt, wad(200), 0n, me, FOREVER]],
    "depositBasket(address[],uint256[],uint256,address,uint256)": [
      [[usd, alt], [usdc(2_000), wad(200)], 0n, me, FOREVER],
    ],
    "depositBasketWithPermit(address[],uint256[],uint256,address,uint256,(address,uint256,uint256,uint8,bytes32,bytes32)[])":
      [[[usd, alt], [usdc(2_000), wad(200)], 0n, me, FOREVER, []]],
    "mint(uint256,address)": [[wad(500), me]],
    "exitInKind(uint256,address,address,uint256[],address[],uint256)": [[], [usd], [alt], [alt, poolOf(f)]].map(
      (forfeit) => [half, me, me, [0n, 0n, 0n, 0n], forfeit, FOREVER],
    ),
    "requestRedeem(uint256,address,address)": [[half, me, me]],
    "cancelRedeemRequest(uint256,address,address)": [[(await vault.pendingRedeemRequest(0, me)) / 2n, me, me]],
    "redeem(uint256,address,address)": [[(await vault.maxRedeem(me)) / 2n, me, me]],
    "withdraw(uint256,address,address)": [[(await vault.maxWithdraw(me)) / 2n, me, me]],
    "transfer(address,uint256)": [[accomplice, half]],
    "transferFrom(address,address,uint256)": [[me, accomplice, half / 2n]],
    "approve(address,uint256)": [[me, 2n ** 255n]],
    "setOperator(address,bool)": [[accomplice, true]],
    "deleverage((address,uint8,bytes)[])": [[[burn]]],
    "hedge((address,uint8,bytes)[])": [[[burn]]],
    "rebalance((uint256,uint256,uint256,bytes32,(address,uint8,bytes)[]))": [[await planOf(f, [burn])]],
  };
}

/** A call of every function that changes state. */
async function entries(f: Hooked): Promise<Attempt[]> {
  const known = await greedy(f);
  const token = await f.world.tokens.ALT.getAddress();
  const used = new Set<string>();
  const attempts: Attempt[] = [];
  for (const [part, contract] of Object.entries(contractsOf(f))) {
    for (const fragment of functionsOf(contract.interface, false)) {
      const signature = fragment.format("sighash");
      const target = await contract.getAddress();
      used.add(signature);
      for (const args of known[signature] ?? [fragment.inputs.map((input) => guess(f, token, input))]) {
        const data = contract.interface.encodeFunctionData(fragment, args);
        attempts.push({ name: `${part}.${fragment.name}`, target, data });
      }
    }
  }
  expect(
    Object.keys(known).filter((signature) => !used.has(signature)),
    "functions that are gone",
  ).to.deep.equal([]);
  return attempts;
}

describe("attack: entering again in the middle of an operation", () => {
  it("is tried with calls that succeed at rest", async () => {
    const f = await fixture();
    const refused: string[] = [];
    for (const { name, target, data } of await entries(f)) {
      const sent = f.attacker.call({ to: target, data });
      const passes = await sent.then(
        () => true,
        () => false,
      );
      if (!passes && OPEN.test(name)) refused.push(name);
    }
    expect(refused).to.deep.equal([]);
  });

  for (const moment of Object.keys(MOMENTS)) {
    it(`in the middle of ${moment} earns nothing`, async () => {
      const f = await fixture();
      const best = await mostEarned(f, moment, await entries(f), 1);
      printProfit(`cross-function-reentrancy in ${moment}`, best, 0n);
      expect(best.profit).to.equal(0n);
    });
  }
});
