import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Fixture } from "../../support/fixture.js";
import type { ServedVault } from "./chain.js";
import { type Project, write } from "./project.js";
import { BLOCKS, EXAMPLES, exampleFiles, sectionOf, shapeOf } from "./recipes.js";

/** The section with the integrator's scenario, whose commands are run as they are written. */
export const SCENARIO = "From an empty folder to a report";
const PAGE = /^browser\//;

/** What has happened to the world in a section, and how it is undone. */
const CIRCUMSTANCES: Record<string, (f: Fixture) => Promise<() => Promise<unknown>>> = {
  "Leave while a venue does not pay": async ({ world: { perp, signers } }) => {
    const venue = perp.clearingHouse.connect(signers.deployer);
    await venue.pause();
    return () => venue.unpause();
  },
};

/** Brings about what a section is about; gives what ends it. Whatever is asked for in the queue is settled meanwhile. */
export async function circumstancesOf(section: string, served: ServedVault): Promise<() => Promise<void>> {
  const undo = await CIRCUMSTANCES[section]?.(served.fixture);
  const stop = served.keep();
  return async () => {
    await stop();
    await undo?.();
  };
}

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
      const stop = await circumstancesOf(section, served());
      try {
        expect(shapeOf(await run(commands.trim().split("\n").join(" && ")))).to.equal(shapeOf(output));
      } finally {
        await stop();
      }
    });
  }
}
