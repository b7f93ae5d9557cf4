import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import typechainPlugin from "./scripts/build/typechain.js";

const require = createRequire(import.meta.url);

/** Below the 2^24 cap of a transaction; a fixed limit spares the ten times slower estimate. */
const GAS_LIMIT = 16_000_000n;

/** Local chains begin before any price history, so that a world can start at any date: time only moves forward. */
const INITIAL_DATE = "2017-01-01T00:00:00Z";

/** Instrumented contracts (`npm run coverage`) are larger than a chain takes. */
const instrumented = process.env.HARDHAT_COVERAGE === "true";

const simulated = {
  type: "edr-simulated",
  chainType: "l1",
  chainId: 31337,
  gas: GAS_LIMIT,
  blockGasLimit: 60_000_000n,
  allowUnlimitedContractSize: instrumented,
} as const;

export default defineConfig({
  plugins: [toolbox, typechainPlugin],
  paths: {
    sources: ["./contracts", "./scripts/devnet/contracts"],
    tests: { mocha: "./test", solidity: "./test/contracts" },
  },
  solidity: {
    compilers: [
      {
        version: "0.8.28",
        path: require.resolve("./scripts/build/solc.cjs"),
        settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
      },
    ],
  },
  typechain: { dontOverrideCompile: true },
  networks: {
    world: { ...simulated, initialDate: INITIAL_DATE },
    second: { ...simulated, initialDate: INITIAL_DATE },
    local: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545", gas: GAS_LIMIT },
  },
  test: {
    mocha: { timeout: 300_000 },
    solidity: {
      fsPermissions: { readDirectory: ["node_modules"], dangerouslyReadWriteDirectory: ["cache/invariants"] },
      gasLimit: 500_000_000n,
      fuzz: { seed: process.env.SEED ?? "0x1234", runs: 256 },
      // Without storage and pushed bytes in the dictionary a seed gives the same calls each time.
      invariant: {
        runs: 200,
        depth: 128,
        failOnRevert: true,
        includeStorage: false,
        includePushBytes: false,
        shrinkRunLimit: 2_000,
        failurePersistDir: "cache/invariants/failures",
      },
    },
  },
});
