// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Gamma} from "../types/Portfolio.sol";

/// @notice Covariance of log returns, computed on-chain from Chainlink's own rounds. No role can write it.
interface ICovarianceOracle {
    /// @notice What a plan did to the variance. All USD² a year, 1e18.
    /// @param before Of what was held before it
    /// @param gammaBefore The gamma part of that
    /// @param left Of what it left
    /// @param gammaLeft The gamma part of that
    /// @param unhedged Of what it left, without the hedge
    struct Comparison {
        uint256 before;
        uint256 gammaBefore;
        uint256 left;
        uint256 gammaLeft;
        uint256 unhedged;
    }

    /// @notice The asset set, in the order of every vector and matrix.
    function assets() external view returns (address[] memory);

    /// @notice True if at least `minHistory` is folded and the newest fold is no older than `maxAge`.
    function usable() external view returns (bool);

    /// @notice Annualised covariance with variance floors, by half-life.
    /// @return fast n×n, row-major, 1e18 = 1.0 a year
    /// @return slow n×n, row-major, 1e18 = 1.0 a year
    function covariance() external view returns (int256[] memory fast, int256[] memory slow);

    /// @notice x'Σx + ½·h·tr((ΓΣ)²), the larger under the two matrices.
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

    /// @notice The variances by which a plan is judged, at the price of reading the matrices once.
    /// @param before Exposure before the plan, USD, 1e18, by asset
    /// @param left Exposure after it
    /// @param hedge The part of `left` that the hedge contributes
    /// @param gammasBefore Rank-one terms c·uu' before the plan
    /// @param gammasLeft Rank-one terms after it, with the hedge or without
    /// @param horizon The rebalance horizon h, seconds
    function compare(
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge,
        Gamma[] calldata gammasBefore,
        Gamma[] calldata gammasLeft,
        uint256 horizon
    ) external view returns (Comparison memory);
}
