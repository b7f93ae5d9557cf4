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
  async: { tx: number[]; x: number[]; ty: number[]; y: number[]; HY: number } & Record<
    "refresh" | "RT_RC" | "MRK_parzen_H4",
    number[]
  >;
  shrink_centered_True: { X: number[]; n: number; p: number; LW_cov: number[]; LW_delta: number };
  ewma: { lambda: number; S0: number[]; S_T: number[] };
  kalman: { Q: number; R: number; beta_T: number[]; P_T: number[] };
  garch_fit: { x: number[]; params: [number, number, number]; loglik: number };
  qp: QpVector[];
  lp: LpVector[];
  lp_alt_eth: Record<"A" | "E" | "L", number> &
    Record<"pa" | "pb" | "U" | "dU_dA" | "dU_dE" | "U_AA" | "U_AE" | "U_EE", string>;
  band: Record<"kappa" | "nu" | "gamma" | "sigma" | "halfwidth_prop" | "g_fixed" | "trigger_fixed_prop", number>;
};
