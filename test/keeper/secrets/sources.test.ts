import { chmodSync, statSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { Wallet } from "ethers";
import type { SignerConfig } from "../../../keeper/src/operator-config/signer-schema.js";
import { writeKeystore } from "../../../keeper/src/secrets/keystore.js";
import { Redactor } from "../../../keeper/src/secrets/redactor.js";
import { openSigner } from "../../../keeper/src/secrets/signer.js";
import { folder } from "../operator-config/support.js";

const KEY = `0x${"ab12".repeat(16)}`;
const ADDRESS = new Wallet(KEY).address;
const PASSWORD = "correct horse battery";

describe("the key that signs", () => {
  const file = folder();
  const redactor = new Redactor();
  const open = (source: SignerConfig, environment: NodeJS.ProcessEnv = {}) => openSigner(source, environment, redactor);
  const refusal = async (source: SignerConfig, environment: NodeJS.ProcessEnv = {}): Promise<string> => {
    const error = await open(source, environment).then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(KeeperError);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).to.not.match(
      /ab12|hunter2|correct horse/i,
    );
    return (error as Error).message;
  };

  it("comes from the environment, under any name", async () => {
    expect(await (await open({}, { CROSSHEDGE_KEY: KEY.slice(2) })).getAddress()).to.equal(ADDRESS);
    expect(await (await open({ environment: "OTHER" }, { OTHER: ` ${KEY}\n` })).getAddress()).to.equal(ADDRESS);
    expect(await refusal({}, {})).to.include("CROSSHEDGE_KEY");
    expect(await refusal({ environment: "OTHER" }, { CROSSHEDGE_KEY: KEY })).to.include("OTHER");
    expect(await refusal({}, { CROSSHEDGE_KEY: "hunter2" })).to.include("64 hex digits");
    expect(await refusal({}, { CROSSHEDGE_KEY: `${KEY}ab12` })).to.include("64 hex digits");
    expect(await refusal({}, { CROSSHEDGE_KEY: "f".repeat(64) })).to.include("no number of the curve");
  });

  it("comes from a file that not everybody may read", async () => {
    const keyFile = file("key", `${KEY}\n`);
    expect(await (await open({ keyFile })).getAddress()).to.equal(ADDRESS);
    chmodSync(keyFile, 0o640);
    expect(await (await open({ keyFile })).getAddress()).to.equal(ADDRESS);
    chmodSync(keyFile, 0o644);
    expect(await refusal({ keyFile })).to.include(`chmod 600 ${keyFile}`);
    expect(await refusal({ keyFile: file("empty", "") })).to.include("is empty");
    expect(await refusal({ keyFile: "/absent/key" }))
      .to.include("ENOENT")
      .and.include("--key-file");
  });

  it("comes from an encrypted keystore and a password's file", async () => {
    const keystore = path.join(path.dirname(file("password", `${PASSWORD}\n`)), "keeper.json");
    const passwordFile = path.join(path.dirname(keystore), "password");
    await writeKeystore(keystore, new Wallet(KEY), PASSWORD, { scryptN: 1024 });
    expect(statSync(keystore).mode & 0o777).to.equal(0o600);
    expect(await (await open({ keystore: { file: keystore, passwordFile } })).getAddress()).to.equal(ADDRESS);
    const wrong = file("wrong", "hunter2");
    expect(await refusal({ keystore: { file: keystore, passwordFile: wrong } })).to.include("does not open");
    expect(await refusal({ keystore: { file: passwordFile, passwordFile } })).to.include("keys import");
    chmodSync(passwordFile, 0o604);
    expect(await refusal({ keystore: { file: keystore, passwordFile } })).to.include(`chmod 600 ${passwordFile}`);
    const again = await writeKeystore(keystore, new Wallet(KEY), PASSWORD, { scryptN: 1024 }).catch((error) => error);
    expect(again).to.be.instanceOf(KeeperError).with.property("message").that.includes("exists already");
  });

  it("is hidden in every text from then on, in any form", async () => {
    await open({}, { CROSSHEDGE_KEY: KEY });
    redactor.hideUrl("https://u5er-name:pa55-word@node.example/v2/api-t0ken?key=query-token");
    for (const text of [
      `signed by ${KEY}`,
      `${KEY.slice(2).toUpperCase()}!`,
      `{"password":"${PASSWORD}"}`,
      "GET /v2/api-t0ken?key=query-token",
      "api-t0ken pa55-word u5er-name query-token",
      "postgres://keeper:pw@db/x and wss://node.example/x",
    ]) {
      expect(redactor.clean(text)).to.not.match(/ab12|correct horse|-t0ken|-token|pa55|u5er|:pw@|node\.example/i);
    }
    expect(redactor.clean("block 12, nothing to hide")).to.equal("block 12, nothing to hide");
  });

  it("is not in what an account shows when it is looked into", async () => {
    const wallet = await open({}, { CROSSHEDGE_KEY: KEY });
    expect(inspect(wallet, { depth: Number.POSITIVE_INFINITY, showHidden: true })).to.not.match(/ab12ab12/i);
    expect(JSON.stringify(wallet)).to.not.match(/ab12ab12/i);
  });
});
