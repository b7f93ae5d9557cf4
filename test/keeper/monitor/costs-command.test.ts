import { expect } from "chai";
import { cli, keyOf, servedVault } from "../cli/support.js";

describe("crosshedge costs", () => {
  let served: Awaited<ReturnType<typeof servedVault>>;
  before(async () => {
    served = await servedVault();
  });
  after(() => served.close());

  it("tells a month's costs of each vault and how long the keeper's gas lasts", async () => {
    const first = await cli(["costs", ...served.where]);
    expect(first.said).to.match(/^What the keeper cost.*\nvault +chain +days/);
    expect(first.out).to.match(/ 31337 +30\.0 +0 +\$0\.00 +\$0\.00 +\$0\.00 /);

    const tick = await cli(["tick", ...served.where], { CROSSHEDGE_KEY: keyOf("keeper") });
    expect(tick.code, tick.said).to.equal(0);
    const { code, out } = await cli(["costs", ...served.where]);
    expect(code).to.equal(0);
    expect(out).to.match(/\n0x[0-9a-f]{40} +31337 +\d+\.\d{6} +(\d+\.\d days|10 years)$/m);
  });
});
