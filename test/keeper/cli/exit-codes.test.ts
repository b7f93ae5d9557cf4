import { expect } from "chai";
import { endingOf } from "../../../keeper/src/cli/exit-codes.js";
import { KeeperError } from "../../../keeper/src/errors.js";
import { NoAnswerError } from "../../../keeper/src/lane/no-answer-error.js";
import { faultOf } from "../../../keeper/src/rpc/fault.js";
import { NodesDisagreeError } from "../../../keeper/src/rpc/nodes-disagree-error.js";
import { RpcError } from "../../../keeper/src/rpc/rpc-error.js";
import { LaneLostError } from "../../../keeper/src/store/lane-lost-error.js";
import { StorageError } from "../../../keeper/src/store/storage-error.js";

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

  it("is 1 for what has to be corrected", () => {
    expect(endingOf(new KeeperError("The key is not a private key.", "Give 64 hex digits.")).code).to.equal(1);
    expect(endingOf(new TypeError("unexpected")).code).to.equal(1);
  });
});
