import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { failurePropagation } from "../../../keeper/src/stress/failure/failure-propagation.js";
import { clearVaults, type VaultClaims } from "../../../keeper/src/stress/failure/vault-network.js";
import { expectClose } from "../expect-close.js";
import { type Scene, situationOf } from "../situation.js";

/** 400,000 USDC and 30,000 ALT at $10 idle; 300,000 at the perp venue behind shorts of $200,000 at cost. */
const SCENE: Scene = { idle: [400_000, 30_000, 0, 0], perp: { cash: 300_000, eth: -75, btc: -5 / 3 }, depth: 1000 };
const resultOf = (scene: Scene, figures: unknown = {}) => {
  const situation = situationOf(scene);
  return failurePropagation(situation.state, openBook(situation), { unhedgedVolatility: 0.6, figures });
};
const leftOf = (result: ReturnType<typeof resultOf>, name: string): number =>
  result.clearing.find((row) => row.name === name)!.left;

describe("failures around a vault", () => {
  const result = resultOf(SCENE);

  it("takes from the holders what the venue loses and the stable does not pay", () => {
    expect(leftOf(result, "nothing fails")).to.equal(1);
    expectClose(leftOf(result, "perp-v2 loses 25%"), 0.925, 1e-9);
    expectClose(leftOf(result, "perp-v2 loses 100%"), 0.7, 1e-9);
    expectClose(leftOf(result, "perp-v2 loses 25%, and half of the rest in its bankruptcy"), 1 - 0.3 * 0.625, 1e-9);
    // The stable is idle here, and the venue holds it for us.
    expectClose(leftOf(result, "USDC pays 0.50"), 1 - 0.7 * 0.5, 1e-9);
    expectClose(leftOf(result, "USDC pays 0.00"), 0.3, 1e-9);
    expectClose(leftOf(result, "perp-v2 loses 50% and USDC pays 0.88"), 0.3 + 0.4 * 0.88 + 0.3 * 0.5 * 0.88, 1e-9);
  });

  it("goes on owing what it borrowed where the lender cannot pay", () => {
    // 200,000 of collateral against 50,000 borrowed. An emptied venue has the debt to share out, half of it to its other customers.
    const lent = resultOf({ idle: [850_000, 0, 0, 0], lending: { cash: 200_000, eth: -25 } });
    expectClose(leftOf(lent, "aave-v3 loses 100%"), 0.85 - 0.05 + 0.025, 1e-9);
    expectClose(leftOf(lent, "aave-v3 loses 25%"), 0.95, 1e-9);
  });

  it("passes one vault's bad debt at a venue on to another's holders, but no further than its account", () => {
    const vault = (name: string, claim: number, badDebt: number): VaultClaims => ({
      ...{ name, tokens: 100, stables: {}, settlement: "USDC" },
      venues: { perp: { claim, debt: 0, badDebt } },
    });
    const { holders, pays } = clearVaults([vault("whole", 100, 0), vault("broken", 0, 40)], {});
    // The venue owes 200, half of it to its other customers, and lacks 40.
    expectClose(pays["perp"], 0.8, 1e-9);
    expectClose(holders["whole"], 180, 1e-9);
    expectClose(holders["broken"], 100, 1e-9);
    expect(() => clearVaults([vault("whole", 100, 0)], { venues: { other: 0.5 } })).to.throw(KeeperError, "other");
    expect(() => clearVaults([vault("whole", 100, 0)], { stables: { USDC: 1.5 } })).to.throw(KeeperError);
  });

  it("names the positions that each market bears before a shock runs away in it", () => {
    const { markets, judged, rows } = result.cascade;
    expect(markets.map(({ name }) => name)).to.deep.equal(["perp-v2 WETH", "perp-v2 WBTC"]);
    // 1000 ETH of depth at $2000, half of it for a log move of one.
    expectClose(markets[0]!.depth, 1e6, 1e-3);
    expectClose(markets[0]!.bears ?? undefined, 1e6 / judged.criticalDepth!, 1e-3);
    expect(rows.map(({ critical }) => critical.at)).to.deep.equal(
      rows.map(({ critical }) => critical.at).sort((a, b) => b - a),
    );
  });

  it("finds when the hedge and the vault are lost, from what the vault depends on", () => {
    const { components } = result;
    const times = result.times!;
    const ids = components.map(({ id }) => id);
    expect(ids).to.include.members(["feed WETH", "feed ALT", "perp-v2 defaults", "USDC slips", "sequencer", "bridge"]);
    expectClose(components.find(({ id }) => id === "perp-v2 defaults")!.loss, 0.3, 1e-9);
    const [day, week, , year] = times.unhedged.within;
    expect(day!.probability).to.be.below(0.001);
    expect(week!.probability).to.be.within(0.001, 0.02);
    expect(year!.probability).to.be.within(0.1, 0.5);
    const insolvent = times.insolvent.within[3]!.probability;
    expect(insolvent).to.be.within(0.0005, 0.05);
    // The same with a venue that never fails and a stable that never does.
    const safe = Object.fromEntries(
      ["USDC fails", "USDC slips", "bridge", "perp-v2 defaults"].map((id) => [id, { failuresPerYear: 0 }]),
    );
    expect(resultOf(SCENE, { components: safe }).times!.insolvent.within[3]!.probability).to.be.below(insolvent / 5);
  });

  it("takes other figures, parts and links, and refuses those that are none", () => {
    const other = resultOf(SCENE, {
      components: { keeper: { failuresPerYear: 0 }, signer: { kind: "keeper", failuresPerYear: 50, repairHours: 1 } },
      dependencies: { "signer -> hedge": { probability: 1, delayHours: 0 } },
    });
    expect(other.times!.unhedgedBy[0]!.id).to.equal("signer");
    expect(other.times!.unhedgedBy.map(({ id }) => id)).not.to.include("keeper");
    expect(() => resultOf(SCENE, { components: { kepeer: { failuresPerYear: 1 } } })).to.throw(KeeperError, "kepeer");
    expect(() => resultOf(SCENE, { components: { keeper: { failuresPerYear: -1 } } })).to.throw(KeeperError);
    const { state, ...rest } = situationOf(SCENE);
    const unknown = (figures: unknown) =>
      failurePropagation(state, openBook({ state, ...rest }), { unhedgedVolatility: null, figures });
    expect(unknown({}).times).to.equal(null);
    expect(unknown({ unhedgedVolatility: 0.5 }).times!.timeUnhedged).to.be.above(0);
    expect(() => resultOf({})).to.throw(KeeperError, "worth nothing");
  });
});
