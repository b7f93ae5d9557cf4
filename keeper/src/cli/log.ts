import { redact } from "@crosshedge/sdk";
import { type DestinationStream, type Logger, pino } from "pino";

const SECRET_KEYS = ["key", "privateKey", "rpc", "url", "*.key", "*.privateKey", "*.rpc", "*.url"];
const KEY_PATTERN = /\b(?:0x)?[0-9a-fA-F]{64}\b/g;

/** The text without addresses of nodes, and without the key where it is given. */
export function withoutSecrets(text: string, key?: string): string {
  const clean = redact(text);
  if (key === undefined) return clean;
  const digits = key.replace(/^0x/, "").toLowerCase();
  return clean.replace(KEY_PATTERN, (match) => (match.toLowerCase().endsWith(digits) ? "<key>" : match));
}

/** A logger of JSON lines that shows neither keys nor addresses of nodes, wherever they stand. */
export function createLogger(level: string, key?: string, destination?: DestinationStream): Logger {
  const out = destination ?? pino.destination(2);
  const clean: DestinationStream = { write: (line) => out.write(withoutSecrets(line, key)) };
  return pino({ level, base: null, redact: { paths: SECRET_KEYS, censor: "<redacted>" } }, clean);
}
