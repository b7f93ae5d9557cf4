import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.resolve(import.meta.dirname, "../..");

describe("sdk: the reference", () => {
  it("is made without a warning: whatever is exported is documented, and so is what it refers to", () => {
    const out = mkdtempSync(path.join(tmpdir(), "crosshedge-reference-"));
    const typedoc = path.join(ROOT, "node_modules/.bin/typedoc");
    try {
      // Its configuration makes an error of any warning.
      execFileSync(typedoc, ["--options", "sdk/typedoc.json", "--out", out], { cwd: ROOT, encoding: "utf8" });
      expect(existsSync(path.join(out, "classes/CrosshedgeVault.html"))).to.equal(true);
    } catch (caught) {
      const { stdout = "", stderr = "" } = caught as { stdout?: string; stderr?: string };
      throw new Error(`${stdout}${stderr}` || String(caught));
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
