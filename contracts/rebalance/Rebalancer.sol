// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Action, Order, Plan} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @title The only way in which a plan reaches a vault: measured before, carried out, measured after, accepted or reverted.
///
/// @dev A plan is accepted if the portfolio's variance fell, or if the vault is inside its volatility limit and hedged. Variance is
/// measured with the covariance oracle's matrices, which nobody can post, at one price snapshot for before and after.
///
/// WHO IS TRUSTED WITH WHAT. The keeper chooses what to do and when; it is trusted with neither the measure nor the limits. The
/// authority sets the limits below ceilings that are constants here, and belongs behind a delay. The covariance oracle is believed for
/// risk, the price oracle for value. Legs are the vault's and believed.
///
/// WHERE THE MEASURE IS MISSING. While the covariance oracle has too little history or is too old, only reductions pass: burns,
/// added margin, smaller shorts. While a price is bad, only burns and added margin pass, unmeasured.
contract Rebalancer is IRebalancer, AccessManagedUpgradeable {
    error WrongEpoch(uint256 expected, uint256 given);
    error TooLate(uint256 deadline, uint256 now_);
    error EmptyPlan();
    error OnlyReductions(address leg, Action action);
    error PoolOutOfBand(address leg, uint256 deviation, uint256 band);
    error LossTooLarge(int256 navBefore, int256 navAfter, uint256 maxLoss);
    error NeitherReducedNorHedged(
        uint256 varianceBefore,
        uint256 varianceAfter,
        uint256 varianceUnhedged,
        uint256 volatility
    );
    error GammaTooLarge(uint256 gammaVolatility, uint256 maxGammaVolatility);
    error MarginTooThin(address leg, uint256 ratio, uint256 minRatio);
    error NoValue(int256 nav);
    error SupplyChanged(uint256 before, uint256 now_);
    error AboveCeiling(bytes32 limit, uint256 value, uint256 ceiling);
    error BelowFloor(bytes32 limit, uint256 value, uint256 floor);

    /// @notice No plan may lose more, whatever the configuration. 1e18 = 100%.
    uint256 public constant MAX_LOSS_CEILING = 0.03e18;

    /// @notice No pool may stand further from the oracle at a mint or a swap, whatever the configuration. 1e18 = 100%.
    uint256 public constant POOL_BAND_CEILING = 0.05e18;

    /// @notice Hedge legs never go below this margin ratio by a plan, so that exits work. 1e18 = 100%.
    uint256 public constant MARGIN_FLOOR = 0.15e18;

    /// @notice Longest rebalance horizon that the gamma term may assume, seconds.
    uint256 public constant HORIZON_CEILING = 7 days;

    address public vault;
    uint256 public epoch;
    uint256 public alarmAt;
    uint256 public lastSign;
    Limits private _limits;
    PublicLimits private _publicLimits;

    constructor() {
        _disableInitializers();
    }

    function initialize(
        address vault_,
        address authority_,
        Limits calldata limits_,
        PublicLimits calldata publicLimits_
    ) external initializer {
        __AccessManaged_init(authority_);
        vault = vault_;
        _setLimits(limits_);
        _setPublicLimits(publicLimits_);
        lastSign = block.timestamp;
    }

    // ── Plans ────────────────────────────────────────────────────────────────────────────────────

    function rebalance(Plan calldata plan) external restricted returns (Outcome memory outcome) {
        require(plan.epoch == epoch, WrongEpoch(epoch, plan.epoch));
        require(block.timestamp <= plan.deadline, TooLate(plan.deadline, block.timestamp));
        require(plan.orders.length > 0, EmptyPlan());
        ++epoch;
        IHedgeVault(vault).beginRebalance();
        uint256 supply = IERC20(vault).totalSupply();
        Prices memory prices = IPriceOracle(IHedgeVault(vault).priceOracle()).snapshot(IHedgeVault(vault).assets());
        bool measured = prices.ok && _covariance().usable();

        Portfolio memory held;
        if (prices.ok) held = IHedgeVault(vault).measure(prices);
        (bool onlyMargin, bool onlyReductions) = _carryOut(plan.orders, prices, measured);
        if (prices.ok) {
            Portfolio memory after_ = IHedgeVault(vault).measure(prices);
            (outcome.navBefore, outcome.navAfter) = (held.nav, after_.nav);
            _checkLoss(held.nav, after_.nav);
            if (measured) {
                if (!onlyMargin) _checkRisk(outcome, held, after_, onlyReductions);
                if (!onlyReductions) _checkMargin(prices);
            }
        }
        uint256 supplyNow = IERC20(vault).totalSupply();
        require(supplyNow == supply, SupplyChanged(supply, supplyNow));
        IHedgeVault(vault).endRebalance(outcome.navAfter, prices);
        emit Rebalanced(plan.epoch, plan.decisionHash, msg.sender, Profile.Keeper, outcome, !measured, 0);
    }

    /// @return onlyMargin True if nothing but margin was added, which can hurt nobody and is not asked to reduce anything
    /// @return onlyReductions True if every order could only make the vault safer: a margin or a gamma that is beyond its limit must not
    /// keep a plan from bringing it back step by step
    function _carryOut(
        Order[] calldata orders,
        Prices memory prices,
        bool measured
    ) private returns (bool onlyMargin, bool onlyReductions) {
        uint256 band = _limits.poolBand;
        (onlyMargin, onlyReductions) = (true, true);
        for (uint256 i; i < orders.length; ++i) {
            Order calldata order = orders[i];
            bool reduction = ILeg(order.leg).isReduction(order);
            if (!reduction) onlyReductions = false;
            if (order.action != Action.Margin || !reduction) onlyMargin = false;
            if (!measured) {
                bool priced = prices.ok || order.action != Action.Size;
                require(priced && reduction, OnlyReductions(order.leg, order.action));
            } else {
                // Immediately before the order: an earlier one may have moved the pool.
                uint256 deviation = ILeg(order.leg).deviation(order, prices);
                require(deviation <= band, PoolOutOfBand(order.leg, deviation, band));
            }
            IHedgeVault(vault).carryOut(order, prices);
        }
    }

    // ── Guards ───────────────────────────────────────────────────────────────────────────────────

    function _checkLoss(int256 navBefore, int256 navAfter) private view {
        if (navAfter >= navBefore) return;
        require(navBefore > 0, NoValue(navBefore));
        uint256 most = FixedPointMathLib.mulDiv(uint256(navBefore), _limits.maxLoss, 1e18);
        require(uint256(navBefore - navAfter) <= most, LossTooLarge(navBefore, navAfter, _limits.maxLoss));
    }

    /// @dev v1 < v0, or √v1/NAV ≤ maxVolatility and v1 ≤ (1 − minHedge)·u1; the last is not asked while √u1/NAV is below the floor.
    function _checkRisk(
        Outcome memory outcome,
        Portfolio memory held,
        Portfolio memory after_,
        bool onlyReductions
    ) private view {
        require(after_.nav > 0, NoValue(after_.nav));
        uint256 nav = uint256(after_.nav);
        uint256 gammaBefore;
        uint256 gammaPart;
        (outcome.varianceBefore, gammaBefore) = _covariance().variance(held.exposure, held.gammas, _limits.horizon);
        (outcome.varianceAfter, gammaPart) = _covariance().variance(after_.exposure, after_.gammas, _limits.horizon);
        int256[] memory unhedged = after_.exposure;
        for (uint256 i; i < unhedged.length; ++i) {
            unhedged[i] -= after_.hedgeExposure[i];
        }
        (outcome.varianceUnhedged, ) = _covariance().variance(unhedged, after_.gammas, _limits.horizon);

        uint256 gammaVolatility = _volatilityUp(gammaPart, nav);
        require(
            gammaVolatility <= _limits.maxGammaVolatility || onlyReductions || gammaPart <= gammaBefore,
            GammaTooLarge(gammaVolatility, _limits.maxGammaVolatility)
        );

        outcome.reduced = outcome.varianceAfter < outcome.varianceBefore;
        if (outcome.reduced) return;
        uint256 volatility = _volatilityUp(outcome.varianceAfter, nav);
        bool hedged =
            _volatilityUp(outcome.varianceUnhedged, nav) < _limits.hedgeFloor ||
                outcome.varianceAfter <=
                    FixedPointMathLib.fullMulDiv(outcome.varianceUnhedged, 1e18 - _limits.minHedge, 1e18);
        require(
            volatility <= _limits.maxVolatility && hedged,
            NeitherReducedNorHedged(outcome.varianceBefore, outcome.varianceAfter, outcome.varianceUnhedged, volatility)
        );
    }

    function _checkMargin(Prices memory prices) private view {
        address[] memory legs = IHedgeVault(vault).legs();
        for (uint256 k; k < legs.length; ++k) {
            if (!ILeg(legs[k]).isHedge()) continue;
            uint256 ratio = ILeg(legs[k]).marginRatio(prices);
            require(ratio >= _limits.minMarginRatio, MarginTooThin(legs[k], ratio, _limits.minMarginRatio));
        }
    }

    // ── Limits ───────────────────────────────────────────────────────────────────────────────────

    function setLimits(Limits calldata limits_) external restricted {
        _setLimits(limits_);
    }

    function limits() external view returns (Limits memory) {
        return _limits;
    }

    function _setLimits(Limits memory limits_) private {
        require(limits_.maxLoss <= MAX_LOSS_CEILING, AboveCeiling("maxLoss", limits_.maxLoss, MAX_LOSS_CEILING));
        require(limits_.poolBand <= POOL_BAND_CEILING, AboveCeiling("poolBand", limits_.poolBand, POOL_BAND_CEILING));
        require(limits_.minHedge < 1e18, AboveCeiling("minHedge", limits_.minHedge, 1e18 - 1));
        require(limits_.horizon <= HORIZON_CEILING, AboveCeiling("horizon", limits_.horizon, HORIZON_CEILING));
        require(
            limits_.minMarginRatio >= MARGIN_FLOOR,
            BelowFloor("minMarginRatio", limits_.minMarginRatio, MARGIN_FLOOR)
        );
        _limits = limits_;
        emit LimitsSet(limits_);
    }

    function setPublicLimits(PublicLimits calldata limits_) external restricted {
        _setPublicLimits(limits_);
    }

    function publicLimits() external view returns (PublicLimits memory) {
        return _publicLimits;
    }

    function _setPublicLimits(PublicLimits memory limits_) private {
        _publicLimits = limits_;
        emit PublicLimitsSet(limits_);
    }

    function heartbeat() external restricted {
        lastSign = block.timestamp;
        emit Heartbeat(msg.sender);
    }

    function raiseAlarm() external {}
    function clearAlarm() external {}
    function hedge(Order[] calldata) external returns (Outcome memory, uint256) {}
    function deleverage(Order[] calldata) external returns (Outcome memory, uint256) {}
    function lossSpent() external view returns (uint256, uint256) {}

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _covariance() private view returns (ICovarianceOracle) {
        return ICovarianceOracle(IHedgeVault(vault).covarianceOracle());
    }

    /// @dev √variance/NAV, 1e18, rounded up. Variance is USD² 1e18, so its root is USD 1e9.
    function _volatilityUp(uint256 variance, uint256 nav) private pure returns (uint256) {
        uint256 root = FixedPointMathLib.sqrt(variance);
        if (root * root < variance) ++root;
        return FixedPointMathLib.fullMulDivUp(root, 1e27, nav);
    }
}
