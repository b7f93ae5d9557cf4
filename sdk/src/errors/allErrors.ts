/** Knows all errors that a call can meet, for what sends or simulates; its effect is named in the manifest of the build. */
import { PLAN_ADVICE } from "./advice/plans.js";
import { SETUP_ADVICE } from "./advice/setup.js";
import { TOKEN_ADVICE } from "./advice/tokens.js";
import { VAULT_ADVICE } from "./advice/vault.js";
import { learn } from "./knowledge.js";
import { aaveErrors } from "./venues/aaveV3.js";
import { REFUSALS } from "./venues/messages.js";
import { PERP_V2_CODES } from "./venues/perpV2.js";
import { UNISWAP_V3_CODES } from "./venues/uniswapV3.js";

learn(() => {
  const aave = aaveErrors();
  const byName = aave.map(({ name, meaning, nextStep }) => [`${name}()`, [meaning, nextStep, "VENUE_ERROR"]] as const);
  const byNumber = aave.flatMap(({ code, meaning, nextStep }) => (code ? [{ [nextStep]: { [code]: meaning } }] : []));
  return {
    errors: { ...Object.fromEntries(byName), ...TOKEN_ADVICE, ...VAULT_ADVICE, ...PLAN_ADVICE, ...SETUP_ADVICE },
    codes: [PERP_V2_CODES, UNISWAP_V3_CODES, ...byNumber],
    patterns: REFUSALS,
  };
});
