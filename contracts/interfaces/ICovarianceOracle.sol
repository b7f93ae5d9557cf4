// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Gamma} from "../types/Portfolio.sol";

/// @notice Covariance of log returns, computed on-chain from Chainlink's own rounds. No role can write it.
interface ICovarianceOracle {
    /// @notice What moves a portfolio.
    /// @param exposure USD, 1e18, by asset
    /// @param gammas Rank-one terms c·uu'
    struct Greeks {
        int256[] exposure;
        Gamma[] gammas;
    }

    /// @param total x'Σx + ½·h·tr((ΓΣ)²), USD² a year, 1e18
    /// @param gammaPart The second term alone, USD² a year, 1e18
    struct Variance {
        uint256 total;
        uint256 gammaPart;
    }

    /// @notice The asset set, in the order of every vector and matrix.
    function assets() external view returns (address[] memory);

    /// @notice True if at least `minHistory` is folded and the newest fold is no older than `maxAge`.
    function usable() external view returns (bool);

    /// @notice Annualised covariance with variance floors, by half-life.
    /// @return fast n×n, row-major, 1e18 = 1.0 a year
    /// @return slow n×n, row-major, 1e18 = 1.0 a year
    function covariance() external view returns (int256[] memory fast, int256[] memory slow);

    /// @notice x'Σx + ½·h·tr((ΓΣ)²) of each portfolio, the larger under the two matrices, which are read once for all of them.
    /// @param horizon The rebalance horizon h, seconds
    /// @return By portfolio; both parts under the same matrix
    function variances(
        Greeks[] calldata portfolios,
        uint256 horizon
    ) external view returns (Variance[] memory);

    /// @notice The same of one portfolio.
    /// @param exposure USD, 1e18, by asset
    /// @param gammas Rank-one terms c·uu'
    /// @param horizon The rebalance horizon h, seconds
    /// @return total USD² a year, 1e18
    /// @return gammaPart The second term alone, under the same matrix, USD² a year, 1e18
    function variance(
        int256[] calldata exposure,
        Gamma[] calldata gammas,
        uint256 horizon
    ) external view returns (uint256 total, uint256 gammaPart);
}
