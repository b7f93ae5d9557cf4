import { readFileSync } from "node:fs";

interface QpVector {
  n: number;
  P: number[];
  q: number[];
  x0: number[];
  kappa: number[];
  lb: number[];
  ub: number[];
  gross: number;
  x: number[];
}

interface LpVector {
  P: number;
  L: number;
  a: number;
  b: number;
  x: string;
  y: string;
  V: string;
  delta: string;
  gamma: string;
}

/** The keeper's reference vectors; where they come from is said in the file. */
export const vectors = JSON.parse(readFileSync(new URL("../vectors/keeper.json", import.meta.url), "utf8")) as {
  async: { HY: number } & Record<"tx" | "x" | "ty" | "y" | "refresh" | "RT_RC" | "MRK_parzen_H4" | "PT_900", number[]>;
  shrink_centered_True: { X: number[]; n: number; p: number; LW_cov: number[]; LW_delta: number };
  ewma: { lambda: number; S0: number[]; S_T: number[] };
  kalman: { Q: number; R: number; beta_T: number[]; P_T: number[] };
  garch_fit: { x: number[]; params: [number, number, number]; loglik: number };
  qp: QpVector[];
  lp: LpVector[];
  lp_alt_eth: Record<"A" | "E" | "L", number> &
    Record<"pa" | "pb" | "U" | "dU_dA" | "dU_dE" | "U_AA" | "U_AE" | "U_EE", string>;
  band: Record<"kappa" | "nu" | "gamma" | "sigma" | "halfwidth_prop" | "g_fixed" | "trigger_fixed_prop", number>;
  lp_strip: { m: number; a: number; b: number; strikes: number[]; weights_L1: number[] }[];
  first_passage_short: (Record<"margin" | "mmr" | "mu" | "sigma" | "T_days", number> & { p: string })[];
  /** L is row-major: L[i·n + j] is what i owes j. */
  eisenberg_noe: Record<"L" | "c" | "p", number[]>;
  gp: Record<"gamma" | "lambda" | "rho" | "a", number>;
};
