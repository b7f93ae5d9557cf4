import type { ShiftCoefficients } from "./correlation-shift.js";

/**
 * Found with `npm run calibrate:shifts`: ridge regressions over the 7,710 weeks of altcoins against ETH that ended from February 2019 to March
 * 2021. From April 2021 to 2023 their R² against each asset's mean as it was known is 0.37 for the Fisher-z of the correlation and 0.30 for
 * beta; from January to August 2024 it is 0.15 and 0.21.
 */
export const SHIFT_COEFFICIENTS: ShiftCoefficients = {
  ofCorrelation: [0.1982, 0.1108, 0.1718, 0.245, 0.2463],
  ofBeta: [-0.0313, 0.0282, 0.0083, 0.1878, 0.0718, 0.2574],
};
