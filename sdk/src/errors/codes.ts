/** Every code that a {@link CrosshedgeError} can carry, with the next step that is given where nothing better is known. */
export const ERROR_CODES = {
  BAD_ARGUMENT: "Correct the argument that the message names and call again.",
  BAD_DEPLOYMENT: "Correct the deployment file at the path that the message names.",
  UNKNOWN_CHAIN:
    "Switch to a chain of `DEPLOYED_CHAINS`, or give `deploymentOf` a deployment of your own: `parseDeployment` reads one.",
  UNKNOWN_VAULT: "Name one of the vaults that the message lists.",
  NOT_A_VAULT: "Check the vault's address and that the provider is on the vault's chain.",
  PROVIDER_REQUIRED: "Connect with a provider; a signer that sends needs one too.",
  READ_FAILED: "Try again; check that the node serves the block and that the address is right.",
  TOKEN_NOT_IN_BASKET: "Use only tokens that the vault's `assets` lists.",
  INSUFFICIENT_BALANCE: "Lower the amount, or fund the account first.",
  INSUFFICIENT_SHARES: "Lower the number of shares.",
  NOTHING_TO_DO: "Look at `redemption()`: it says what waits, what can be claimed, and what to do next.",
  INSUFFICIENT_ALLOWANCE: "Let the owner approve the caller first.",
  PERMIT_UNSUPPORTED: 'Use `approval: "auto"` or `approval: "approve"`.',
  DEPOSIT_WINDOW:
    "Deposit less now and the rest later; `rooms` of a smaller deposit's preview tells how much fits, and when.",
  SLIPPAGE: "Preview again and set the least amount below it.",
  CONTRACT_ERROR: "Look the error up in the contract's sources; nothing was changed.",
  VENUE_ERROR: "See the venue's code in the message; nothing was changed.",
  REVERTED: "Simulate it on a node that returns revert data.",
  PANIC: "Please report it with the call that was made.",
  USER_REJECTED: "Ask the user again; nothing was sent.",
  WALLET_BUSY: "Open the wallet: unlock it, answer what waits there, connect this site, and try again.",
  INSUFFICIENT_FUNDS: "Fund the sending account with the chain's native coin to pay for gas.",
  NONCE_CONFLICT: "Wait for the account's pending transactions, then try again.",
  TRANSACTION_REPLACED: "Look at the account's latest transactions; another one took this nonce.",
  TRANSACTION_FAILED: "State moved between simulation and inclusion; preview and send again.",
  EVENT_MISSING: "Check that the address is a Crosshedge vault; the transaction was mined all the same.",
  NOT_ENOUGH_DATA: "Take a longer period, or one in which prices were good.",
  UNSUPPORTED: "Use a signer or a provider that supports the operation.",
  WRONG_ACCOUNT: "Choose the account of the preparation in the wallet, or prepare for the other one.",
  WRONG_CHAIN: "Switch the wallet to the chain that the message names, then send again.",
  STALE_PREPARATION: "Prepare the operation again and send that.",
  IN_PROGRESS: "Wait for the run that is under way, or abort it.",
  ABORTED: "Send the same preparation again to go on where it stood, or `resume` it by its hash.",
  BROADCAST_UNKNOWN:
    "Send the same preparation again: it looks for the transaction first, and does not send a second one.",
  NETWORK: "Check the connection to the node and try again.",
  UNKNOWN: "See `cause` for what was caught.",
} as const;

/** One of the codes of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
