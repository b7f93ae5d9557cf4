const URL_PATTERN = /\b(?:https?|wss?):(?:\\?\/){2}[^\s"'`<>)\]}]+/gi;
/** A host and a path with something long in it, as where a node's address stands without its scheme. */
const BARE_PATTERN = /\b(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\/[\w./-]*[\w-]{16,}[^\s"'`<>)\]}]*/gi;
const HOST_PATTERN = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT) [^\s"'`]+/g;
const KEY_PATTERN =
  /\b((?:api[-_]?key|access[-_]?token|secret|password|authorization)["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?|bearer\s+)[^\s"',;&]{6,}/gi;

/**
 * The text without addresses of nodes, which often carry an API key, and without keys.
 *
 * @example
 * redact("request to https://node.example/v2/key failed"); // "request to <url> failed"
 */
export function redact(text: string): string {
  return text
    .replace(URL_PATTERN, "<url>")
    .replace(BARE_PATTERN, "<url>")
    .replace(HOST_PATTERN, "$1 <host>")
    .replace(KEY_PATTERN, "$1<key>");
}
