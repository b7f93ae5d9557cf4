import { existsSync, globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { ops, ROOT } from "./files.js";

interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly steps: { readonly word: string; readonly rest: string }[];
}

/** A Dockerfile's stages; comments dropped, continued lines joined. */
function stagesOf(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text.replace(/^\s*#.*\n/gm, "").replace(/\\\n/g, " ");
  for (const line of lines.split("\n").filter((one) => one.trim() !== "")) {
    const [, word, rest] = /^(\w+)\s+(.*)$/.exec(line.trim())!;
    if (word === "FROM") {
      const [from, , name] = rest!.split(/\s+/);
      stages.push({ from: from!, name, steps: [] });
    } else {
      stages.at(-1)!.steps.push({ word: word!, rest: rest! });
    }
  }
  return stages;
}

const STAGES = stagesOf(ops("Dockerfile"));
const last = STAGES.at(-1)!;
const stepsOf = (word: string): string[] => last.steps.filter((step) => step.word === word).map(({ rest }) => rest);
const json = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));

/** Packages that a workspace's sources import. */
function importsOf(folder: string): Set<string> {
  const packages = new Set<string>();
  for (const file of globSync([`${folder}/src/**/*.ts`, `${folder}/bin/*.js`], { cwd: ROOT })) {
    if (file.startsWith("sdk/src/generated/")) continue;
    const { importedFiles } = ts.preProcessFile(readFileSync(path.join(ROOT, file), "utf8"));
    for (const { fileName } of importedFiles.filter(({ fileName }) => !fileName.startsWith("."))) {
      packages.add(
        fileName
          .split("/")
          .slice(0, fileName.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    }
  }
  return packages;
}

describe("the keeper's image", () => {
  it("is made from one version of Node, which is the one of the project", () => {
    const version = json("package.json").devDependencies.node;
    for (const { from } of STAGES) expect(from).to.equal(`node:${version}-slim`);
  });

  it("copies what is there, and from stages that are there", () => {
    for (const { name, steps } of STAGES) {
      for (const { word, rest } of steps.filter((step) => step.word === "COPY" || step.word === "ADD")) {
        expect(word, "COPY alone: it fetches nothing").to.equal("COPY");
        const [, stage] = /--from=(\w+)/.exec(rest) ?? [];
        if (stage !== undefined) {
          expect(STAGES.map((one) => one.name)).to.include(stage);
          continue;
        }
        for (const source of rest.split(/\s+/).slice(0, -1)) {
          expect(existsSync(path.join(ROOT, source)), `${name}: ${source}`).to.equal(true);
        }
      }
    }
  });

  it("installs by the lockfile, and what it runs with is not what it is built with", () => {
    const installs = STAGES.flatMap(({ steps }) => steps).filter(({ rest }) =>
      /\bnpm\b.*\b(ci|install|i)\b/.test(rest),
    );
    expect(installs).to.have.length(2);
    for (const { rest } of installs) expect(rest).to.match(/^npm ci /);
    const dependencies = STAGES.find(({ name }) => name === "dependencies")!;
    expect(dependencies.steps.at(-1)!.rest).to.include("--omit=dev").and.include("--workspace @crosshedge/keeper");
    expect(last.steps.some(({ rest }) => /from=build \S*node_modules/.test(rest))).to.equal(false);
  });

  it("has the types that the contracts' compiler makes", () => {
    expect(stepsOf("COPY")).to.include("--from=build /app/sdk/src/generated/ sdk/src/generated/");
  });

  it("runs as nobody special, in exec form, and asks itself how it is", () => {
    expect(stepsOf("USER")).to.deep.equal(["node"]);
    expect(JSON.parse(stepsOf("ENTRYPOINT")[0]!)).to.deep.equal(["node", "/app/keeper/bin/crosshedge.js"]);
    expect(JSON.parse(stepsOf("CMD")[0]!)).to.deep.equal(["run"]);
    expect(stepsOf("HEALTHCHECK")[0]).to.include("/livez");
    const after = last.steps.findIndex(({ word }) => word === "USER");
    expect(last.steps.slice(after).some(({ word }) => word === "RUN" || word === "COPY")).to.equal(false);
  });

  it("has no secret, and its build is shown none", () => {
    for (const { steps } of STAGES) {
      for (const { word, rest } of steps) {
        expect(word).to.not.equal("ARG");
        if (word === "ENV") expect(rest).to.not.match(/KEY|PASSWORD|SECRET|TOKEN|:\/\//);
      }
    }
    const ignored = ops("Dockerfile.dockerignore").split("\n");
    expect(ignored.find((line) => !line.startsWith("#"))).to.equal("*");
    expect(ignored).to.include.members(["**/node_modules", "**/.env*", "**/*.key", "**/crosshedge-data", "keeper/ops"]);
    for (const allowed of ignored.filter((line) => line.startsWith("!"))) {
      expect(existsSync(path.join(ROOT, allowed.slice(1))), allowed).to.equal(true);
    }
  });

  it("has every package that the program imports: they are dependencies, not only of its development", () => {
    const own = { ...json("keeper/package.json").dependencies, ...json("sdk/package.json").peerDependencies };
    const imported = [...importsOf("keeper"), ...importsOf("sdk")];
    expect(imported).to.include.members(["tsx", "pino", "hono", "ethers"]);
    const missing = imported.filter(
      (name) => !(name in own) && !name.startsWith("node:") && !builtinModules.includes(name),
    );
    expect(missing).to.deep.equal([]);
  });
});
