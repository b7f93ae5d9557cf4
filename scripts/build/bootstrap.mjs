// Makes the tree ready to run: dependencies, then artifacts and generated types. Quiet when nothing is to be done.
// Plain JavaScript without imports from node_modules, because it runs first, on whatever Node (18 or later) is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST_NODE = [22, 13];
/** Whatever the build reads. */
const BUILD_SOURCES = [
  "contracts",
  "scripts/devnet/contracts",
  "test/contracts",
  "hardhat.config.ts",
  "scripts/build/typechain.ts",
  "scripts/build/compact-abi.ts",
  "scripts/build/third-party.ts",
  "package-lock.json",
];
/** Whatever the build writes and git ignores. */
const BUILD_RESULTS = [
  "artifacts",
  "sdk/src/generated/index.ts",
  "sdk/src/generated/abi.ts",
  "scripts/devnet/generated/index.ts",
];
const BUILD_STAMP = "cache/bootstrap.json";

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Why the installed packages are not those of the lockfile; undefined if they are.
 * npm writes node_modules/.package-lock.json last, so an interrupted install has none and is tried again.
 */
export function whyInstall(root) {
  const installed = readJson(path.join(root, "node_modules/.package-lock.json"))?.packages;
  if (installed === undefined) return "dependencies are not installed";
  const wanted = readJson(path.join(root, "package-lock.json"))?.packages ?? {};
  for (const [place, { version, integrity, link, optional }] of Object.entries(wanted)) {
    if (!place.includes("node_modules/")) continue;
    const found = installed[place];
    if (found === undefined && optional) continue; // made for another platform
    if (found?.version !== version || found?.integrity !== integrity || found?.link !== link) {
      return `${place.replace(/^.*node_modules\//, "")} differs from package-lock.json`;
    }
  }
  if (!existsSync(path.join(root, "node_modules/.bin/node"))) return "Node 24 is missing";
  const native = path.join(root, "node_modules/@nomicfoundation");
  if (!existsSync(native) || !readdirSync(native).some((name) => name.startsWith("edr-"))) {
    return "Hardhat's native package is missing (npm leaves it out under an old Node)";
  }
  return undefined;
}

function hashTree(hash, root, place) {
  const full = path.join(root, place);
  if (!existsSync(full)) return;
  let entries;
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch {
    hash.update(place).update("\0").update(readFileSync(full)).update("\0");
    return;
  }
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) hashTree(hash, root, `${place}/${name}`);
}

/** A fingerprint of everything that the build depends on. */
export function sourcesHash(root) {
  const hash = createHash("sha256");
  for (const place of BUILD_SOURCES) hashTree(hash, root, place);
  return hash.digest("hex");
}

/** Why the build's results are not those of the sources; undefined if they are. */
export function whyBuild(root, hash) {
  for (const result of BUILD_RESULTS) {
    if (!existsSync(path.join(root, result))) return `${result} is missing`;
  }
  return readJson(path.join(root, BUILD_STAMP))?.sources === hash ? undefined : "sources changed";
}

function run(command, args, options) {
  const { status, signal, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${signal ?? `exit code ${status}`}`);
}

function install(root) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const modern = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const ours = process.execPath.startsWith(path.join(root, "node_modules") + path.sep);
  if (modern && !ours) {
    run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
    return;
  }
  // npm itself must run under a modern Node, or it skips Hardhat's native package; and not under the copy inside
  // node_modules, which `npm ci` deletes first. Outside the project npx cannot pick that copy.
  const wanted = readJson(path.join(root, "package.json")).devDependencies.node;
  const env = { ...process.env, CROSSHEDGE_ROOT: root };
  for (const name of ["npm_config_local_prefix", "npm_config_prefix"]) delete env[name];
  env.PATH = env.PATH.split(path.delimiter)
    .filter((part) => !part.startsWith(path.join(root, "node_modules")))
    .join(path.delimiter);
  const script = 'cd "$CROSSHEDGE_ROOT" && node "$npm_execpath" ci --no-audit --no-fund';
  run("npx", ["--yes", "-p", `node@${wanted}`, "-c", script], { cwd: tmpdir(), env });
}

function build(root, hash) {
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: bin + path.delimiter + process.env.PATH };
  const stamp = path.join(root, BUILD_STAMP);
  rmSync(stamp, { force: true });
  run(path.join(bin, "hardhat"), ["build"], { cwd: root, env });
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${JSON.stringify({ sources: hash })}\n`);
}

export function bootstrap(root, { buildToo }) {
  const installReason = whyInstall(root);
  if (installReason !== undefined) {
    console.log(`crosshedge: ${installReason}: installing (about half a minute)`);
    install(root);
    const still = whyInstall(root);
    if (still !== undefined) throw new Error(`after the install, ${still}`);
  }
  if (!buildToo) return;
  const hash = sourcesHash(root);
  const buildReason = whyBuild(root, hash);
  if (buildReason !== undefined) {
    console.log(`crosshedge: ${buildReason}: building`);
    build(root, hash);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    bootstrap(path.resolve(fileURLToPath(import.meta.url), "../../.."), {
      buildToo: !process.argv.includes("--install-only"),
    });
  } catch (error) {
    console.error(`crosshedge: ${error.message}`);
    process.exitCode = 1;
  }
}
