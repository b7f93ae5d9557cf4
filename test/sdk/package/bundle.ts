import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Code as a browser would get it, minified. */
export interface Bundle {
  readonly text: string;
  /** Bytes, gzipped. */
  readonly size: number;
  /** What of other packages is in it, by the package's name. */
  readonly packages: readonly string[];
  /** What it imports when it is loaded. */
  readonly imports: readonly string[];
}

/**
 * Bundles code for a browser.
 *
 * @param from A folder in which the code's packages are installed
 * @param options.external Packages that whoever loads the bundle brings along
 */
export async function bundle(code: string, from: string, { external = [] as string[] } = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: from },
    ...{ bundle: true, minify: true, format: "esm", platform: "browser", target: "es2022" },
    ...{ write: false, metafile: true, legalComments: "none", logLevel: "silent", external },
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const [{ contents, text } = { contents: new Uint8Array(), text: "" }] = outputFiles;
  const names = inputs.map(([file]) => packageOf(path.resolve(file)));
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return {
    text,
    size: gzipSync(contents, { level: 9 }).length,
    packages: [...new Set(names)].sort(),
    imports: [...new Set(imports)],
  };
}

function packageOf(file: string): string {
  const [, ...after] = file.split(/node_modules[/\\]/);
  return after.at(-1)?.match(/^(@[^/\\]+[/\\])?[^/\\]+/)?.[0] ?? "";
}
