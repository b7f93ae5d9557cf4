import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The package runs where these do: Node 20 and later, and the browsers of 2022. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  // The DOM only for what Node has too, such as AbortSignal and setTimeout.
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: true,
  // None of Node's globals.
  types: [],
  declaration: true,
  removeComments: false,
  newLine: ts.NewLineKind.LineFeed,
};

/** One file that the compiler made, its path below the sources' folder. */
interface Emitted {
  readonly file: string;
  readonly text: string;
}

/** A compiler's complaints, as it prints them. */
export class CompileError extends Error {
  constructor(diagnostics: readonly ts.Diagnostic[]) {
    const host = {
      getCurrentDirectory: () => process.cwd(),
      getCanonicalFileName: (name: string) => name,
      getNewLine: () => "\n",
    };
    super(ts.formatDiagnostics(diagnostics, host));
  }
}

function emit(sources: string, entries: readonly string[], instead: Readonly<Record<string, string>>): Emitted[] {
  const options = { ...OPTIONS, rootDir: sources, outDir: "/" };
  const host = ts.createCompilerHost(options);
  const replaced = new Map(Object.entries(instead).map(([file, text]) => [path.join(sources, file), text]));
  const readFile = host.readFile.bind(host);
  host.readFile = (file) => replaced.get(path.resolve(file)) ?? readFile(file);
  const program = ts.createProgram(
    entries.map((entry) => path.join(sources, entry)),
    options,
    host,
  );
  const complaints = ts.getPreEmitDiagnostics(program);
  if (complaints.length > 0) throw new CompileError(complaints);
  const emitted: Emitted[] = [];
  program.emit(undefined, (file, text) => emitted.push({ file: file.replace(/^\/+/, ""), text }));
  return emitted.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The same module for `require`: the declarations fit both, as their folder's package.json says what they are. */
function asCommonJs({ file, text }: Emitted): Emitted {
  if (!file.endsWith(".js")) return { file, text };
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: OPTIONS.target!,
      module: ts.ModuleKind.CommonJS,
      newLine: OPTIONS.newLine!,
      allowJs: true,
    },
  });
  if (diagnostics.length > 0) throw new CompileError(diagnostics);
  return { file, text: outputText };
}

function write(folder: string, files: readonly Emitted[]): void {
  for (const { file, text } of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/**
 * Compiles TypeScript modules once, type-checked, into `<out>/esm` and `<out>/cjs`, each with its declarations.
 *
 * @param entries Files below `sources`; what they import comes along
 * @param instead Texts in place of those of files below `sources`
 * @throws {CompileError} Where the sources do not compile
 */
export function compile(
  sources: string,
  entries: readonly string[],
  out: string,
  instead: Readonly<Record<string, string>> = {},
): void {
  const emitted = emit(sources, entries, instead);
  write(path.join(out, "esm"), emitted);
  write(path.join(out, "cjs"), emitted.map(asCommonJs));
}
