import type { AdviceTable } from "./types.js";

const ADDRESS = "Give an address that is not zero.";
const SIGN = "Sign a new permit.";

/** Tokens, permits and roles, as OpenZeppelin's contracts name them. */
export const TOKEN_ADVICE: AdviceTable = {
  ERC20InsufficientBalance: [
    "the sender holds less than the amount",
    "Lower the amount, or fund the account first.",
    "INSUFFICIENT_BALANCE",
  ],
  ERC20InsufficientAllowance: [
    "the spender may not move that much",
    "Approve the exact amount first.",
    "INSUFFICIENT_ALLOWANCE",
  ],
  ERC20InvalidSender: ["tokens cannot come from this address", ADDRESS],
  ERC20InvalidReceiver: ["tokens cannot go to this address", ADDRESS],
  ERC20InvalidApprover: ["this address cannot approve", ADDRESS],
  ERC20InvalidSpender: ["this address cannot be approved", ADDRESS],
  ERC2612ExpiredSignature: ["the permit is too old", SIGN],
  ERC2612InvalidSigner: [
    "the permit was signed by somebody else, or for other values",
    "Sign a new permit with the owner's key.",
  ],
  InvalidAccountNonce: ["the permit was used already, or a later one was", SIGN],
  ECDSAInvalidSignature: ["the signature is none", SIGN],
  ECDSAInvalidSignatureLength: ["the signature has a wrong length", SIGN],
  ECDSAInvalidSignatureS: ["the signature is not in its canonical form", SIGN],
  SafeERC20FailedOperation: ["the token refused the transfer", "Check balance, allowance and the token's own rules."],
  AccessManagedUnauthorized: ["the caller has no role for this", "Send it from the account that has the role."],
  AccessManagedRequiredDelay: ["the call has to be scheduled first", "Schedule it with the authority, and wait."],
  AccessManagedInvalidAuthority: ["the authority is no contract", "Give the authority's address."],
  AccessManagerUnauthorizedAccount: ["the caller lacks the role", "Send it from an account that has it."],
  AccessManagerUnauthorizedCall: ["the caller may not make this call", "Send it from the account that has the role."],
  AccessManagerUnauthorizedCancel: ["the caller may not cancel this", "Let the scheduler or a guardian cancel it."],
  AccessManagerUnauthorizedConsume: ["only the target may use up what was scheduled", "Call `execute` instead."],
  AccessManagerAlreadyScheduled: ["the call is scheduled already", "Wait for it, or cancel it first."],
  AccessManagerNotScheduled: ["the call was not scheduled", "Schedule it first."],
  AccessManagerNotReady: ["the delay of the scheduled call is not over", "Wait, then execute it."],
  AccessManagerExpired: ["the scheduled call waited too long", "Schedule it again."],
  AccessManagerLockedRole: ["this role cannot be changed", "Choose another role."],
  AccessManagerLockedFunction: ["this function cannot be changed", "Choose another function."],
  AccessManagerBadConfirmation: ["the confirmation is not the caller's own address", "Confirm with your own address."],
  AccessManagerInvalidInitialAdmin: ["the first administrator is the zero address", ADDRESS],
};
