import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { ServedVault } from "./chain.js";
import { type Project, write } from "./project.js";
import { BLOCKS, EXAMPLES, exampleFiles, sectionOf, shapeOf } from "./recipes.js";

/** The section with the integrator's scenario, whose commands are run as they are written. */
export const SCENARIO = "From an empty folder to a report";
const PAGE = /^browser\//;

const commandsOf = (section: string): string[] => sectionOf(section).commands.trim().split("\n");

/** Installs the package as the cookbook says. */
export async function installAsWritten(project: Project): Promise<void> {
  for (const command of commandsOf(SCENARIO).filter((each) => each.startsWith("npm "))) await project.run(command);
}

/** The cookbook: what it shows is what is run, from the installed package. */
export function describeCookbook(project: () => Project, served: () => ServedVault): void {
  const run = (command: string) => project().run(command, { env: { RPC_URL: served().node.url } });

  before(() => {
    cpSync(EXAMPLES, project().folder, { recursive: true, filter: (source) => !source.endsWith(".ts") });
    write(project(), "31337.json", JSON.stringify(served().deployment));
  });

  it("shows every recipe's file as it is", () => {
    const files = BLOCKS.filter(({ file }) => file !== "");
    for (const { file, text } of files) expect(text, file).to.equal(readFileSync(path.join(EXAMPLES, file), "utf8"));
    expect(files.map(({ file }) => file).sort()).to.deep.equal(exampleFiles());
  });

  it("takes an integrator from the tarball to a printed report, as written", async () => {
    const { files, output } = sectionOf(SCENARIO);
    for (const { file, text } of files) write(project(), file, text);
    const commands = commandsOf(SCENARIO).filter((command) => !command.startsWith("npm "));
    expect(commands).to.have.length.above(0);
    expect(shapeOf(await run(commands.join(" && ")))).to.equal(shapeOf(output));
  });

  const others = [...new Set(BLOCKS.map(({ section }) => section))].filter((section) => section !== SCENARIO);
  for (const section of others.filter((each) => sectionOf(each).files.every(({ file }) => !PAGE.test(file)))) {
    const { commands, output } = sectionOf(section);
    if (commands === "") continue;
    it(`prints what it says: ${section}`, async () => {
      const stop = served().keep();
      try {
        expect(shapeOf(await run(commands.trim().split("\n").join(" && ")))).to.equal(shapeOf(output));
      } finally {
        await stop();
      }
    });
  }
}
