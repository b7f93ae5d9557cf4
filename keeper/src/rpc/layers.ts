/** One error within another, reduced to what says what it means. */
export interface Layer {
  readonly name: string | null;
  readonly code: number | string | null;
  readonly text: string;
  readonly status: number | null;
  readonly data: string | null;
  readonly retryAfterMs: number | null;
  /** What was looked at. */
  readonly source: unknown;
}

const MAX_DEPTH = 6;
/** Longer texts are pages of proxies, or whole requests. */
const MAX_TEXT = 2_000;
/** Where libraries and nodes put the error that they were given; ethers has `info.error`, fetch has `cause`, old ethers a `body`. */
const INNER = ["cause", "error", "info", "data", "body", "responseBody", "originalError", "rate"] as const;
const HEX = /^0x[0-9a-f]*$/i;

function asRecord(value: unknown): Record<string, unknown> | null {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : "";
}

function statusOf(fields: Record<string, unknown>): number | null {
  for (const value of [fields.status, fields.statusCode, fields.responseStatus]) {
    const status = typeof value === "string" ? Number.parseInt(value, 10) : value;
    if (typeof status === "number" && status >= 100 && status < 600) return status;
  }
  return null;
}

/** Nethermind and Parity wrote "Reverted 0x…". */
function dataOf({ data, output }: Record<string, unknown>): string | null {
  for (const value of [data, output]) {
    if (typeof value !== "string") continue;
    const hex = value.replace(/^reverted\s+/i, "");
    if (HEX.test(hex)) return hex.toLowerCase();
  }
  return null;
}

function layerOf(fields: Record<string, unknown>): Layer {
  const { name, code, shortMessage, message, details, data, backoff_seconds: seconds, retryAfterMs } = fields;
  const texts = [textOf(shortMessage) || textOf(message), textOf(details), textOf(data)].filter(
    (text) => !HEX.test(text),
  );
  return {
    name: typeof name === "string" ? name : null,
    code: typeof code === "number" || typeof code === "string" ? code : null,
    text: texts.filter((text) => text !== "").join(" "),
    status: statusOf(fields),
    data: dataOf(fields),
    retryAfterMs: typeof seconds === "number" ? seconds * 1000 : typeof retryAfterMs === "number" ? retryAfterMs : null,
    source: fields,
  };
}

/** An error and all that it wraps, the innermost first: what the node said is deepest. */
export function layersOf(error: unknown): readonly Layer[] {
  const found: Layer[] = [];
  const seen = new Set<unknown>();
  let level: unknown[] = [error];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      const fields = asRecord(value);
      if (fields === null || seen.has(value)) continue;
      seen.add(value);
      found.push(layerOf(fields));
      next.push(...INNER.map((key) => fields[key]));
    }
    level = next;
  }
  if (found.length === 0) found.push({ ...layerOf({}), text: textOf(String(error)) });
  return found.reverse();
}
