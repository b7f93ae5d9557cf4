import { type DestinationStream, type Logger, pino } from "pino";
import type { Redactor } from "../secrets/redactor.js";

const SECRET_KEYS = ["key", "privateKey", "rpc", "url", "*.key", "*.privateKey", "*.rpc", "*.url"];

/** A logger of JSON lines that shows neither keys nor addresses of nodes, wherever they stand. */
export function createLogger(level: string, redactor: Redactor, destination?: DestinationStream): Logger {
  const out = destination ?? pino.destination(2);
  const clean: DestinationStream = { write: (line) => out.write(redactor.clean(line)) };
  const formatters = { level: (name: string) => ({ level: name }) };
  const timestamp = pino.stdTimeFunctions.isoTime;
  return pino(
    { level, base: null, formatters, timestamp, redact: { paths: SECRET_KEYS, censor: "<redacted>" } },
    clean,
  );
}
