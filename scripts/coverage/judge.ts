import type { FileCoverage } from "./lines.js";

/** Why lines are not covered: by file, then by `function: text`. */
export type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Gaps without a reason, and reasons without a gap, in words. */
export function faultsOf(files: readonly FileCoverage[], reasons: Reasons): string[] {
  const unjustified = files.flatMap(({ file, gaps }) =>
    gaps
      .filter(({ place }) => reasons[file]?.[place] === undefined)
      .map(({ line, place }) => `${file}:${line} is run by no test, and nothing says why: \`${place}\``),
  );
  const outdated = Object.entries(reasons).flatMap(([file, places]) =>
    Object.keys(places)
      .filter((place) => !files.some((one) => one.file === file && one.gaps.some((gap) => gap.place === place)))
      .map((place) => `${file} has no such gap any more: \`${place}\``),
  );
  return [...unjustified, ...outdated];
}
