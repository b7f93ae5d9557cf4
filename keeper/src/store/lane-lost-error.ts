import { KeeperError } from "../errors.js";

/** Somebody else signs for the account now: whatever was about to be written is not. */
export class LaneLostError extends KeeperError {
  constructor(signer: string, chainId: number, term: number) {
    super(
      `The lane of ${signer} on chain ${chainId} was taken over after term ${term}.`,
      "Another keeper has it; this one stands by.",
    );
  }
}
