import { formatTable, type ReportTable, toCsv } from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { expectCode } from "./support.js";

const texts = (cells: readonly string[]): ReportTable => ({
  title: "Texts",
  columns: [{ key: "text", title: "text", kind: "text" }],
  rows: cells.map((cell) => [cell]),
});

/** Fields of a CSV by RFC 4180, read character by character. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]];
  let [field, quoted] = ["", false];
  for (let k = 0; k < csv.length; k++) {
    const char = csv[k];
    if (quoted) {
      if (char !== '"') field += char;
      else if (csv[k + 1] === '"') field += csv[++k];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "," || (char === "\r" && csv[k + 1] === "\n")) {
      rows.at(-1)?.push(field);
      field = "";
      if (char === "\r") {
        rows.push([]);
        k++;
      }
    } else field += char;
  }
  expect([rows.pop(), field, quoted]).to.deep.equal([[], "", false]);
  return rows;
}

describe("sdk: tables", () => {
  const table: ReportTable = {
    title: "Everything",
    columns: [
      { key: "time", title: "time", kind: "time" },
      { key: "worth", title: "worth", kind: "usd" },
      { key: "share", title: "share", kind: "ratio" },
      { key: "amount_USDC", title: "USDC", kind: "token", decimals: 6, unit: "USDC" },
      { key: "count", title: "count", kind: "integer" },
      { key: "name", title: "name", kind: "text" },
    ],
    rows: [
      [1_700_000_000, -1_234_567_890_123_456_789_012n, 5n * 10n ** 16n, 1n, 12, "a, b"],
      [0, 10n ** 30n, null, null, 7n, 'say "no"'],
    ],
  };

  it("are CSV with units in the header, every decimal, ISO times, and empty fields for nothing", () => {
    expect(toCsv(table)).to.equal(
      "time_UTC,worth_USD,share_ratio,amount_USDC,count,name\r\n" +
        '2023-11-14T22:13:20.000Z,-1234.567890123456789012,0.05,0.000001,12,"a, b"\r\n' +
        '1970-01-01T00:00:00.000Z,1000000000000,,,7,"say ""no"""\r\n',
    );
  });

  it("are text that people read", () => {
    const lines = formatTable(table).split("\n");
    expect(lines[0]).to.equal("Everything");
    expect(lines[3]).to.match(/2023-11-14T22:13:20.000Z +-\$1,234.57 +5.00% +0.000001 +12 +a, b/);
    expect(lines[4]).to.match(/\$1,000,000,000,000.00 +- +- +7/);
  });

  it("hold any text through a CSV", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", "é", " ", ";"), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (drawn) => {
        const safe = drawn.filter((one) => !/^\s*[\t\r]/.test(one));
        expect(parse(toCsv(texts(safe)))).to.deep.equal([["text"], ...safe.map((one) => [one])]);
      }),
    );
  });

  it("give spreadsheets no formulas, and leave negative numbers alone", () => {
    const bad = ["=1+1", "+1", "-1", "@SUM(A1)", " =A1", "\t=A1", "\r=A1", "＝1", '=HYPERLINK("http://x","y")'];
    for (const [, [found]] of parse(toCsv(texts(bad)))
      .slice(1)
      .entries())
      expect(found).to.match(/^'/);
    expect(parse(toCsv(texts(bad))).slice(1)).to.deep.equal(bad.map((text) => [`'${text}`]));
    expect(parse(toCsv(texts(["a=b", "x-y", ""]))).slice(1)).to.deep.equal([["a=b"], ["x-y"], [""]]);
    expect(parse(toCsv(table))[1]?.[1]).to.match(/^-1234/);
    const count: ReportTable = { ...texts(["=1+1"]), columns: [{ key: "count", title: "count", kind: "integer" }] };
    expect(parse(toCsv(count)).slice(1)).to.deep.equal([["'=1+1"]]);
  });

  it("may be long", () => {
    const long = formatTable(texts(Array.from({ length: 200_000 }, () => "a")));
    expect(long.length).to.be.greaterThan(200_000);
  });

  it("are refused where a row does not fit", () => {
    expectCode(() => toCsv({ ...table, rows: [[1]] }), "BAD_ARGUMENT", /Row 0 has 1 cells for 6/);
  });
});
