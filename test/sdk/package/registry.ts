import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** Where the packages are that an outsider's project gets, those that ethers has of its own first. */
const PLACES = ["node_modules/ethers/node_modules", "node_modules"].map((place) => path.join(ROOT, place));

/** A package registry of this machine: it has what is installed here, so that nothing is asked of the network. */
export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

type Manifest = { readonly version: string };

/** By version. */
function installed(name: string): Map<string, { folder: string; manifest: Manifest }> {
  const folders = PLACES.map((place) => path.join(place, name)).filter((folder) =>
    existsSync(`${folder}/package.json`),
  );
  return new Map(
    folders.reverse().map((folder) => {
      const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;
      return [manifest.version, { folder, manifest }];
    }),
  );
}

/** A tarball as npm takes it: whatever its first folder is called. */
function tarballOf(folder: string): Buffer {
  return execFileSync("tar", ["-c", "--exclude=./node_modules", "-C", folder, "."], { maxBuffer: 2 ** 28 });
}

function answer(url: URL, origin: string): Buffer | string | undefined {
  const [name = "", version] = decodeURIComponent(url.pathname.slice(1)).split("/-/");
  const versions = installed(name);
  if (version !== undefined) return versions.has(version) ? tarballOf(versions.get(version)!.folder) : undefined;
  if (versions.size === 0) return undefined;
  const described = [...versions].map(([each, { manifest }]) => [
    each,
    { ...manifest, dist: { tarball: `${origin}/${name}/-/${each}` } },
  ]);
  return JSON.stringify({
    name,
    "dist-tags": { latest: [...versions.keys()].at(-1) },
    versions: Object.fromEntries(described),
  });
}

/** Serves what is installed in this repository to npm. */
export async function serveRegistry(): Promise<Registry> {
  const server: Server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    const body = answer(new URL(request.url ?? "/", origin), origin);
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
