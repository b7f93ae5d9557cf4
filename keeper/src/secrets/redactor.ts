import { redact } from "@crosshedge/sdk";

const HIDDEN = "<redacted>";
/** Shorter ones are words that texts have anyway. */
const SHORTEST = 8;
const SHORTEST_WORD = 6;
/** A name, or nothing: no key has lower-case letters alone. */
const NAME = /^(?:[a-z]{0,16}(?:[-_][a-z]{1,16})*|v\d+)$/;
const DATABASE_URL = /\bpostgres(?:ql)?:\/\/[^\s"'`<>)\]}]+/gi;

/** Takes the secrets that it was told out of every text, and all addresses of nodes and databases besides. */
export class Redactor {
  readonly #words = new Set<string>();

  /** Hide a key or password, in either case and with or without 0x, and as JSON and addresses write it. */
  hide(secret: string): void {
    const word = secret.trim().replace(/^0x/, "");
    if (word.length < SHORTEST_WORD) return;
    for (const form of [word, JSON.stringify(word).slice(1, -1), encodeURIComponent(word)]) this.#words.add(form);
  }

  /** Hide an address and the parts of it that may be a key; words such as a chain's or database's name are none. */
  hideUrl(address: string): void {
    this.hide(address);
    if (!URL.canParse(address)) return;
    const { username, password, pathname, search, searchParams } = new URL(address);
    for (const word of [password, decoded(password)]) this.hide(word);
    const steps = pathname.split("/").filter((step) => !NAME.test(step));
    const whole = steps.length > 0 || search !== "" ? [`${pathname}${search}`] : [];
    const user = NAME.test(username) ? [] : [username, decoded(username)];
    for (const part of [...user, ...whole, ...steps, ...rawValues(search), ...searchParams.values()]) {
      if (part.length >= SHORTEST) this.hide(part);
    }
  }

  clean(text: string): string {
    let result = redact(text).replace(DATABASE_URL, "<url>");
    for (const word of [...this.#words].sort((a, b) => b.length - a.length)) {
      const pattern = new RegExp(`(?:0x)?${word.replace(/[^A-Za-z0-9]/g, "\\$&")}`, "gi");
      result = result.replace(pattern, HIDDEN);
    }
    return result;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Values of a query as they stand in it. */
function rawValues(search: string): string[] {
  return search
    .slice(1)
    .split("&")
    .map((pair) => pair.slice(pair.indexOf("=") + 1));
}
