/** What is judged: parameters were chosen on the first period. */
export const ASSETS = ["BTC", "ETH", "LINK"] as const;
export const EXCEEDANCES = [0.01, 0.005] as const;
export const PERIODS = [
  ["2019-02-01", "2021-03-31"],
  ["2021-04-01", "2024-08-31"],
  ["2019-02-01", "2024-08-31"],
] as const;
