import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Commands of our own; the rest of the scripts are other packages'. */
const OWN = Object.entries(scripts).filter(([, script]) => /^node --import tsx \S+$/.test(script));
/** Its commands have options of their own, which its tests look at. */
const KEEPER = "keeper";

/** Options that the documents give a command: in its call, or in its row of a table. */
function documented(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync(["*.md", "docs/*.md"], { cwd: ROOT })) {
    for (const line of read(file).split("\n")) {
      for (const [, command = "", rest = ""] of line.matchAll(/`?npm (?:run )?([\w:]+)(?: -- ([^`]*))?/g)) {
        const row = line.startsWith(`| \`npm run ${command}`)
          ? [...line.matchAll(/`-- ([^`]*)`/g)].map(([, of]) => of)
          : [];
        const options = [rest, ...row].join(" ").match(/(?<![\w-])--[a-z][\w-]*/g) ?? [];
        found.set(command, new Set([...(found.get(command) ?? []), ...options]));
      }
    }
  }
  return found;
}

function helpOf(script: string): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const [, ...args] = script.split(" ");
    const child = spawn(process.execPath, [...args, "--help"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

describe("the help of commands", () => {
  const options = documented();

  it("is looked for: the documents name options", () => {
    expect(OWN.map(([name]) => name)).to.include.members(["start", "devnet", "coverage", "bench", KEEPER]);
    expect([...options.get("coverage")!]).to.include("--fresh");
    expect([...options.get("start")!]).to.include.members(["--hedge", "--pool"]);
  });

  for (const [name, script] of OWN) {
    it(`npm run ${name} -- --help says what it does, and has every option of the documents`, async () => {
      const { code, text } = await helpOf(script);
      expect(code, text).to.equal(0);
      expect(text).to.match(/^Usage: .+\n\n\S.+\n/);
      if (name === KEEPER) return;
      for (const option of options.get(name) ?? []) expect(text).to.contain(option);
    });
  }
});
