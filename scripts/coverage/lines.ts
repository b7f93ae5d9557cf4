/** Lines of each file, by path, and whether a test ran them. */
export type Lines = Map<string, Map<number, boolean>>;

/** Adds what a trace file (lcov) says to `into`: a line that ran in one run is covered. */
export function addTrace(into: Lines, trace: string): void {
  let lines = new Map<number, boolean>();
  for (const row of trace.split("\n")) {
    const [kind, value = ""] = row.split(/:(.*)/s);
    if (kind === "SF") {
      lines = into.get(value) ?? new Map();
      into.set(value, lines);
    } else if (kind === "DA") {
      const [line, times] = value.split(",").map(Number) as [number, number];
      lines.set(line, (lines.get(line) ?? false) || times > 0);
    }
  }
}

/** A line that no test runs. Its function and its text say where it is, so that a shift of lines changes nothing. */
export interface Gap {
  readonly line: number;
  /** `function: text` */
  readonly place: string;
}

export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly hit: number;
  readonly percent: number;
  readonly gaps: Gap[];
}

/** Two digits, rounded down: 99.999 is not 100. */
export const percentDown = (hit: number, lines: number): number =>
  lines === 0 ? 100 : Math.floor((hit * 10_000) / lines) / 100;

const DECLARATION = /\b(?:function|modifier)\s+(\w+)|\b(constructor)\b/;

function functionAround(source: readonly string[], line: number): string {
  for (let i = line - 1; i >= 0; i -= 1) {
    const name = source[i]?.match(DECLARATION)?.slice(1).find(Boolean);
    if (name !== undefined) return name;
  }
  return "";
}

/** What is covered of one file. */
export function coverageOf(file: string, lines: ReadonlyMap<number, boolean>, text: string): FileCoverage {
  const source = text.split("\n");
  const missed = [...lines].filter(([, ran]) => !ran).map(([line]) => line);
  const hit = lines.size - missed.length;
  const gaps = missed
    .sort((a, b) => a - b)
    .map((line) => ({ line, place: `${functionAround(source, line)}: ${(source[line - 1] ?? "").trim()}` }));
  return { file, lines: lines.size, hit, percent: percentDown(hit, lines.size), gaps };
}
