import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { KeeperError, parseConfig } from "@crosshedge/keeper";
import { expect } from "chai";
import { createLogger } from "../../keeper/src/cli/log.js";
import { findTarget, readConfig, readKey } from "../../keeper/src/cli/options.js";
import { runCli } from "../../keeper/src/cli/program.js";
import { runLoop } from "../../keeper/src/cli/run-loop.js";
import { canonicalJson, hashOf } from "../../keeper/src/record/canonical-json.js";

const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-keeper-"));
const file = (name: string, content: string): string => {
  const full = path.join(directory, name);
  writeFileSync(full, content);
  return full;
};
const KEY = `0x${"ab12".repeat(16)}`;

async function cli(...words: string[]) {
  let out = "";
  const write = (text: string): void => {
    out += text;
  };
  const context = { environment: {}, print: write, printError: write };
  const code = await runCli(["node", "crosshedge", ...words], context);
  return { code, out };
}

describe("configuration", () => {
  it("fills in its defaults", () => {
    const config = parseConfig({ hedge: { policy: "naive" } });
    expect(config.hedge.policy).to.equal("naive");
    expect(config.liquidity.rangeFactor).to.equal(1.25);
    expect(config.model.method).to.equal("aimed-anticipating");
  });

  it("names the path of each wrong value", () => {
    expect(() => parseConfig({ hedge: { policy: "half" }, liquidity: { rangeFactor: 1 } }))
      .to.throw(KeeperError)
      .with.property("message")
      .that.includes("hedge.policy")
      .and.includes("liquidity.rangeFactor");
    expect(() => parseConfig({ model: { method: "garch" } })).to.throw(KeeperError, "model.method");
    expect(() => parseConfig({ margin: { low: 0.9 } })).to.throw(KeeperError, "margin.target");
    expect(() => parseConfig({ hedge: { polcy: "none" } })).to.throw(KeeperError, "hedge");
  });

  it("reads a file, and says which one is no JSON", () => {
    expect(readConfig(file("good.json", '{"hedge":{"policy":"none"}}')).hedge?.policy).to.equal("none");
    expect(() => readConfig(file("bad.json", "{"))).to.throw(KeeperError, "bad.json is not JSON");
    expect(() => readConfig(path.join(directory, "absent.json"))).to.throw(KeeperError, "--config");
  });
});

describe("command line", () => {
  it("explains itself", async () => {
    const { code, out } = await cli("run", "--help");
    expect(code).to.equal(0);
    expect(out).to.include("--interval").and.include("--key-file").and.include("CROSSHEDGE_KEY");
  });

  it("says what is missing, and what to do", async () => {
    expect((await cli("plan")).out).to.include("Give its address with --vault");
    const acting = await cli("tick", "--vault", "0x0000000000000000000000000000000000000001");
    expect(acting.code).to.equal(1);
    expect(acting.out).to.include("CROSSHEDGE_KEY");
    expect((await cli("run", "--interval", "soon")).out).to.include("above zero");
  });

  it("asks to be started again where the node does not answer, without showing its address", async () => {
    const { code, out } = await cli(
      "plan",
      "--vault",
      "0x0000000000000000000000000000000000000001",
      "--rpc",
      "http://127.0.0.1:9/secret",
    );
    expect(code).to.equal(75);
    expect(out).to.not.include("secret");
  });

  it("finds the vault by address", () => {
    const vault = "0x00000000000000000000000000000000000000AA";
    expect(findTarget({ rpc: "", vault: vault.toLowerCase() }).vault.vault).to.equal(vault);
    expect(() => findTarget({ rpc: "", vault: "main" })).to.throw(KeeperError, "main");
  });

  it("takes a key from a file or the environment, and never repeats it", () => {
    expect(readKey(file("key", `${KEY}\n`), {})).to.equal(KEY);
    expect(readKey(undefined, { CROSSHEDGE_KEY: KEY.slice(2) })).to.equal(KEY);
    expect(() => readKey(undefined, { CROSSHEDGE_KEY: "hunter2" }))
      .to.throw(KeeperError)
      .with.property("message")
      .that.does.not.include("hunter2");
  });

  it("logs neither keys nor addresses of nodes", () => {
    let out = "";
    const write = (text: string): void => {
      out += text;
    };
    const logger = createLogger("info", KEY, { write });
    logger.info(
      { rpc: "https://node/k", key: KEY, inner: { privateKey: KEY } },
      `sent ${KEY} to https://node.example/v2/token`,
    );
    expect(out).to.not.include(KEY.slice(2)).and.not.include("token").and.not.include("node.example");
  });

  it("finishes the pass under way before it stops", async () => {
    const stop = new AbortController();
    let finished = 0;
    const keeper = {
      async tick() {
        stop.abort();
        await new Promise((resolve) => setTimeout(resolve, 20));
        finished++;
        return {} as never;
      },
    };
    await runLoop(keeper as never, {
      intervalMs: 60_000,
      signal: stop.signal,
      onResult: () => undefined,
      onError: () => undefined,
    });
    expect(finished).to.equal(1);
  });
});

describe("canonical JSON", () => {
  it("does not depend on the order of keys, and carries large integers", () => {
    expect(canonicalJson({ b: 1n << 80n, a: [undefined, { d: 1, c: 2 }] })).to.equal(
      '{"a":[null,{"c":2,"d":1}],"b":"1208925819614629174706176"}',
    );
    expect(hashOf({ a: 1, b: 2 })).to.equal(hashOf({ b: 2, a: 1 }));
  });
});
