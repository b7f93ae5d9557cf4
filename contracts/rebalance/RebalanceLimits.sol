// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Execution} from "./Execution.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";

/// @title The limits of a Rebalancer, and the constants beyond which no authority can set them.
abstract contract RebalanceLimits is IRebalancer, RebalanceErrors, AccessManagedUpgradeable {
    /// @notice No plan may lose more. 1e18 = 100%.
    uint256 public constant MAX_LOSS_CEILING = 0.03e18;

    /// @notice No loss bucket, the keeper's or the public one, may hold more, so none lets more than twice this go in a week. 1e18 = 100%.
    uint256 public constant LOSS_BUDGET_CEILING = 0.05e18;

    /// @notice No pool may stand further from the oracle at a mint or a swap. 1e18 = 100%.
    uint256 public constant POOL_BAND_CEILING = 0.05e18;

    /// @notice Hedge legs never go below this margin ratio by a plan, so that exits work. 1e18 = 100%.
    uint256 public constant MARGIN_FLOOR = 0.15e18;

    /// @notice No more margin than this may be asked or aimed at: under what is asked, anybody may reduce the hedge. 1e18 = 100%.
    uint256 public constant MARGIN_CEILING = 1e18;

    /// @notice Volatilities that limits name lie below it; a vault that never hedges is allowed. 1e18 = 100% a year.
    uint256 public constant VOLATILITY_CEILING = 10e18;

    /// @notice Longest rebalance horizon that the gamma term may assume, seconds.
    uint256 public constant HORIZON_CEILING = 7 days;

    /// @notice Longest time between two plans, or two public calls, that may be asked: a vault must not be frozen by its limits. Seconds.
    uint256 public constant COOLDOWN_CEILING = 1 days;

    /// @notice Largest exposure to one asset over NAV. 1e18 = 100%.
    uint256 public constant ASSET_CEILING = 3e18;

    /// @notice Largest equity of one hedge leg over NAV: no more than everything, so no vault borrows to keep margin. 1e18 = 100%.
    uint256 public constant VENUE_CEILING = 1e18;

    /// @notice Largest leverage: with margin at its floor, less than half of the NAV is at venues. 1e18 = 100%.
    uint256 public constant GROSS_CEILING = 3e18;

    /// @notice Least of the least widths of a range: narrower ones pay whoever moves the price through them. Ticks.
    uint256 public constant RANGE_WIDTH_FLOOR = 20;

    /// @notice No alarm below it: anybody could trade a calm vault. 1e18 = 100% a year.
    uint256 public constant ALARM_FLOOR = 0.05e18;

    /// @notice No public order above it, share of NAV. 1e18 = 100%.
    uint256 public constant STEP_CEILING = 0.25e18;

    /// @notice A public hedge removes this much of the variance at least: none trades for nothing. 1e18 = 100%.
    uint256 public constant SHARE_FLOOR = 0.01e18;

    /// @notice No public hedge may cost more of its notional. 1e18 = 100%.
    uint256 public constant COST_CEILING = 0.03e18;

    /// @notice Largest λ, years of variance over NAV that a public hedge may cost. 1e18 = one year.
    uint256 public constant RISK_PRICE_CEILING = 1e18;

    /// @notice No public call is paid back more, USD, 1e18.
    uint256 public constant BOUNTY_CEILING = 200e18;

    /// @notice The keeper has this long to answer an alarm at least, and strangers wait no longer than the ceiling. Seconds.
    uint256 public constant GRACE_FLOOR = 10 minutes;
    uint256 public constant GRACE_CEILING = 1 days;

    /// @notice Strangers act this far apart at least. Seconds.
    uint256 public constant PUBLIC_COOLDOWN_FLOOR = 1 minutes;

    /// @notice A keeper may be silent this long at least, and no longer than the ceiling, before strangers may act. Seconds.
    uint256 public constant SILENCE_FLOOR = 1 hours;
    uint256 public constant SILENCE_CEILING = 7 days;

    Execution.State internal _state;

    function vault() public view returns (address) {
        return _state.vault;
    }

    function limits() external view returns (Limits memory) {
        return _state.limits;
    }

    function publicLimits() external view returns (PublicLimits memory) {
        return _state.publicLimits;
    }

    function setLimits(Limits calldata limits_) external restricted {
        _setLimits(limits_);
        _checkTarget();
    }

    function setPublicLimits(PublicLimits calldata limits_) external restricted {
        _setPublicLimits(limits_);
        _checkTarget();
    }

    function _setLimits(Limits calldata given) internal {
        _atMost("maxVolatility", given.maxVolatility, VOLATILITY_CEILING);
        _atMost("minHedge", given.minHedge, 1e18 - 1);
        _atMost("hedgeFloor", given.hedgeFloor, VOLATILITY_CEILING);
        _atMost("maxGammaVolatility", given.maxGammaVolatility, VOLATILITY_CEILING);
        _atMost("maxLoss", given.maxLoss, MAX_LOSS_CEILING);
        _atMost("poolBand", given.poolBand, POOL_BAND_CEILING);
        _atLeast("minMarginRatio", given.minMarginRatio, MARGIN_FLOOR);
        _atMost("minMarginRatio", given.minMarginRatio, MARGIN_CEILING);
        _atMost("lossBudget", given.lossBudget, LOSS_BUDGET_CEILING);
        _atMost("maxAsset", given.maxAsset, ASSET_CEILING);
        _atMost("maxVenue", given.maxVenue, VENUE_CEILING);
        _atMost("maxGross", given.maxGross, GROSS_CEILING);
        _atMost("horizon", given.horizon, HORIZON_CEILING);
        _atMost("cooldown", given.cooldown, COOLDOWN_CEILING);
        _atLeast("minRangeWidth", given.minRangeWidth, RANGE_WIDTH_FLOOR);
        _state.limits = given;
        emit LimitsSet(given);
    }

    function _setPublicLimits(PublicLimits calldata given) internal {
        _atLeast("alarmVolatility", given.alarmVolatility, ALARM_FLOOR);
        _atMost("alarmVolatility", given.alarmVolatility, VOLATILITY_CEILING);
        _atMost("maxStep", given.maxStep, STEP_CEILING);
        _atLeast("minShare", given.minShare, SHARE_FLOOR);
        _atMost("minShare", given.minShare, 1e18);
        _atMost("maxCost", given.maxCost, COST_CEILING);
        _atMost("riskPrice", given.riskPrice, RISK_PRICE_CEILING);
        _atMost("lossBudget", given.lossBudget, LOSS_BUDGET_CEILING);
        _atMost("marginTarget", given.marginTarget, MARGIN_CEILING);
        _atMost("maxBounty", given.maxBounty, BOUNTY_CEILING);
        _atLeast("grace", given.grace, GRACE_FLOOR);
        _atMost("grace", given.grace, GRACE_CEILING);
        _atLeast("cooldown", given.cooldown, PUBLIC_COOLDOWN_FLOOR);
        _atMost("cooldown", given.cooldown, COOLDOWN_CEILING);
        _atLeast("maxSilence", given.maxSilence, SILENCE_FLOOR);
        _atMost("maxSilence", given.maxSilence, SILENCE_CEILING);
        if (given.gasAsset != address(0)) require(_isAsset(given.gasAsset), NotAnAsset(given.gasAsset));
        _state.publicLimits = given;
        emit PublicLimitsSet(given);
    }

    /// @dev What strangers may bring the margin up to must lie above what lets them act.
    function _checkTarget() internal view {
        _atLeast("marginTarget", _state.publicLimits.marginTarget, _state.limits.minMarginRatio);
    }

    function _isAsset(address token) private view returns (bool) {
        address[] memory assets = IHedgeVault(_state.vault).assets();
        for (uint256 i; i < assets.length; ++i) {
            if (assets[i] == token) return true;
        }
        return false;
    }

    function _atMost(bytes32 limit, uint256 value, uint256 ceiling) private pure {
        require(value <= ceiling, AboveCeiling(limit, value, ceiling));
    }

    function _atLeast(bytes32 limit, uint256 value, uint256 floor) private pure {
        require(value >= floor, BelowFloor(limit, value, floor));
    }
}
