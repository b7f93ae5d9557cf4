import { redact } from "@crosshedge/sdk";

const HIDDEN = "<redacted>";
/** Shorter ones are words that texts have anyway. */
const SHORTEST = 8;
const SHORTEST_WORD = 6;
const DATABASE_URL = /\bpostgres(?:ql)?:\/\/[^\s"'`<>)\]}]+/gi;

/** Takes the secrets that it was told out of every text, and all addresses of nodes and databases besides. */
export class Redactor {
  readonly #words = new Set<string>();

  /** Hide a key or password, in either case and with or without 0x. */
  hide(secret: string): void {
    const word = secret.trim().replace(/^0x/, "");
    if (word.length >= SHORTEST_WORD) this.#words.add(word);
  }

  /** Hide an address and the parts of it that may be a key. */
  hideUrl(address: string): void {
    this.hide(address);
    if (!URL.canParse(address)) return;
    const { username, password, pathname, search } = new URL(address);
    const parts = [password, username, `${pathname}${search}`, ...pathname.split("/"), ...search.split(/[?&=]/)];
    for (const part of parts) if (part.length >= SHORTEST) this.hide(part);
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
