import { expect } from "chai";
import { createLogger } from "../../../keeper/src/cli/log.js";
import type { Logger } from "../../../keeper/src/logger.js";
import { Redactor } from "../../../keeper/src/secrets/redactor.js";

const KEY = `0x${"ab12".repeat(16)}`;
const NODE = "https://node.example/v2/api-key-of-mine";
const DATABASE = "postgres://keeper:word-of-mine@db.example/journal";

function logging(level = "debug") {
  const lines: string[] = [];
  const redactor = new Redactor();
  redactor.hide(KEY);
  redactor.hideUrl(NODE);
  redactor.hideUrl(DATABASE);
  const logger: Logger = createLogger(level, redactor, { write: (line: string) => void lines.push(line) });
  return { logger, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1)!) };
}

describe("log", () => {
  it("has chain, vault and tick in every line of a child, once", () => {
    const { logger, lines, last } = logging();
    const vault = logger.child({ chain: 1, vault: "0xaa" });
    vault.info({}, "observed");
    expect(last()).to.include({ chain: 1, vault: "0xaa", level: "info", msg: "observed" });
    vault.child({ tick: 7 }).warn({ refusal: "Cooldown" }, "refused");
    expect(last()).to.include({ chain: 1, vault: "0xaa", tick: 7, refusal: "Cooldown", level: "warn" });
    expect(lines.at(-1)!.match(/"vault"/g)).to.have.length(1);
    expect(last()).to.not.have.any.keys("pid", "hostname");
  });

  it("keeps to its level", () => {
    const { logger, lines } = logging("warn");
    logger.info({}, "a tick is done");
    logger.child({ tick: 1 }).debug({}, "in between");
    logger.error({}, "it broke");
    expect(lines).to.have.length(1);
  });

  const secrets: [string, (logger: Logger) => void][] = [
    ["a message", (logger) => logger.error({}, `cannot reach ${NODE} with ${KEY}, nor ${DATABASE}`)],
    ["details", (logger) => logger.info({ a: { b: [{ c: NODE }, KEY.toUpperCase(), KEY.slice(2)] } }, "deep")],
    [
      "fields that are secrets by their name",
      (logger) => logger.info({ key: "k", signer: { privateKey: "p" } }, "named"),
    ],
    [
      "an error, its stack and its cause",
      (logger) => {
        const cause = new Error(`connect ${DATABASE}`);
        logger.error({ err: new Error(`POST ${NODE} failed`, { cause }) }, "failed");
      },
    ],
    ["what a child is bound to", (logger) => logger.child({ vault: NODE }).info({}, "bound")],
  ];
  for (const [where, log] of secrets) {
    it(`shows no key and no address of a node or database in ${where}`, () => {
      const { logger, lines } = logging();
      log(logger);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.not.match(/ab12|node\.example|api-key-of-mine|word-of-mine|db\.example|"k"|"p"/i);
      expect(() => JSON.parse(lines[0]!)).to.not.throw();
    });
  }
});
