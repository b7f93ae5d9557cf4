// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Plan} from "../types/Plan.sol";

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
    /// @param horizon The rebalance horizon h of the gamma term, seconds
    struct Limits {
        uint64 maxVolatility;
        uint64 minHedge;
        uint64 hedgeFloor;
        uint64 maxGammaVolatility;
        uint64 maxLoss;
        uint64 poolBand;
        uint64 minMarginRatio;
        uint32 horizon;
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

    event Rebalanced(uint256 indexed epoch, bytes32 indexed decisionHash, Outcome outcome, bool onlyReductions);
    event LimitsSet(Limits limits);

    function vault() external view returns (address);
    function epoch() external view returns (uint256);
    function limits() external view returns (Limits memory);

    /// @notice Carry out a plan, or revert with the reason. Keeper only.
    function rebalance(Plan calldata plan) external returns (Outcome memory);
}
