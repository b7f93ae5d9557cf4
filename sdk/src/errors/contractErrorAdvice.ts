/** What a custom error means to a caller, and what he can do. */
export interface ContractErrorAdvice {
  meaning: string;
  nextStep: string;
}

const ADVICE: Record<string, ContractErrorAdvice> = {
  ERC20InsufficientBalance: {
    meaning: "the sender holds less than the amount",
    nextStep: "Lower the amount, or fund the account first.",
  },
  ERC20InsufficientAllowance: {
    meaning: "the spender may not move that much",
    nextStep: "Approve the exact amount first.",
  },
  ERC2612ExpiredSignature: { meaning: "the permit is too old", nextStep: "Sign a new permit." },
  ERC2612InvalidSigner: {
    meaning: "the permit was signed by somebody else, or for other values",
    nextStep: "Sign a new permit with the owner's key.",
  },
  LegUnreachable: {
    meaning: "the leg cannot be left now",
    nextStep: "Wait, or list the leg in `forfeit` and give up its part.",
  },
};

/** Advice for a custom error by its name, or undefined where the name says it all. */
export function contractErrorAdvice(name: string): ContractErrorAdvice | undefined {
  return Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
}
