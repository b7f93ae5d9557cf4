// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Action, Mint, Order, Size} from "../types/Plan.sol";
import {LossBudget} from "./LossBudget.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";
import {Run} from "./Run.sol";

/// @title What every plan must respect: before each order, and at its end.
/// @dev A figure that is beyond its limit already may stay there, but not grow: a plan may bring it back step by step.
library Guards {
    function indexOf(Run memory run, address leg) internal pure returns (uint256 k) {
        for (; k < run.legs.length; ++k) {
            if (run.legs[k] == leg) return k;
        }
        revert RebalanceErrors.NotALeg(leg);
    }

    // ── Before each order ────────────────────────────────────────────────────────────────────────

    /// @notice What an order is, where it may be anything. That pools stand in the band is asked as it is carried out.
    function beforeOrder(Run memory run, Order calldata order) internal view {
        uint256 k = indexOf(run, order.leg);
        if (order.action == Action.Mint) _checkWidth(run, order);
        // One that is not a reduction says all there is to know.
        if (run.onlyReductions) _noteReduction(run, order, k);
    }

    /// @notice What an order is, where it must be a reduction.
    function beforeReduction(Run memory run, Order[] calldata orders, uint256 i) internal view {
        Order calldata order = orders[i];
        bool reduction = _noteReduction(run, order, indexOf(run, order.leg));
        require(reduction, RebalanceErrors.OnlyReductions(order.leg, order.action));
        if (!run.prices.ok && order.action == Action.Size) _checkSmall(run, orders, i);
    }

    function _noteReduction(Run memory run, Order calldata order, uint256 k) private view returns (bool reduction) {
        reduction = ILeg(order.leg).isReduction(order);
        if (!reduction) run.onlyReductions = false;
        if (!reduction || order.action != Action.Margin) run.onlyMargin = false;
        else run.funded[k] = true;
        if (order.action == Action.Size) run.resized[k] = true;
    }

    function _checkWidth(Run memory run, Order calldata order) private pure {
        Mint memory mint = abi.decode(order.params, (Mint));
        int256 width = int256(mint.tickUpper) - mint.tickLower;
        require(
            width >= int256(uint256(run.limits.minRangeWidth)),
            RebalanceErrors.RangeTooNarrow(order.leg, width, run.limits.minRangeWidth)
        );
    }

    /// @dev While a price is bad: all orders of the plan in one market together take at most `maxStep` of the position it had.
    function _checkSmall(Run memory run, Order[] calldata orders, uint256 i) private view {
        address leg = orders[i].leg;
        Size memory own = abi.decode(orders[i].params, (Size));
        uint256 taken;
        for (uint256 j; j < i; ++j) {
            if (orders[j].leg != leg || orders[j].action != Action.Size) continue;
            Size memory earlier = abi.decode(orders[j].params, (Size));
            if (earlier.market == own.market) taken += FixedPointMathLib.abs(earlier.size);
        }
        (int256 held, ) = IHedgeLeg(leg).position(own.market);
        uint256 whole = FixedPointMathLib.abs(held) + taken;
        taken += FixedPointMathLib.abs(own.size);
        uint256 share = whole == 0 ? type(uint256).max : FixedPointMathLib.fullMulDivUp(taken, 1e18, whole);
        require(share <= run.publicLimits.maxStep, RebalanceErrors.StepTooLarge(leg, share, run.publicLimits.maxStep));
        run.reducedBlind = FixedPointMathLib.max(run.reducedBlind, share);
    }

    // ── At the end of a measured plan ────────────────────────────────────────────────────────────

    function checkLoss(Run memory run) internal pure {
        uint256 loss = LossBudget.lossOf(run.held.nav, run.left.nav);
        if (loss == 0) return;
        require(run.held.nav > 0, RebalanceErrors.NoValue(run.held.nav));
        uint256 most = FixedPointMathLib.mulDiv(uint256(run.held.nav), run.limits.maxLoss, 1e18);
        require(loss <= most, RebalanceErrors.LossTooLarge(run.held.nav, run.left.nav, run.limits.maxLoss));
    }

    function checkMargin(Run memory run) internal view {
        for (uint256 k; k < run.legs.length; ++k) {
            if (!run.left.thin[k]) continue;
            uint256 ratio = ILeg(run.legs[k]).marginRatio(run.prices);
            revert RebalanceErrors.MarginTooThin(run.legs[k], ratio, run.limits.minMarginRatio);
        }
    }

    /// @notice Equity of each hedge leg. Asked of added margin too, which else is free: not all cash belongs at one venue.
    function checkVenues(Run memory run) internal view {
        uint256 most = _shareOfNav(run, run.limits.maxVenue);
        for (uint256 k; k < run.legs.length; ++k) {
            if (run.onlyReductions && !run.funded[k]) continue;
            int256 equity = run.left.equity[k];
            if (equity <= int256(most) || equity <= run.held.equity[k]) continue;
            require(!ILeg(run.legs[k]).isHedge(), RebalanceErrors.VenueTooLarge(run.legs[k], equity, most));
        }
    }

    /// @notice Exposure to each asset that is not a stable, and the sum of what hedge legs short.
    function checkExposure(Run memory run) internal view {
        uint256 mostAsset = _shareOfNav(run, run.limits.maxAsset);
        (uint256 gross, uint256 grossBefore) = (0, 0);
        for (uint256 i; i < run.assets.length; ++i) {
            if (i != run.settlementIndex) {
                gross += FixedPointMathLib.abs(run.left.hedgeExposure[i]);
                grossBefore += FixedPointMathLib.abs(run.held.hedgeExposure[i]);
            }
            uint256 exposure = FixedPointMathLib.abs(run.left.exposure[i]);
            if (exposure <= mostAsset || exposure <= FixedPointMathLib.abs(run.held.exposure[i])) continue;
            bool stable = IPriceOracle(run.vault.priceOracle()).feedOf(run.assets[i]).stableBand != 0;
            require(stable, RebalanceErrors.AssetTooLarge(run.assets[i], run.left.exposure[i], mostAsset));
        }
        uint256 most = _shareOfNav(run, run.limits.maxGross);
        require(gross <= most || gross <= grossBefore, RebalanceErrors.GrossTooLarge(gross, most));
    }

    function _shareOfNav(Run memory run, uint256 share) private pure returns (uint256) {
        return run.left.nav <= 0 ? 0 : FixedPointMathLib.fullMulDiv(uint256(run.left.nav), share, 1e18);
    }
}
