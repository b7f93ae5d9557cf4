import { expect } from "chai";
import { contractsHash } from "../../scripts/build/contracts-hash.js";
import { type Report, type ReportName, readReport } from "../../scripts/build/report.js";
import { type Figure, keeps } from "../bench/gas/case.js";

/** What writes each report. */
const COMMANDS: Record<ReportName, string> = {
  gas: "npm run bench:gas",
  mutation: "npm run mutate",
  coverage: "npm run coverage",
  soak: "npm run soak",
};

function reportOf<T extends object>(name: ReportName): Report<T> {
  try {
    return readReport<T>(name);
  } catch (cause) {
    throw new Error(`test/reports/${name}.json cannot be read: run \`${COMMANDS[name]}\``, { cause });
  }
}

/** Those that must be there. */
const KEPT: readonly ReportName[] = ["gas"];

describe("reports", () => {
  for (const name of KEPT) {
    it(`${name}.json is of the contracts as they are`, () => {
      const { stamp } = reportOf(name);
      expect(stamp, `the contracts have changed: run \`${COMMANDS[name]}\``).to.equal(contractsHash());
    });
  }

  it("gas.json keeps what each figure may cost", () => {
    const { figures } = reportOf<{ figures: Figure[] }>("gas");
    expect(figures).to.not.have.length(0);
    expect(figures.filter((figure) => !keeps(figure)).map(({ name }) => name)).to.deep.equal([]);
  });
});
