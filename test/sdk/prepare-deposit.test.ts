import { CrosshedgeVault, parseToken, type Prepared, prepareDeposit, prepareDepositBasket } from "@crosshedge/sdk";
import { expect } from "chai";
import type { TransactionReceipt } from "ethers";
import { fund } from "../../scripts/devnet/world.js";
import { hedgedPosition } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const ONE = 10n ** 18n;

const fixture = reusable(async () => {
  const f = await vaultWithHistory();
  await hedgedPosition(f);
  return f;
});

describe("sdk: a prepared deposit", () => {
  it("shows", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const token = await f.world.tokens.USDC.getAddress();
    const vault = await CrosshedgeVault.connect({ address: f.deployment.vault, provider: f.world.ethers.provider, multicall: f.world.deployment.multicall });
    const provider = f.world.ethers.provider as unknown as {send(m: string, p: unknown[]): Promise<unknown>};
    const real = provider.send.bind(provider);
    provider.send = (m, p) => { console.log(m, JSON.stringify(p).slice(0, 60)); return real(m, p); };
    const p = await prepareDeposit(vault, { account: bob.address, token, amount: usdc(1000) });
    console.dir(p, { depth: 6 });
  });
});
