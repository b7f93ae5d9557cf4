import { expect } from "chai";
import type { Provider } from "ethers";
import { Simulator } from "../../../keeper/src/execute/simulate.js";
import { callOf } from "../../../keeper/src/execute/transaction.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import type { PredictedPost } from "../../../keeper/src/plan/build-plan.js";
import { decide } from "../../../keeper/src/plan/decide.js";
import { inputsOf } from "../../../keeper/src/tick-inputs.js";
import { connect } from "../../support/connect.js";
import type { Fixture } from "../../support/fixture.js";
import { expectClose } from "../expect-close.js";
import { deposited, GAS_LIMIT, keeperOf } from "./support.js";

const HASH = `0x${"11".repeat(32)}`;
const config = parseConfig({ execution: { gasLimit: GAS_LIMIT } });

/** What the keeper has decided in a fixture, and a way to try it out with another prediction. */
async function decided(f: Fixture, provider: Provider = f.world.ethers.provider) {
  const { keeper } = await keeperOf(f);
  const { observation } = await keeper.plan();
  const { state } = observation;
  const decision = decide(inputsOf(observation, { feesAt: state.block.timestamp, settled: null }, [], null), config);
  expect(decision.kind).to.equal("rebalance");
  const warnings: string[] = [];
  const vault = await connect(f, { provider });
  const { multicall } = vault.connection;
  const simulator = new Simulator({
    ...{ vault, provider, multicall, from: f.world.signers.keeper.address, config },
    logger: { ...silentLogger, warn: (_details, message) => warnings.push(message) },
  });
  await vault.readState();
  const predicting = (change: (predicted: PredictedPost) => Partial<PredictedPost>) => {
    const plan = decision.plan!;
    const lied = { ...decision, plan: { ...plan, predicted: { ...plan.predicted!, ...change(plan.predicted!) } } };
    return simulator.simulate(callOf(lied, observation, HASH, config)!, lied, state);
  };
  return {
    predicting,
    warnings,
    perp: f.deployment.legs.perp as string,
    symbols: state.assets.map(({ symbol }) => symbol),
  };
}

describe("keeper: simulation", () => {
  it("takes a plan whose state afterwards is as predicted, and bounds what it may cost", async () => {
    const f = await deposited();
    const { predicting } = await decided(f);
    const told = await predicting(() => ({}));
    expect(told.verdict).to.equal("send");
    if (told.verdict !== "send") return;
    const { maxLoss } = f.rebalancer.interface.decodeFunctionData("rebalance", told.call.data)[0];
    const { navBefore, navAfter } = told.outcome!;
    expectClose(Number(maxLoss) / 1e18, 1 - navAfter / navBefore + 0.0005, 1e-8);
  });

  it("refuses one whose exposures, positions, equity or margin would be others, which its outcome does not show", async () => {
    const f = await deposited();
    const { predicting, perp } = await decided(f);
    const lies: [RegExp, (predicted: PredictedPost) => Partial<PredictedPost>][] = [
      [
        /exposure to WETH is \$-?\d+, predicted was/,
        ({ exposure }) => ({ exposure: exposure.map((usd, i) => (i === 2 ? -usd : usd)) }),
      ],
      [
        /the position in WBTC at 0x\w+ is -\d/,
        ({ positions }) => ({
          positions: { [perp]: Object.fromEntries(Object.keys(positions[perp]!).map((market) => [market, 0n])) },
        }),
      ],
      [
        /the equity of 0x\w+ is \$\d+, predicted was/,
        ({ legEquity }) => ({ legEquity: { [perp]: legEquity[perp]! * 2n } }),
      ],
      [
        /the margin ratio of 0x\w+ is 5\d\.\d\d%, predicted was 25/,
        () => ({ marginRatio: { [perp]: 25n * 10n ** 16n } }),
      ],
    ];
    for (const [words, lie] of lies) {
      const told = await predicting(lie);
      expect(told.verdict).to.equal("refused");
      if (told.verdict === "refused") expect([told.refusal.name, told.refusal.message].join()).to.match(words);
    }
  });

  it("goes by the outcome alone where a node does not take state overrides, and says so once", async () => {
    const f = await deposited();
    const plain = new Proxy(f.world.ethers.provider, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (key !== "send") return typeof value === "function" ? value.bind(target) : value;
        return (method: string, params: unknown[]) => {
          if (params.length < 3) return target.send(method, params);
          return Promise.reject(Object.assign(new Error("too many arguments, want at most 2"), { code: -32602 }));
        };
      },
    }) as unknown as Provider;
    const { predicting, warnings } = await decided(f, plain);
    expect((await predicting(() => ({}))).verdict).to.equal("send");
    expect((await predicting(({ nav }) => ({ nav: nav * 2n }))).verdict).to.equal("refused");
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("what the Rebalancer says alone");
  });
});
