import { createRequire } from "node:module";
import path from "node:path";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { runTypeChain } from "typechain";
import { outputTransformers } from "typechain/dist/codegen/outputTransformers/index.js";
import { writeCompactAbis } from "./compact-abi.js";
import { THIRD_PARTY_ARTIFACTS } from "./third-party.js";

/** Where the types of our own contracts go: the SDK owns them, everybody else imports them from it. */
const OWN_TYPES = "sdk/src/generated";
/** Types of the published contracts that the devnet deploys. */
const THIRD_PARTY_TYPES = "scripts/devnet/generated";
/** Types of the devnet's own contracts: apart, as TypeChain mirrors the common path of all files that it is given. */
const DEVNET_TYPES = "scripts/devnet/generated/own";

/** TypeChain writes directory imports, which ESM refuses: name the index file. */
function withIndexFiles(source: string): string {
  return source.replace(
    /^import\s+(.*?)\s+from\s+(['"])(\.[^'"]*)(?<!\.js)\2;?$/gm,
    (_match, names: string, quote: string, from: string) => `import ${names} from ${quote}${from}/index.js${quote};`,
  );
}

async function generate(root: string, outDir: string, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await runTypeChain({
    cwd: root,
    target: "ethers-v6",
    outDir: path.join(root, outDir),
    allFiles: files,
    filesToProcess: files,
    flags: {
      alwaysGenerateOverloads: false,
      discriminateTypes: false,
      tsNocheck: false,
      environment: undefined,
      node16Modules: true,
    },
  });
}

/** A Hardhat plugin: after each build, typed bindings for our contracts and for the third-party ones that we call. */
const plugin: HardhatPlugin = {
  id: "crosshedge-typechain",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async processArtifactsAfterSuccessfulBuild(context, artifacts, _roots, _options) {
          const prettier = outputTransformers.findIndex((transformer) => transformer.name.startsWith("prettier"));
          if (prettier !== -1) outputTransformers.splice(prettier, 1);
          if (!outputTransformers.includes(withIndexFiles)) outputTransformers.push(withIndexFiles);

          const root = context.config.paths.root;
          const resolve = createRequire(import.meta.url).resolve;
          const under = (directory: string) =>
            artifacts.filter((file) => file.includes(path.join("artifacts", directory) + path.sep));
          await generate(root, OWN_TYPES, under("contracts"));
          await writeCompactAbis(path.join(root, OWN_TYPES), under("contracts"));
          await generate(root, DEVNET_TYPES, under("scripts"));
          const thirdParty = Object.values(THIRD_PARTY_ARTIFACTS).map((artifact) => resolve(artifact));
          await generate(root, THIRD_PARTY_TYPES, thirdParty);
        },
      }),
    }),
  },
};

export default plugin;
