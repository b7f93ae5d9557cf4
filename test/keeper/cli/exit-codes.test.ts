import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { KeeperError, WrongSettingError } from "../../../keeper/src/errors.js";
import { endingOf, exitCodeOf } from "../../../keeper/src/exit-codes.js";
import { NoAnswerError } from "../../../keeper/src/lane/no-answer-error.js";
import type { LaneReasonCode } from "../../../keeper/src/lane/reasons.js";
import { faultOf } from "../../../keeper/src/rpc/fault.js";
import { NodesDisagreeError } from "../../../keeper/src/rpc/nodes-disagree-error.js";
import { RpcError } from "../../../keeper/src/rpc/rpc-error.js";
import { LaneLostError } from "../../../keeper/src/store/lane-lost-error.js";
import { StorageError } from "../../../keeper/src/store/storage-error.js";
import { WrongTargetError } from "../../../keeper/src/store/targets.js";
import { cli } from "./support.js";

describe("what a command ends with", () => {
  const away = new RpcError(faultOf("unavailable", "no answer"));
  const again: readonly Error[] = [
    away,
    new NoAnswerError(away),
    new NodesDisagreeError("eth_call", ["rpc[0]", "rpc[1]"]),
    new LaneLostError("0xa1", 1, 2),
    new StorageError(new Error("connection refused")),
  ];
  for (const error of again) {
    it(`is 75 for ${error.constructor.name}: another start may help`, () => {
      expect(endingOf(error).code).to.equal(75);
    });
  }

  for (const error of [
    new WrongSettingError("The key is none.", "Give 64 hex digits."),
    new WrongTargetError("Another."),
  ]) {
    it(`is 78 for ${error.constructor.name}: no start helps before it is corrected`, () => {
      expect(endingOf(error).code).to.equal(78);
    });
  }

  it("tells whoever starts ticks that one could not send: 75 what may pass, 1 what may not", () => {
    const code = (reason: LaneReasonCode) => exitCodeOf({ reason: { code: reason, message: "" } });
    for (const reason of ["feeAboveCap", "foreignPending", "laneBusy", "unreachable"] as const)
      expect(code(reason), reason).to.equal(75);
    for (const reason of ["outOfGas", "legacyChain", "refused"] as const) expect(code(reason), reason).to.equal(1);
    for (const reason of ["notWanted", "deadlinePast", "watchOver"] as const) expect(code(reason), reason).to.equal(0);
    expect([exitCodeOf(null), exitCodeOf({ reason: null })]).to.deep.equal([0, 0]);
  });

  it("is 78 for a wrong option, file or key of the program itself", async () => {
    expect((await cli(["run", "--no-such"])).code).to.equal(78);
    expect((await cli(["run", "--config", "/not/there.yml"])).code).to.equal(78);
    const chain = ["--rpc", "http://127.0.0.1:9", "--vault", `0x${"a1".repeat(20)}`];
    const { code, errors } = await cli(["run", ...chain], { CROSSHEDGE_KEY: "0x12" });
    expect(code, errors).to.equal(78);
    expect((await cli(["--help"])).code).to.equal(0);
  });

  it("is 1 for an error that nobody caught, whose text has no address of a node in it", () => {
    const main = new URL("../../../keeper/src/cli/main.ts", import.meta.url).href;
    for (const thrown of ["setTimeout(() => { throw error; })", "void Promise.reject(error)"]) {
      const code = `process.argv[1] = "crosshedge"; process.argv.push("config"); await import("${main}");
        const error = new Error("no answer of https://node.example/v2/0a1b2c3d4e5f"); ${thrown}`;
      const words = ["--import", "tsx", "--input-type=module", "-e", code];
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
      expect(status, stderr).to.equal(1);
      expect(stderr).to.include("was not caught: Error: no answer of").and.not.include("0a1b2c3d4e5f");
    }
  }).timeout(30_000);

  it("is 1 for what failed otherwise", () => {
    expect(endingOf(new KeeperError("It is no journal.", "Name another folder.")).code).to.equal(1);
    expect(endingOf(new TypeError("unexpected")).code).to.equal(1);
  });
});
