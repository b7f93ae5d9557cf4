import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { getAddress, Wallet } from "ethers";
import { createLogger } from "../../../keeper/src/cli/log.js";
import { Redactor } from "../../../keeper/src/secrets/redactor.js";
import { faultsOf, folder, GOOD } from "../operator-config/support.js";
import { cli } from "./support.js";

const KEY = `0x${"ab12".repeat(16)}`;
const ADDRESS = new Wallet(KEY).address;
const PASSWORD = "correct horse battery";

describe("crosshedge for its operator", function () {
  this.timeout(60_000);
  const file = folder();

  it("explains every command, and the exit codes", async () => {
    const { code, out } = await cli(["--help"]);
    expect(code).to.equal(0);
    expect(out).to.match(/Exit codes: 0 .* 1 .* 75 /s);
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).filter((name) => name !== "help");
    expect(commands).to.include.members([
      "run",
      "tick",
      "plan",
      "explain",
      "replay",
      "shadow",
      "journal",
      "pause",
      "resume",
      "keys",
      "doctor",
      "config",
    ]);
    for (const command of commands) {
      const { code: end, out: help } = await cli([command, "--help"]);
      expect(end, command).to.equal(0);
      expect(help, command).to.include(`Usage: crosshedge ${command}`);
    }
    for (const words of [
      ["journal", "ls"],
      ["journal", "repair"],
      ["keys", "import"],
    ]) {
      expect((await cli([...words, "--help"])).out).to.include(`Usage: crosshedge ${words.join(" ")}`);
    }
  });

  it("shows examples of addresses in its help as they are", async () => {
    expect((await cli(["run", "--help"])).out)
      .to.include("http://127.0.0.1:8545")
      .and.include("postgres://");
  });

  it("says what is missing, and what to do, without a stack", async () => {
    for (const [words, said] of [
      [["plan"], "Give its address with --vault"],
      [["tick", "--vault", ADDRESS, "--storage", "memory"], "CROSSHEDGE_KEY"],
      [["tick", "--vault", "main"], 'no vault called "main"'],
      [["tick", "--config", "/absent.yaml"], "Name a readable file with --config"],
      [["pause", "main"], "--reason"],
      [["tik"], "Did you mean tick"],
      [["journal", "ls", "--limit", "none", "--storage", "memory"], "whole number"],
    ] as const) {
      const { code, out, errors } = await cli(words);
      expect(code, words.join(" ")).to.equal(1);
      expect(errors)
        .to.include(said)
        .and.not.match(/\n {4}at /);
      expect(out).to.equal("");
    }
  });

  it("encrypts a key that is piped in, for its owner alone, and overwrites nothing", async () => {
    const passwordFile = file("password", `${PASSWORD}\n`);
    const keystore = path.join(path.dirname(passwordFile), "keeper.json");
    const words = ["keys", "import", "--keystore", keystore, "--password-file", passwordFile];
    const { code, out, said } = await cli(words, {}, `${KEY.slice(2)}\n`);
    expect(code, said).to.equal(0);
    expect(out.trim()).to.equal(ADDRESS);
    expect(statSync(keystore).mode & 0o777).to.equal(0o600);
    const before = readFileSync(keystore, "utf8");
    const again = await cli(words, {}, KEY);
    expect(again.code).to.equal(1);
    expect(again.errors).to.include("exists already");
    expect(readFileSync(keystore, "utf8")).to.equal(before);

    const config = file(
      "keys.yaml",
      `signer: { keystore: { file: "${keystore}", passwordFile: "${passwordFile}" } }\n`,
    );
    const shown = await cli(["keys", "show", "--config", config]);
    expect(shown.out).to.include(ADDRESS).and.include("keeper.json");
    expect(said + again.said + shown.said).to.not.match(/ab12ab12|correct horse/i);
  });

  it("makes a key of its own", async () => {
    const passwordFile = file("password2", PASSWORD);
    const keystore = path.join(path.dirname(passwordFile), "new.json");
    const { out } = await cli(["keys", "new", "--keystore", keystore, "--password-file", passwordFile]);
    const { address } = JSON.parse(readFileSync(keystore, "utf8"));
    expect(getAddress(address)).to.equal(out.trim());
  });

  it("writes no keystore where something is wrong", async () => {
    const passwordFile = file("password3", PASSWORD);
    const keystore = path.join(path.dirname(passwordFile), "none.json");
    const words = ["keys", "import", "--keystore", keystore];
    const garbage = await cli([...words, "--password-file", passwordFile], {}, "hunter2-is-no-key");
    expect(garbage.errors).to.include("64 hex digits").and.not.include("hunter2");
    expect((await cli([...words, "--password-file", passwordFile], {}, "")).errors).to.include("64 hex digits");
    expect((await cli(words, {}, KEY)).errors).to.include("--password-file");
    chmodSync(passwordFile, 0o644);
    expect((await cli([...words, "--password-file", passwordFile], {}, KEY)).errors).to.include("chmod 600");
    expect(
      (await cli(["keys", "import", KEY, "--keystore", keystore, "--password-file", passwordFile])).errors,
    ).to.not.include(KEY);
    expect(existsSync(keystore)).to.equal(false);
  });

  it("shows the configuration that counts, without secrets", async () => {
    const config = file("good.yaml", GOOD);
    const variables = { CROSSHEDGE_STORAGE: "postgres://keeper:db-secret@db/x", CROSSHEDGE_KEY: KEY };
    const { code, out, said } = await cli(
      ["config", "--config", config, "--set", "keeper.hedge.riskAversion=70"],
      variables,
    );
    expect(code, said).to.equal(0);
    expect(out).to.include("riskAversion: 70").and.include("<redacted>").and.include("CROSSHEDGE_KEY");
    expect(said).to.not.match(/secret|ab12ab12|one\.example/);
    const wrong = await cli(["config", "--config", config, "--set", "keeper.hedge.riskAversion=much"]);
    expect(wrong.code).to.equal(1);
    expect(wrong.errors).to.include(faultsOf(GOOD, {}, { set: ["keeper.hedge.riskAversion=much"] }));
  });

  it("logs neither keys nor addresses of nodes", () => {
    let out = "";
    const redactor = new Redactor();
    redactor.hide(KEY);
    const write = (text: string): void => {
      out += text;
    };
    const logger = createLogger("info", redactor, { write });
    logger.info(
      { rpc: "https://node/k", key: KEY, inner: { privateKey: KEY }, error: new Error(`cannot sign with ${KEY}`) },
      `sent ${KEY} to https://node.example/v2/token`,
    );
    expect(out).to.not.include(KEY.slice(2)).and.not.include("token").and.not.include("node.example");
  });
});
