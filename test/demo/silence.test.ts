import { expect } from "chai";
import { parseOptions } from "../../scripts/demo/options.js";
import { runSilence, type Silence } from "../../scripts/demo/silence.js";

describe("a silent keeper", function () {
  this.timeout(300_000);
  let silence: Silence;
  const lines: string[] = [];

  before(async () => {
    silence = await runSilence(
      parseOptions(["--days", "4"]),
      (line) => lines.push(line),
      () => false,
    );
  });

  it("leaves a vault that strangers bring back under its trigger", () => {
    const { trigger, volatilityBefore, volatilityAfter, hours } = silence;
    const actions = hours.map(({ result }) => result.action);
    for (const action of ["raiseAlarm", "hedge", "deleverage"] as const) expect(actions).to.include(action);
    expect(actions.indexOf("raiseAlarm")).to.be.lessThan(actions.indexOf("hedge"));
    const highest = Math.max(...hours.map(({ result }) => result.volatility ?? 0));
    expect(volatilityBefore).to.be.lessThan(trigger);
    expect(highest).to.be.greaterThan(trigger);
    expect(volatilityAfter).to.be.at.most(trigger);
  });

  it("pays the stranger his bounties and nothing else, and never more than his gas cost him", () => {
    expect(silence.paid).to.be.greaterThan(0);
    expect(Math.abs(silence.paid - silence.bounties)).to.be.lessThan(1e-6);
    expect(silence.paid).to.be.at.most(silence.gas);
  });

  it("is told line by line", () => {
    expect(lines.some((line) => line.includes("the keeper stops"))).to.equal(true);
    expect(lines.some((line) => line.includes("a stranger: hedge: short"))).to.equal(true);
  });
});
