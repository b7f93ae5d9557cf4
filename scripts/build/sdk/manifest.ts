import path from "node:path";

/** What the package's own manifest says in the workspace, as far as it is published. */
export interface Source {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords?: readonly string[];
  readonly engines: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  /** By entry: "." or "./name", the source. */
  readonly exports: Record<string, string>;
}

/** The module of an entry, without folder and extension. */
export const moduleOf = (source: string): string => source.replace(/^\.\/src\//, "").replace(/\.ts$/, "");

/** The only module that does something when it is imported: bundlers keep it where anything that is used imports it. */
const sideEffectsOf = (...folders: readonly string[]): string[] =>
  folders.map((folder) => `./${path.posix.join(folder, "errors/allErrors.js")}`);

const filesOf = (folder: string, module: string) => ({
  types: `./${folder}/${module}.d.ts`,
  default: `./${folder}/${module}.js`,
});

/** The manifest that is published. */
export function manifestOf({
  name,
  version,
  description,
  license,
  keywords,
  engines,
  peerDependencies,
  ...source
}: Source) {
  const entries = Object.entries(source.exports).map(([entry, file]) => [entry, moduleOf(file)] as const);
  const main = moduleOf(source.exports["."]!);
  return {
    ...{
      name,
      version,
      description,
      license,
      ...(keywords && { keywords }),
      type: "module",
      sideEffects: sideEffectsOf("esm", "cjs"),
    },
    ...{ engines, peerDependencies },
    exports: {
      ...Object.fromEntries(
        entries.map(([entry, module]) => [entry, { import: filesOf("esm", module), require: filesOf("cjs", module) }]),
      ),
      "./package.json": "./package.json",
    },
    // For resolvers that do not know `exports`.
    ...{ main: `./cjs/${main}.js`, module: `./esm/${main}.js`, types: `./cjs/${main}.d.ts` },
  };
}

/** What says of the folder's modules that they are CommonJS. */
export const COMMONJS = { type: "commonjs", sideEffects: sideEffectsOf(".") };

/** Manifests of further entries for resolvers that do not know `exports`, by folder. */
export function foldersOf({ exports }: Source): Record<string, object> {
  const further = Object.entries(exports).filter(([entry]) => entry !== ".");
  return Object.fromEntries(
    further.map(([entry, file]) => {
      const { types, default: main } = filesOf("cjs", moduleOf(file));
      return [entry.slice(2), { main: `.${main}`, types: `.${types}`, sideEffects: false }];
    }),
  );
}
