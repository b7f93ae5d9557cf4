import type { ShiftCoefficients } from "./correlation-shift.js";

export const SHIFT_COEFFICIENTS: ShiftCoefficients = {
  ofCorrelation: [0.1982, 0.1108, 0.1718, 0.245, 0.2463],
  ofBeta: [-0.0313, 0.0282, 0.0083, 0.1878, 0.0718, 0.2574],
};
