import { createRequire } from "node:module";
import path from "node:path";
import { CrosshedgeError, decodeError, ERROR_CODES } from "@crosshedge/sdk";
import { expect } from "chai";
import { build } from "esbuild";

interface Copy {
  CrosshedgeError: typeof CrosshedgeError;
  decodeError: typeof decodeError;
}

const source = path.resolve(import.meta.dirname, "../../sdk/src/index.ts");

/** Another copy of the package in this process, as two versions in one tree of dependencies would be. */
async function anotherCopy(): Promise<Copy> {
  const { outputFiles } = await build({
    stdin: { contents: `export { CrosshedgeError, decodeError } from ${JSON.stringify(source)}`, resolveDir: "." },
    ...{ bundle: true, format: "cjs", platform: "node", external: ["ethers"], write: false, logLevel: "silent" },
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports as Copy;
}

describe("sdk: errors of two copies of the package", () => {
  let other: Copy;
  before(async () => {
    other = await anotherCopy();
  });

  it("are told apart from all else by either copy, whichever made them", () => {
    const theirs = new other.CrosshedgeError("SLIPPAGE", "Too little.");
    expect(theirs).not.to.be.instanceOf(CrosshedgeError);
    expect(CrosshedgeError.is(theirs)).to.equal(true);
    expect(CrosshedgeError.is(theirs, "SLIPPAGE")).to.equal(true);
    expect(CrosshedgeError.is(theirs, "NETWORK")).to.equal(false);
    expect(other.CrosshedgeError.is(new CrosshedgeError("SLIPPAGE", "Too little."))).to.equal(true);
    for (const value of [new Error("x"), { code: "SLIPPAGE" }, null, undefined, "SLIPPAGE"]) {
      expect(CrosshedgeError.is(value)).to.equal(false);
    }
  });

  it("pass through the other copy as they are, and stay whole as a cause", () => {
    const theirs = new other.CrosshedgeError("SLIPPAGE", "Too little.");
    expect(decodeError(theirs)).to.equal(theirs);
    expect(theirs.nextStep).to.equal(ERROR_CODES.SLIPPAGE);
    expect(new CrosshedgeError("UNKNOWN", "Around it.", { cause: theirs }).cause).to.equal(theirs);
    expect(other.decodeError(decodeError({ code: 4001 })).code).to.equal("USER_REJECTED");
  });
});
