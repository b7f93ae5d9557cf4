// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";
import {Run} from "./Run.sol";

/// @title The gate of a plan: what it did to the variance.
library Risk {
    /// @notice Variance before, after, and after with every hedge leg set to zero.
    /// @return gammaBefore The gamma part of the first, USD² a year, 1e18
    /// @return gammaAfter The gamma part of the second, USD² a year, 1e18
    function measure(
        Run memory run,
        IRebalancer.Outcome memory outcome
    ) internal view returns (uint256 gammaBefore, uint256 gammaAfter) {
        Portfolio memory left = run.left;
        require(left.nav > 0, RebalanceErrors.NoValue(left.nav));
        ICovarianceOracle.Comparison memory measured = run.covariance.compare(
            run.held.exposure,
            left.exposure,
            left.hedgeExposure,
            run.held.gammas,
            left.gammas,
            run.limits.horizon
        );
        (outcome.varianceBefore, gammaBefore) = (measured.before, measured.gammaBefore);
        (outcome.varianceAfter, gammaAfter) = (measured.left, measured.gammaLeft);
        outcome.varianceUnhedged = measured.unhedged;
        outcome.reduced = outcome.varianceAfter < outcome.varianceBefore;
    }

    /// @notice v1 < v0, or √v1/NAV ≤ maxVolatility and v1 ≤ (1 − minHedge)·u1; the last is not asked while √u1/NAV is below the floor.
    function checkKeeper(
        Run memory run,
        IRebalancer.Outcome memory outcome,
        uint256 gammaBefore,
        uint256 gammaAfter
    ) internal pure {
        uint256 nav = uint256(run.left.nav);
        IRebalancer.Limits memory limits = run.limits;
        uint256 gammaVolatility = volatilityUp(gammaAfter, nav);
        require(
            gammaVolatility <= limits.maxGammaVolatility || run.onlyReductions || gammaAfter <= gammaBefore,
            RebalanceErrors.GammaTooLarge(gammaVolatility, limits.maxGammaVolatility)
        );
        if (outcome.reduced) return;
        uint256 volatility = volatilityUp(outcome.varianceAfter, nav);
        uint256 most = FixedPointMathLib.fullMulDiv(outcome.varianceUnhedged, 1e18 - limits.minHedge, 1e18);
        bool hedged = outcome.varianceAfter <= most || volatilityUp(outcome.varianceUnhedged, nav) < limits.hedgeFloor;
        require(
            volatility <= limits.maxVolatility && hedged,
            RebalanceErrors.NeitherReducedNorHedged(
                outcome.varianceBefore,
                outcome.varianceAfter,
                outcome.varianceUnhedged,
                volatility
            )
        );
    }

    /// @notice v1 ≤ (1 − minShare)·v0, and cost ≤ min(λ·(v0 − v1)/NAV0, Σ notional·maxCost).
    /// @param notional Of all orders, USD, 1e18
    function checkHedge(Run memory run, IRebalancer.Outcome memory outcome, uint256 notional) internal pure {
        (uint256 was, uint256 now_) = (outcome.varianceBefore, outcome.varianceAfter);
        IRebalancer.PublicLimits memory limits = run.publicLimits;
        require(
            now_ <= FixedPointMathLib.fullMulDiv(was, 1e18 - limits.minShare, 1e18),
            RebalanceErrors.ReducedTooLittle(was, now_, limits.minShare)
        );
        if (outcome.navAfter >= outcome.navBefore) return;
        uint256 cost = uint256(outcome.navBefore - outcome.navAfter);
        uint256 worth = FixedPointMathLib.fullMulDiv(was - now_, limits.riskPrice, uint256(outcome.navBefore));
        uint256 most = FixedPointMathLib.min(worth, FixedPointMathLib.fullMulDiv(notional, limits.maxCost, 1e18));
        require(cost <= most, RebalanceErrors.HedgeTooDear(cost, most));
    }

    /// @notice √variance/NAV, 1e18, rounded up. Variance is USD² 1e18, so its root is USD 1e9.
    function volatilityUp(uint256 variance, uint256 nav) internal pure returns (uint256) {
        uint256 root = FixedPointMathLib.sqrt(variance);
        if (root * root < variance) ++root;
        return FixedPointMathLib.fullMulDivUp(root, 1e27, nav);
    }
}
