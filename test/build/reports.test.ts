import { expect } from "chai";
import { contractsHash } from "../../scripts/build/contracts-hash.js";
import { type Report, type ReportName, readReport } from "../../scripts/build/report.js";
import { faultsOf } from "../../scripts/coverage/judge.js";
import { type Figure, keeps } from "../bench/gas/case.js";
import { LEAST_PERCENT, REASONS } from "../coverage.js";
import { mutants } from "../mutants/index.js";

/** What writes each report. */
const COMMANDS: Record<ReportName, string> = {
  gas: "npm run bench:gas",
  mutation: "npm run mutate",
  coverage: "npm run coverage",
  soak: "npm run soak",
};

const LEAST_MUTANTS = 60;
const LEAST_CALLS = 100_000;

function reportOf<T extends object>(name: ReportName): Report<T> {
  try {
    return readReport<T>(name);
  } catch (cause) {
    throw new Error(`test/reports/${name}.json cannot be read: run \`${COMMANDS[name]}\``, { cause });
  }
}

interface Mutation {
  mutants: { id: string; killedBy: string | null }[];
}

interface Coverage {
  percent: number;
  files: { file: string; lines: number; hit: number; percent: number; uncovered: { line: number; place: string }[] }[];
}

describe("reports", () => {
  for (const name of Object.keys(COMMANDS) as ReportName[]) {
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

  it(`coverage.json has ${LEAST_PERCENT} % of the lines at least, and a reason for each that is left`, () => {
    const { percent, files } = reportOf<Coverage>("coverage");
    const sum = (of: (file: Coverage["files"][number]) => number) => files.reduce((total, file) => total + of(file), 0);
    expect(percent).to.be.at.least(LEAST_PERCENT);
    expect((sum(({ hit }) => hit) * 100) / sum(({ lines }) => lines)).to.be.closeTo(percent, 0.01);
    const gaps = files.map((file) => ({ ...file, gaps: file.uncovered }));
    expect(faultsOf(gaps, REASONS)).to.deep.equal([]);
  });

  it(`mutation.json has ${LEAST_MUTANTS} mutants at least, those of the list, and no survivor`, () => {
    const rows = reportOf<Mutation>("mutation").mutants;
    expect(rows.map(({ id }) => id)).to.deep.equal(mutants.map(({ id }) => id).sort());
    expect(rows.length).to.be.at.least(LEAST_MUTANTS);
    expect(rows.filter(({ killedBy }) => killedBy === null).map(({ id }) => id)).to.deep.equal([]);
  });

  it(`soak.json is of ${LEAST_CALLS} calls at least, and found nothing`, () => {
    const { calls, found } = reportOf<{ calls: number; found?: string }>("soak");
    expect(calls).to.be.at.least(LEAST_CALLS);
    expect(found).to.equal(undefined);
  });
});
