// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order, Plan} from "../types/Plan.sol";

/// @notice The only way in which a plan reaches a vault.
interface IRebalancer {
    /// @notice What a plan must respect. Set under a delay, below ceilings that are constants.
    /// @param maxVolatility √variance / NAV after the plan, 1e18 = 100% a year
    /// @param minHedge Least share of the unhedged variance that the hedge legs remove, 1e18 = 100%
    /// @param hedgeFloor Volatility without hedge below which `minHedge` is not asked, 1e18 = 100% a year
    /// @param maxGammaVolatility √(gamma part of the variance) / NAV after the plan, 1e18 = 100% a year
    /// @param maxLoss Largest fall of NAV by one plan, 1e18 = 100%
    /// @param poolBand Largest distance of a pool's price from the oracle's before a mint or a swap, 1e18 = 100%
    /// @param minMarginRatio Least margin ratio of each hedge leg after the plan, 1e18 = 100%
    /// @param lossBudget Capacity C of the loss bucket, which refills C/7 a day, share of NAV, 1e18 = 100%
    /// @param maxAsset Largest exposure to one asset that is not a stable, idle tokens and all legs, either sign, over NAV, 1e18 = 100%
    /// @param maxVenue Largest equity of one hedge leg over NAV, 1e18 = 100%
    /// @param maxGross Largest sum of hedge legs' exposures to markets over NAV, the leverage, 1e18 = 100%
    /// @param horizon The rebalance horizon h of the gamma term, seconds
    /// @param cooldown Least time between two of the keeper's plans, seconds; added margin alone needs none
    /// @param minRangeWidth Least width of a liquidity range, ticks
    struct Limits {
        uint64 maxVolatility;
        uint64 minHedge;
        uint64 hedgeFloor;
        uint64 maxGammaVolatility;
        uint64 maxLoss;
        uint64 poolBand;
        uint64 minMarginRatio;
        uint64 lossBudget;
        uint64 maxAsset;
        uint64 maxVenue;
        uint64 maxGross;
        uint32 horizon;
        uint32 cooldown;
        uint24 minRangeWidth;
    }

    /// @notice What anybody must respect who makes the vault safer in the keeper's place.
    /// @param alarmVolatility Volatility above which an alarm may be raised, 1e18 = 100% a year
    /// @param maxStep Largest notional of one order over NAV, 1e18 = 100%
    /// @param minShare Least part of the variance that a hedge must remove, 1e18 = 100%
    /// @param maxCost Venue fee plus impact that a hedge may cost, over notional, 1e18 = 100%
    /// @param riskPrice λ: years of variance over NAV that a hedge may cost, 1e18 = one year
    /// @param lossBudget Capacity of the public loss bucket, which refills a seventh a day, share of NAV, 1e18 = 100%
    /// @param marginTarget Margin ratio up to which anybody may add margin or reduce a hedge, 1e18 = 100%
    /// @param maxBounty Most that one call is paid back for its gas, USD, 1e18
    /// @param gasAsset The asset that gas is paid in, one of the vault's; zero for no bounty
    /// @param grace From the alarm until anybody may hedge, seconds
    /// @param cooldown Least time between two public calls, seconds
    /// @param maxSilence Without a sign of life from the keeper for longer, anybody may deleverage, seconds
    struct PublicLimits {
        uint64 alarmVolatility;
        uint64 maxStep;
        uint64 minShare;
        uint64 maxCost;
        uint64 riskPrice;
        uint64 lossBudget;
        uint64 marginTarget;
        uint128 maxBounty;
        address gasAsset;
        uint32 grace;
        uint32 cooldown;
        uint32 maxSilence;
    }

    /// @notice Who brought a plan, which decides only its limits.
    enum Profile {
        Keeper,
        Hedge,
        Deleverage
    }

    /// @notice What a plan did, all USD 1e18 (variances USD² a year, 1e18).
    /// @param reduced True if it was accepted because the variance fell, false if because the vault is inside limits and hedged
    struct Outcome {
        int256 navBefore;
        int256 navAfter;
        uint256 varianceBefore;
        uint256 varianceAfter;
        uint256 varianceUnhedged;
        bool reduced;
    }

    /// @param onlyReductions True if nothing but reductions was allowed
    /// @param lossSpent Of the path's loss budget after the plan, share of NAV, 1e18 = 100%
    event Rebalanced(
        uint256 indexed epoch,
        bytes32 indexed decisionHash,
        address indexed sender,
        Profile profile,
        Outcome outcome,
        bool onlyReductions,
        uint256 lossSpent
    );
    event LimitsSet(Limits limits);
    event PublicLimitsSet(PublicLimits limits);
    event Heartbeat(address indexed keeper);
    event AlarmRaised(address indexed sender, uint256 volatility);
    event AlarmCleared(address indexed sender, uint256 volatility);

    /// @notice Bind a fresh clone to its vault. Once only, in the transaction that makes the clone.
    function initialize(
        address vault,
        address authority,
        Limits calldata limits,
        PublicLimits calldata publicLimits
    ) external;

    function vault() external view returns (address);
    function epoch() external view returns (uint256);
    function limits() external view returns (Limits memory);
    function publicLimits() external view returns (PublicLimits memory);
    function setLimits(Limits calldata limits) external;
    function setPublicLimits(PublicLimits calldata limits) external;

    // ── Keeper ───────────────────────────────────────────────────────────────────────────────────

    /// @notice Carry out a plan, or revert with the reason. Keeper only.
    function rebalance(Plan calldata plan) external returns (Outcome memory);

    /// @notice A sign of life when there is nothing to do. Keeper only.
    function heartbeat() external;

    // ── Anybody ──────────────────────────────────────────────────────────────────────────────────

    /// @notice Record that volatility is above its trigger. Good prices only.
    function raiseAlarm() external;

    /// @notice Forget the alarm: volatility is back under its trigger.
    function clearAlarm() external;

    /// @notice Trade hedge legs so that the variance falls. Needs an alarm older than the grace period and volatility still above its trigger.
    /// @return outcome What it did
    /// @return bounty Paid to the caller, settlement tokens
    function hedge(Order[] calldata orders) external returns (Outcome memory outcome, uint256 bounty);

    /// @notice Burn liquidity, add margin, reduce the hedge, in this order. Needs a broken margin floor, a silent keeper, or a queue that waited too
    /// long, and each unlocks no more than what mends it.
    function deleverage(Order[] calldata orders) external returns (Outcome memory outcome, uint256 bounty);

    /// @notice When the alarm was raised, unix seconds; zero if there is none.
    function alarmAt() external view returns (uint256);

    /// @notice The keeper's last sign of life, unix seconds.
    function lastSign() external view returns (uint256);

    /// @notice From when the keeper, and strangers, may do more than add margin, unix seconds.
    function readyAt() external view returns (uint256 keeper, uint256 public_);

    /// @notice Spent of each loss budget by now, share of NAV, 1e18 = 100%.
    function lossSpent() external view returns (uint256 keeper, uint256 public_);
}
