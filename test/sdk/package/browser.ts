import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";
import { keyOf } from "../../keeper/faults/support/chain.js";
import { bundle } from "./bundle.js";
import type { ServedVault } from "./chain.js";
import type { Project } from "./project.js";
import { EXAMPLES } from "./recipes.js";
import { browserHere, injectWallet, launch } from "./wallet.js";

const PAGE = "http://vault.test/";

/** The cookbook's page in a real browser, bundled from the package as it was installed. */
export function describeBrowser(project: () => Project, served: () => ServedVault): void {
  it("runs in a browser with a wallet: connects, deposits, shows the report", async function () {
    const executable = await browserHere();
    if (executable === null) {
      this.test!.title += " (skipped: npm has no Chromium for this platform; CHROMIUM names one)";
      return this.skip();
    }
    const { deployment, node, fixture } = served();
    const code = readFileSync(path.join(EXAMPLES, "browser/page.mjs"), "utf8");
    const { text, packages } = await bundle(code, project().folder);
    expect(packages).to.include.members(["@crosshedge/sdk", "ethers"]);
    const files: Record<string, [type: string, body: string]> = {
      "/": ["text/html", readFileSync(path.join(EXAMPLES, "browser/index.html"), "utf8")],
      "/page.js": ["text/javascript", text],
      "/31337.json": ["application/json", JSON.stringify(deployment)],
    };
    const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    const browser = await launch(executable);
    try {
      const page = await browser.newPage();
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(error.message));
      await page.route(`${PAGE}**`, (route) => {
        const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ["text/plain", ""];
        return route.fulfill({ contentType, body });
      });
      await page.goto(PAGE);
      await page.click("#connect");
      expect(await page.locator("#status", { hasText: "." }).textContent()).to.contain(
        "No wallet has announced itself.",
      );
      const asked = await injectWallet(page, new Wallet(keyOf("bob"), provider));
      await fixture.world.tokens.USDC.mint(fixture.world.signers.bob, 500_000_000n);
      const before = await fixture.vault.balanceOf(fixture.world.signers.bob);

      await page.goto(PAGE);
      await page.click("#connect");
      await page.locator("#deposit:enabled").waitFor();
      const shown = await page.locator("#report").textContent();
      expect(shown).to.match(/NAV/);
      await page.click("#deposit");
      await page.locator("#status", { hasText: /shares|[.!]/ }).waitFor();
      expect(await page.locator("#status").textContent()).to.match(/^[\d.,]+ shares$/);
      await page.waitForFunction(`document.getElementById("report").textContent !== ${JSON.stringify(shown)}`);
      expect(failures).to.deep.equal([]);
      expect(await fixture.vault.balanceOf(fixture.world.signers.bob)).to.be.above(before);
      expect(asked).to.include.members(["eth_requestAccounts", "eth_signTypedData_v4", "eth_sendTransaction"]);
    } finally {
      await browser.close();
      provider.destroy();
    }
  });
}
