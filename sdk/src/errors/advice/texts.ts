const PARAMETER = "Correct the parameter; the error carries the value and its bound.";
/** The error's own name and arguments say the rest. */
export const BOUNDS = ["a parameter is out of its bounds", PARAMETER] as const;
export const SIZE = ["a number does not fit where it goes", PARAMETER] as const;
export const COUNT = ["two lists that belong together differ in length", PARAMETER] as const;
export const CODE = "Check the address and the chain.";
