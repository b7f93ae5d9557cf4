import { type ErrorFragment, Interface, type InterfaceAbi } from "ethers";
import * as generated from "../generated/index.js";

/** Errors of tokens in a basket, which are no contracts of ours: ERC-6093 and ERC-2612. */
const TOKEN_ERRORS = [
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error ERC20InvalidSender(address sender)",
  "error ERC20InvalidReceiver(address receiver)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InvalidApprover(address approver)",
  "error ERC20InvalidSpender(address spender)",
  "error ERC2612ExpiredSignature(uint256 deadline)",
  "error ERC2612InvalidSigner(address signer, address owner)",
  "error SafeERC20FailedOperation(address token)",
];

let cached: ReadonlyMap<string, ErrorFragment> | undefined;

function* abis(): Generator<InterfaceAbi> {
  yield TOKEN_ERRORS;
  for (const [name, factory] of Object.entries(generated)) {
    if (name.endsWith("__factory") && "abi" in factory) yield factory.abi as unknown as InterfaceAbi;
  }
}

/** The custom errors of every Crosshedge contract, by selector. */
export function contractErrors(): ReadonlyMap<string, ErrorFragment> {
  if (cached === undefined) {
    const found = new Map<string, ErrorFragment>();
    for (const abi of abis()) {
      new Interface(abi).forEachError((fragment) => found.set(fragment.selector, fragment));
    }
    cached = found;
  }
  return cached;
}
