const URL_PATTERN = /\b(?:https?|wss?):\/\/[^\s"'`<>)\]}]+/gi;

/**
 * The text without addresses of nodes, which often carry an API key.
 *
 * @example
 * redact("request to https://node.example/v2/key failed"); // "request to <url> failed"
 */
export function redact(text: string): string {
  return text.replace(URL_PATTERN, "<url>");
}
