import { globSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Hardhat's name for the project's own sources. */
const PROJECT = "project/";

/** A library of nothing but internal functions has code of this many digits at most, which nobody calls. */
const EMPTY_LIBRARY = 220;

const isTest = (source: string): boolean => source.endsWith(".t.sol");

/** What the compiler makes of a contract, as far as an artifact holds it. */
export interface Code {
  bytecode: string;
  deployedBytecode: string;
  linkReferences: unknown;
  deployedLinkReferences: unknown;
}

/** A contract with code of its own, and its artifact. */
export interface Target {
  readonly name: string;
  /** Below the project's folder. */
  readonly source: string;
  readonly artifact: string;
  /** Sources of the libraries that it is linked with. */
  readonly linked: readonly string[];
}

interface BuildInfo {
  input: { sources: Record<string, { content: string }>; settings: { remappings?: string[] } };
}
type Output = { object: string; linkReferences: unknown };
interface SolcOutput {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, { evm: { bytecode: Output; deployedBytecode: Output } }>>;
}
interface Solc {
  compile(input: string, callbacks: { import: (name: string) => { contents: string } | { error: string } }): string;
}

/** The compiler refused: the mutant is no mutant. */
export class CompileError extends Error {}

/**
 * Compiles a few contracts of a built project with one source changed, with the settings of the last build. Much faster than a
 * build: the compiler is loaded once, and makes nothing but the code that is asked for.
 */
export class Compiler {
  readonly #root: string;
  readonly #solc = createRequire(import.meta.url)("solc") as Solc;
  /** Sources of packages; the project's own are read when they are needed. */
  readonly #packages: Record<string, string> = {};
  readonly #settings: Record<string, unknown>;
  readonly #importers = new Map<string, Set<string>>();
  readonly targets: readonly Target[];

  constructor(root: string) {
    this.#root = root;
    const infos = readdirSync(path.join(root, "artifacts/build-info")).filter((name) => !name.includes(".output."));
    const inputs = infos.map((name) => readJson<BuildInfo>(path.join(root, "artifacts/build-info", name)).input);
    if (inputs[0] === undefined) throw new Error(`there is no build in ${root}`);
    for (const { sources } of inputs) {
      for (const [name, { content }] of Object.entries(sources)) this.#packages[name] = content;
    }
    const remappings = [...new Set(inputs.flatMap(({ settings }) => settings.remappings ?? []))];
    this.#settings = { ...inputs[0].settings, remappings };

    const artifacts = globSync("artifacts/{contracts,test,scripts}/**/*.sol/*.json", { cwd: root }).sort();
    this.targets = artifacts.flatMap((artifact) => {
      const { contractName, sourceName, deployedBytecode } = readJson<Record<string, string>>(
        path.join(root, artifact),
      );
      if (contractName === undefined || sourceName === undefined) return [];
      if (deployedBytecode === undefined || deployedBytecode.length < EMPTY_LIBRARY) return [];
      const { linkReferences } = readJson<Pick<Code, "linkReferences">>(path.join(root, artifact));
      const linked = Object.keys(linkReferences as object).map((name) => name.slice(PROJECT.length));
      return [{ name: contractName, source: sourceName, artifact, linked }];
    });
    for (const source of globSync("{contracts,test,scripts}/**/*.sol", { cwd: root, exclude: ["**/generated"] }))
      this.#readImports(source);
  }

  #readImports(source: string): void {
    const text = readFileSync(path.join(this.#root, source), "utf8");
    for (const [, imported] of text.matchAll(/\bimport\b[^"';]*["'](\.[^"']+)["']/g)) {
      const target = path.join(path.dirname(source), imported as string);
      this.#importers.set(target, (this.#importers.get(target) ?? new Set()).add(source));
    }
  }

  #importersOf(source: string): Set<string> {
    const reached = new Set([source]);
    for (const one of reached) for (const importer of this.#importers.get(one) ?? []) reached.add(importer);
    return reached;
  }

  /** Every contract whose code may change with a source, and that a test file runs. */
  targetsOf(source: string, testFile: string): Target[] {
    const changed = this.#importersOf(source);
    return this.targets.filter((target) => changed.has(target.source) && this.#runs(testFile, target.source));
  }

  /**
   * A Solidity test holds the code of all that it makes but of libraries that are linked, unless it asks for artifacts; what a TypeScript
   * test makes is not known.
   */
  #runs(testFile: string, source: string): boolean {
    if (isTest(source)) return source === testFile;
    if (isTest(testFile)) return this.#links(testFile, source) || this.#asksForArtifacts(testFile);
    return source.startsWith("contracts/") || ![...this.#importersOf(source)].some(isTest);
  }

  #links(testFile: string, library: string): boolean {
    return this.targets.some((target) => target.source === testFile && target.linked.includes(library));
  }

  #asksForArtifacts(testFile: string): boolean {
    const asking = [...this.#importers.keys(), testFile].filter((source) => this.#importersOf(source).has(testFile));
    return asking.some((source) => readFileSync(path.join(this.#root, source), "utf8").includes(".getCode("));
  }

  /** The code of contracts, in their order, as if `source` were `text`. */
  compile(targets: readonly Target[], source: string, text: string): Code[] {
    if (targets.length === 0) return [];
    const read = (name: string): string => {
      if (!name.startsWith(PROJECT)) return this.#packages[name] ?? fail(`no source ${name}`);
      const own = name.slice(PROJECT.length);
      return own === source ? text : readFileSync(path.join(this.#root, own), "utf8");
    };
    const roots = [...new Set(targets.map((target) => PROJECT + target.source))];
    const wanted = ["evm.bytecode.object", "evm.bytecode.linkReferences"];
    const deployed = ["evm.deployedBytecode.object", "evm.deployedBytecode.linkReferences"];
    const outputSelection: Record<string, Record<string, string[]>> = {};
    for (const target of targets) {
      const contracts = outputSelection[PROJECT + target.source] ?? {};
      contracts[target.name] = [...wanted, ...deployed];
      outputSelection[PROJECT + target.source] = contracts;
    }
    const input = {
      language: "Solidity",
      sources: Object.fromEntries(roots.map((name) => [name, { content: read(name) }])),
      settings: { ...this.#settings, outputSelection },
    };
    const answer = this.#solc.compile(JSON.stringify(input), { import: (name) => ({ contents: read(name) }) });
    const { errors = [], contracts } = JSON.parse(answer) as SolcOutput;
    const error = errors.find(({ severity }) => severity === "error");
    if (error !== undefined) throw new CompileError(error.formattedMessage);
    return targets.map(({ source: file, name }) => {
      const { bytecode, deployedBytecode } = contracts?.[PROJECT + file]?.[name]?.evm ?? fail(`no code of ${name}`);
      return {
        bytecode: `0x${bytecode.object}`,
        deployedBytecode: `0x${deployedBytecode.object}`,
        linkReferences: bytecode.linkReferences,
        deployedLinkReferences: deployedBytecode.linkReferences,
      };
    });
  }
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

function fail(message: string): never {
  throw new Error(message);
}
