/** The redemption queue at default settings: request, cancel, settle, claim. A vault that is hedged, and others who used the queue before. */
import { fund } from "../../../../scripts/devnet/world.js";
import { depositBasket } from "../../../support/actions.js";
import { type Fixture, vaultIn, worldWithOracles } from "../../../support/fixture.js";
import { usdc, wad } from "../../../support/orders.js";
import { newRounds, redeemed, request, settle, withBob } from "../../../support/queue.js";
import type { Figure } from "../case.js";

type Signer = Fixture["world"]["signers"]["alice"];
type Sent = Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>;

const REQUEST = { gas: 85_000 };
const CLAIM = { gas: 65_000 };

async function hedgedVault(): Promise<Fixture> {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
  const f = { connection, world, oracles, rounds, ...(await vaultIn(world, oracles, undefined, {})) };
  await withBob(f);
  await depositBasket(f, world.signers.carol, usdc(1_000), 0n);
  return f;
}

/** Alice and Carol have used the queue; nobody waits. */
async function use(f: Fixture): Promise<void> {
  const { alice, bob, carol } = f.world.signers;
  // Two batches at once: the second one is the open one's first.
  await request(f, carol, wad(10));
  await redeemed(f, alice, wad(100));
  await f.vault.connect(alice).redeem(await f.vault.maxRedeem(alice), alice, alice);
  // Who claims has held the token before.
  await fund(f.world, bob.address, { USDC: usdc(1) });
}

export default async function queue(): Promise<Figure[]> {
  const f = await hedgedVault();
  const { alice, bob, carol, keeper } = f.world.signers;
  const figures: Figure[] = [];
  const measure = async (name: string, sent: Sent, most?: Figure["most"]) => {
    const receipt = await (await sent).wait();
    if (receipt === null) throw new TypeError(`no receipt of: ${name}`);
    figures.push({ name, gas: Number(receipt.gasUsed), ...(most && { most }) });
  };
  const startOf = async () => {
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    return () => snapshot.restore();
  };
  const claim = {
    redeem: async (who: Signer) => f.vault.connect(who).redeem(await f.vault.maxRedeem(who), who, who),
    withdraw: async (who: Signer) => f.vault.connect(who).withdraw(await f.vault.maxWithdraw(who), who, who),
  };

  const unused = await startOf();
  await measure("requestRedeem of a part, the vault's first request", request(f, bob, wad(1_000)), REQUEST);
  await measure("requestRedeem of a part, the vault's second request", request(f, alice, wad(100)), REQUEST);
  await unused();

  await use(f);
  const nobodyWaits = await startOf();
  await measure("requestRedeem of a part, new controller, nobody waits", request(f, bob, wad(1_000)), REQUEST);
  await nobodyWaits();

  await request(f, alice, wad(100));
  const oneWaits = await startOf();
  await measure("requestRedeem of a part, new controller, another waits", request(f, bob, wad(1_000)), REQUEST);
  await measure("requestRedeem again, same batch", request(f, bob, wad(1_000)), REQUEST);
  await newRounds(f);
  await measure("settle, two controllers filled completely", f.vault.connect(keeper).settle());
  const filled = await startOf();
  await measure("redeem of everything, filled completely, requested in one batch", claim.redeem(bob), CLAIM);
  await filled();
  await measure("withdraw of everything, filled completely, requested in one batch", claim.withdraw(bob), CLAIM);
  await filled();
  await measure("redeem of a part, filled completely", f.vault.connect(bob).redeem(wad(1_500), bob, bob));
  await measure("redeem of the rest", claim.redeem(bob), CLAIM);

  await oneWaits();
  await request(f, bob, wad(1_000));
  const twoWait = await startOf();
  await measure("cancelRedeemRequest, a part", f.vault.connect(bob).cancelRedeemRequest(wad(500), bob, bob));
  await measure("cancelRedeemRequest, the rest", f.vault.connect(bob).cancelRedeemRequest(wad(500), bob, bob));
  await twoWait();
  await f.vault.connect(alice).cancelRedeemRequest(wad(100), alice, alice);
  await request(f, carol, wad(100));
  await measure("requestRedeem again, the batch before still waits", request(f, bob, wad(1_000)), REQUEST);

  await oneWaits();
  await request(f, bob, wad(1_000));
  await request(f, alice, wad(100_000));
  await newRounds(f);
  await settle(f);
  const filledInPart = await startOf();
  await measure("requestRedeem again, the batch before filled in part", request(f, bob, wad(1_000)));
  await filledInPart();
  await measure("redeem of what is claimable, filled in part", claim.redeem(bob));
  await depositBasket(f, carol, usdc(5_000), 0n);
  await measure("settle, two controllers filled in part", f.vault.connect(keeper).settle());
  await measure("redeem of what is claimable, filled in part, second time", claim.redeem(bob));

  await oneWaits();
  await request(f, alice, wad(30_000));
  await newRounds(f);
  await settle(f);
  await request(f, bob, wad(1_000));
  await depositBasket(f, carol, usdc(40_000), 0n);
  const { stillDue } = await settle(f);
  if (stillDue !== 0n) throw new RangeError("not filled completely");
  await measure("redeem of everything, filled completely, others filled in part before", claim.redeem(bob));
  return figures;
}
