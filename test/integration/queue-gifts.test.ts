import { expect } from "chai";
import { balancesOf, exitInKind, worthOf } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc } from "../support/orders.js";
import { newRounds, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { gift, UNIT } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);

/** When the giver gives, of what he does in order. */
const MOMENTS = [
  "before the request",
  "after the request",
  "after the rounds",
  "after the settlement",
  "never",
] as const;
type Moment = (typeof MOMENTS)[number];

/** What a holder has in the end who asks for his shares, is settled, claims, and leaves with the rest. */
async function kept(f: Fixture, name: "alice" | "bob", parts: bigint, amount: bigint, when: Moment): Promise<bigint> {
  const who = f.world.signers[name];
  const now = (moment: Moment) => (moment === when ? gift(f, amount) : f.world.networkHelpers.mine(6));
  await now("before the request");
  await request(f, who, (await f.vault.balanceOf(who)) / parts);
  await now("after the request");
  await newRounds(f);
  await now("after the rounds");
  await settle(f);
  await now("after the settlement");
  const filled = await f.vault.maxRedeem(who);
  // A very large gift raises the cash that must stay beyond what is idle.
  if (filled > 0n) await f.vault.connect(who).redeem(filled, who, who);
  const rest = (await f.vault.balanceOf(who)) + (await f.vault.pendingRedeemRequest(0, who));
  if (rest > 0n) await exitInKind(f, who, rest);
  return worthOf(f, await balancesOf(f, who.address));
}

describe("gifts at Perp v2 around a settlement", () => {
  for (const [name, parts] of [
    ["bob", 1n],
    // Nearly all shares are hers, and her request is filled in part.
    ["alice", 2n],
  ] as const) {
    for (const amount of [1n, usdc(1), usdc(1_000), usdc(40_000), usdc(1_000_000)]) {
      it(`of ${Number(amount) / 1e6} USDC never profit ${name}, whenever he or she gives`, async () => {
        const f = await fixture();
        await withBob(f);
        const start = await f.world.networkHelpers.takeSnapshot();
        const without = await kept(f, name, parts, amount, "never");
        for (const moment of MOMENTS.slice(0, -1)) {
          await start.restore();
          const gained = (await kept(f, name, parts, amount, moment)) - without;
          // Funding of a block or two is within a cent.
          expect(gained, moment).to.be.lessThan(amount * UNIT + 10n ** 16n);
          if (amount > usdc(100)) expect(gained, moment).to.be.lessThan((amount * UNIT * 99n) / 100n);
        }
      });
    }
  }
});
