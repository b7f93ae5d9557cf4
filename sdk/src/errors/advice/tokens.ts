import type { AdviceTable } from "./types.js";

const ADDRESS = "Give an address that is not zero.";
const ROLE = "Send it from the account that has the role.";
const BAD_ADDRESS = ["the token cannot take this address", ADDRESS] as const;
const SIGN = "Sign a new permit.";
const BAD_SIGNATURE = ["the signature is not a valid one", SIGN] as const;
/** The error's own name says which. */
const AUTHORITY = ["the authority refuses", "Look at its roles, delays and scheduled calls: `readAuthority`."] as const;
const NAME = ["the name is too long", "Choose a shorter one."] as const;

/** Tokens, permits and roles, as OpenZeppelin's contracts name them. */
export const TOKEN_ADVICE: AdviceTable = {
  "ERC20InsufficientBalance(address sender, uint balance, uint needed)": [
    "the sender holds less than the amount",
    "Lower the amount, or fund the account first.",
    "INSUFFICIENT_BALANCE",
  ],
  "ERC20InsufficientAllowance(address spender, uint allowance, uint needed)": [
    "the spender may not move that much",
    "Approve the exact amount first.",
    "INSUFFICIENT_ALLOWANCE",
  ],
  "ERC20InvalidSender(address sender)": BAD_ADDRESS,
  "ERC20InvalidReceiver(address receiver)": BAD_ADDRESS,
  "ERC20InvalidApprover(address approver)": BAD_ADDRESS,
  "ERC20InvalidSpender(address spender)": BAD_ADDRESS,
  "ERC2612ExpiredSignature(uint deadline)": ["the permit is too old", SIGN],
  "ERC2612InvalidSigner(address signer, address owner)": [
    "the permit was signed by somebody else, or for other values",
    SIGN,
  ],
  "InvalidAccountNonce(address account, uint currentNonce)": ["the permit was used already, or a later one was", SIGN],
  "ECDSAInvalidSignature()": BAD_SIGNATURE,
  "ECDSAInvalidSignatureLength(uint length)": BAD_SIGNATURE,
  "ECDSAInvalidSignatureS(bytes32 s)": BAD_SIGNATURE,
  "SafeERC20FailedOperation(address token)": [
    "the token refused the transfer",
    "Check balance, allowance and the token's own rules.",
  ],
  "AccessManagedUnauthorized(address caller)": ["the caller has no role for this", ROLE],
  "AccessManagedRequiredDelay(address caller, uint32 delay)": [
    "the call has to be scheduled first",
    "Schedule it with the authority, and wait.",
  ],
  "AccessManagedInvalidAuthority(address authority)": AUTHORITY,
  "AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)": ["the caller lacks the role", ROLE],
  "AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)": [
    "the caller may not make this call",
    ROLE,
  ],
  "AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector)": AUTHORITY,
  "AccessManagerUnauthorizedConsume(address target)": AUTHORITY,
  "AccessManagerAlreadyScheduled(bytes32 operationId)": AUTHORITY,
  "AccessManagerNotScheduled(bytes32 operationId)": AUTHORITY,
  "AccessManagerNotReady(bytes32 operationId)": AUTHORITY,
  "AccessManagerExpired(bytes32 operationId)": AUTHORITY,
  "AccessManagerLockedRole(uint64 roleId)": AUTHORITY,
  "AccessManagerLockedFunction(bytes4 selector)": AUTHORITY,
  "AccessManagerBadConfirmation()": AUTHORITY,
  "AccessManagerInvalidInitialAdmin(address initialAdmin)": AUTHORITY,
  "EnforcedPause()": [
    "the token or the venue is paused",
    "Wait until it goes on; leave the leg out with `forfeit` meanwhile.",
  ],
  "ReentrancyGuardReentrantCall()": [
    "the contract is in the middle of an operation",
    "Call outside of other operations.",
  ],
  "OwnableUnauthorizedAccount(address)": ["only the owner may call this", ROLE],
  "AccessControlUnauthorizedAccount(address, bytes32)": ["the caller lacks the role", ROLE],
  "SafeERC20FailedDecreaseAllowance(address, uint, uint)": [
    "the allowance is lower than what is to be taken off it",
    "Set the allowance that is wanted.",
  ],
  "InvalidShortString()": NAME,
  "StringTooLong(string)": NAME,

  // Wrappers: what is inside says what to do.
  "WrappedError(address, bytes4, bytes, bytes)": ["a call inside failed", ""],
  "FailedOpWithRevert(uint, string, bytes)": ["the account's operation failed", ""],
};
