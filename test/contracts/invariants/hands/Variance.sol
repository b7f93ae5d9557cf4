// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Gamma, Portfolio} from "../../../../contracts/types/Portfolio.sol";
import {CovarianceOracle} from "../../../../contracts/risk/CovarianceOracle.sol";

/// @title The measure of a plan, reckoned a second time from the matrices: plainly, and apart from the code that is tried.
library Variance {
    uint256 internal constant YEAR = 365 days;

    /// @notice x'Σx + ½·h·tr((ΓΣ)²) under the matrix that makes it larger, USD² a year, 1e18, and its second term.
    function measure(
        CovarianceOracle oracle,
        int256[] memory x,
        Gamma[] memory gammas,
        uint256 horizon
    ) internal view returns (uint256 total, uint256 gammaPart) {
        (int256[] memory fast, int256[] memory slow) = oracle.covariance();
        (total, gammaPart) = _under(fast, x, gammas, horizon);
        (uint256 totalSlow, uint256 gammaSlow) = _under(slow, x, gammas, horizon);
        if (totalSlow > total) (total, gammaPart) = (totalSlow, gammaSlow);
    }

    /// @notice Of what is left without the hedge.
    function measureUnhedged(
        CovarianceOracle oracle,
        Portfolio memory held,
        uint256 horizon
    ) internal view returns (uint256 total) {
        int256[] memory x = new int256[](held.exposure.length);
        for (uint256 i; i < x.length; ++i) x[i] = held.exposure[i] - held.hedgeExposure[i];
        (total, ) = measure(oracle, x, held.gammas, horizon);
    }

    /// @notice √variance/NAV, 1e18.
    function volatility(uint256 variance, int256 nav) internal pure returns (uint256) {
        return nav <= 0 ? type(uint256).max : (FixedPointMathLib.sqrt(variance) * 1e27) / uint256(nav);
    }

    function _under(
        int256[] memory sigma,
        int256[] memory x,
        Gamma[] memory gammas,
        uint256 horizon
    ) private pure returns (uint256 total, uint256 gammaPart) {
        uint256 n = x.length;
        int256 sum;
        for (uint256 i; i < n; ++i) {
            for (uint256 j; j < n; ++j) sum += (((x[i] * x[j]) / 1e18) * sigma[i * n + j]) / 1e18;
        }
        int256 trace;
        for (uint256 p; p < gammas.length; ++p) {
            for (uint256 q; q < gammas.length; ++q) trace += _term(sigma, n, gammas[p], gammas[q]);
        }
        gammaPart = trace > 0 ? (uint256(trace) * horizon) / (2 * YEAR) : 0;
        total = (sum > 0 ? uint256(sum) : 0) + gammaPart;
    }

    /// @dev c_a·c_b·(u_a'Σu_b)²
    function _term(int256[] memory sigma, uint256 n, Gamma memory a, Gamma memory b) private pure returns (int256) {
        int256 m = _row(sigma, uint256(a.i) * n, b) - _row(sigma, uint256(a.j) * n, b);
        return (((a.c * m) / 1e18) * ((b.c * m) / 1e18)) / 1e18;
    }

    function _row(int256[] memory sigma, uint256 row, Gamma memory b) private pure returns (int256) {
        return sigma[row + b.i] - sigma[row + b.j];
    }
}
