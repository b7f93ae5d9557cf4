export type { Abi } from "./abi/abi.js";
export { erc20 } from "./abi/erc20.js";
export { type Eip712Domain, erc2612, type PermitArguments } from "./abi/erc2612.js";
export type { Connection, ConnectOptions } from "./connection.js";
export {
  type Deployment,
  type PerpMarketDeployment,
  parseDeployment,
  type VaultDeployment,
} from "./deployment/deployment.js";
export { DEPLOYED_CHAINS, deploymentOf, vaultOf } from "./deployment/deploymentOf.js";
export { prepareDeposit, prepareDepositBasket } from "./deposit/prepare.js";
export type { DepositRoom } from "./deposit/room.js";
export type * from "./deposit/types.js";
export { checkDecision } from "./epoch/checkDecision.js";
export { type EpochSearch, readEpoch } from "./epoch/readEpoch.js";
export type * from "./epoch/types.js";
export { CrosshedgeError, type ErrorDetails } from "./errors/CrosshedgeError.js";
export { ERROR_CODES, type ErrorCode } from "./errors/codes.js";
export { decodeError, decodeRevert } from "./errors/decodeError.js";
export { redact } from "./errors/redact.js";
export type { Revert } from "./errors/revert.js";
export type * from "./exit/exitInKindTypes.js";
export type { ExitValue, GivenUp } from "./exit/exitValue.js";
export { prepareExitInKind } from "./exit/prepareExitInKind.js";
export * from "./export/index.js";
export * from "./history/index.js";
export { type JsonSafe, toJson } from "./json.js";
export { type KeeperLiveness, keeperLiveness } from "./keeper/keeperLiveness.js";
export { limitsUsed } from "./limits/limitsUsed.js";
export type * from "./limits/types.js";
export { isqrt } from "./math.js";
export { MULTICALL3_ADDRESS, multicall, type Outcome, type Outcomes, type ReadPoint } from "./multicall.js";
export * from "./performance/index.js";
export type { Conditions } from "./prepare/conditions.js";
export type * from "./prepare/prepared.js";
export type { ApprovalMode } from "./prepare/requirements.js";
export { commonWarnings, WARNINGS, type WarningCode } from "./prepare/warnings.js";
export { type QueueFacts, type QueueOutlook, queueOutlook, type SettlementObstacle } from "./queue/queueOutlook.js";
export { readSettlement, type SettlementOutcome } from "./queue/readSettlement.js";
export { Batch, type Pending } from "./read/batch.js";
export { type PinnedBlock, pinBlock } from "./read/block.js";
export { type ContractCall, contractCall, interfaceCall } from "./read/call.js";
export { contractAt } from "./read/contractAt.js";
export { type AccountOverride, type CallPoint, ethCall, type StateOverrides } from "./read/ethCall.js";
export type { PaidForShares } from "./redeem/paidDown.js";
export type { PositionOptions } from "./redeem/partOfPosition.js";
export {
  type CancelRequestOptions,
  type CancelRequestPreview,
  type CancelRequestResult,
  prepareCancelRequest,
} from "./redeem/prepareCancelRequest.js";
export { type ClaimOptions, type ClaimPreview, type ClaimResult, prepareClaim } from "./redeem/prepareClaim.js";
export {
  prepareRequestRedeem,
  type RequestRedeemOptions,
  type RequestRedeemPreview,
  type RequestRedeemResult,
} from "./redeem/prepareRequestRedeem.js";
export {
  prepareSetOperator,
  type SetOperatorOptions,
  type SetOperatorPreview,
  type SetOperatorResult,
} from "./redeem/prepareSetOperator.js";
export { prepareSettle, type SettleOptions, type SettlePreview, type SettleResult } from "./redeem/prepareSettle.js";
export { redemption } from "./redeem/redemption.js";
export type * from "./redeem/types.js";
export { type Exposures, exposuresOf } from "./report/exposures.js";
export { formatReport } from "./report/formatReport.js";
export { readReport } from "./report/readReport.js";
export type * from "./report/types.js";
export { type Greeks, greeks } from "./risk/greeks.js";
export { type Variance, type Variances, varianceOf, variancesOf } from "./risk/variance.js";
export { type VolatilityLine, volatilityLine, volatilityOf } from "./risk/volatility.js";
export { type AuthorityNews, readAuthority } from "./roles/readAuthority.js";
export { readRoles } from "./roles/readRoles.js";
export type * from "./roles/types.js";
export { batchOf, type Call } from "./send/batchOf.js";
export { resume } from "./send/resume.js";
export { resumeCalls } from "./send/resumeCalls.js";
export { send } from "./send/send.js";
export { sendCalls } from "./send/sendCalls.js";
export type * from "./send/stages.js";
export { type Simulation, simulateCalls } from "./simulateCalls.js";
export { DEFAULT_SLIPPAGE } from "./slippage.js";
export { perpV2FundingRate } from "./state/fundingRate.js";
export type { LegLayout, LegLayoutBase, VaultLayout } from "./state/layout.js";
export type * from "./state/legTypes.js";
export type { BasicState, HeldAsset } from "./state/readBasics.js";
export type { FundingLayout } from "./state/readFunding.js";
export { type RulesState, VAULT_MODES } from "./state/readRules.js";
export type * from "./state/types.js";
export * from "./units.js";
export { CrosshedgeVault, type ReadOptions } from "./vault.js";
