import { ErrorFragment } from "ethers";
import { CONTRACT_ERRORS } from "../generated/errors.js";

/** Errors of tokens in a basket, which are no contracts of ours: ERC-2612 as OpenZeppelin has it. */
const TOKEN_ERRORS = `ERC2612ExpiredSignature(uint256 deadline)
ERC2612InvalidSigner(address signer, address owner)`;

let cached: ReadonlyMap<string, ErrorFragment> | undefined;

/** The custom errors of every Crosshedge contract, by selector. */
export function contractErrors(): ReadonlyMap<string, ErrorFragment> {
  cached ??= new Map(
    [CONTRACT_ERRORS, TOKEN_ERRORS]
      .flatMap((text) => text.split("\n"))
      .map((signature) => ErrorFragment.from(`error ${signature}`))
      .map((fragment) => [fragment.selector, fragment]),
  );
  return cached;
}
