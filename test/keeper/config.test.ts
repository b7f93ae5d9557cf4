import { KeeperError, parseConfig } from "@crosshedge/keeper";
import { expect } from "chai";

describe("a keeper's settings", () => {
  it("fill in their defaults", () => {
    const config = parseConfig({ hedge: { policy: "naive" } });
    expect(config.hedge.policy).to.equal("naive");
    expect(config.liquidity.rangeFactor).to.equal(1.25);
    expect(config.model.method).to.equal("aimed-anticipating");
  });

  it("name the path of each wrong value", () => {
    expect(() => parseConfig({ hedge: { policy: "half" }, liquidity: { rangeFactor: 1 } }))
      .to.throw(KeeperError)
      .with.property("message")
      .that.includes("hedge.policy")
      .and.includes("liquidity.rangeFactor");
    expect(() => parseConfig({ model: { method: "garch" } })).to.throw(KeeperError, "model.method");
    expect(() => parseConfig({ margin: { low: 0.9 } })).to.throw(KeeperError, "margin.target");
    expect(() => parseConfig({ hedge: { polcy: "none" } })).to.throw(KeeperError, "hedge");
  });
});
