import type { Calibration } from "./calibrate.js";
import type { Finding } from "./finding.js";
import type { ParamsFile, Provenance } from "./params-file.js";
import type { VaultShape } from "./shape.js";

type Tree = { [key: string]: Tree | string | number };

/** The findings in their places, with their reasons beside them. */
export function paramsOf(
  { findings, worstCase }: Calibration,
  { now }: VaultShape,
  provenance: Provenance,
): ParamsFile {
  const tree: Tree = { assets: {}, covariance: {}, limits: {}, publicLimits: {}, keeper: {}, haircuts: {} };
  for (const { parameter, value } of findings) place(tree, parameter.split("."), value);
  const parts = tree as unknown as Pick<
    ParamsFile,
    "assets" | "covariance" | "limits" | "publicLimits" | "keeper" | "haircuts"
  >;
  const reasons = findings.map((finding) => ({ ...finding, was: now[finding.parameter] ?? null }));
  return { form: 1, ...parts, worstCase, provenance, reasons };
}

function place(tree: Tree, [key, ...rest]: string[], value: string | number): void {
  if (rest.length === 0) {
    tree[key!] = value;
    return;
  }
  tree[key!] ??= {};
  place(tree[key!] as Tree, rest, value);
}

/** Parameter, value, what it was, and below it why: lines for a terminal of this many columns. */
export function formatFindings(findings: readonly Finding[], { now }: VaultShape, columns = 120): string {
  const rows = [
    ["parameter", "value", "was"],
    ...findings.map(({ parameter, value }) => [parameter, String(value), now[parameter] ?? "–"]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = ([name, value, was]: string[]): string =>
    `${name!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${was}`;
  return [
    line(rows[0]!),
    ...findings.flatMap(({ why }, i) => [
      line(rows[i + 1]!),
      ...wrapped(why, columns - 4).map((text) => `    ${text}`),
    ]),
  ].join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
