// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Run} from "./Run.sol";

/// @title What a stranger is paid back for gas: never more than the gas was worth, so that calling is never a business.
library Bounty {
    /// @notice Gas that is spent outside the measured part: the transaction itself, its data, the payment and the end of the call.
    uint256 internal constant OVERHEAD = 80_000;

    /// @notice Priority fee that is refunded at most, wei. More would go from the vault to a block's builder, who may be the caller.
    uint256 internal constant MAX_PRIORITY_FEE = 2 gwei;

    /// @notice USD, 1e18, rounded down: gas at its price, at most `maxBounty` and `maxCost` of what was moved.
    /// @param gasUsed By the call so far
    /// @param moved USD, 1e18
    function usdDown(Run memory run, uint256 gasUsed, uint256 moved) internal view returns (uint256) {
        IRebalancer.PublicLimits memory limits = run.publicLimits;
        if (!run.prices.ok || limits.gasAsset == address(0)) return 0;
        uint256 i;
        while (run.assets[i] != limits.gasAsset) ++i;
        uint256 price = FixedPointMathLib.min(tx.gasprice, block.basefee + MAX_PRIORITY_FEE);
        uint256 usd = FixedPointMathLib.fullMulDiv((gasUsed + OVERHEAD) * price, run.prices.mid[i], 1e18);
        usd = FixedPointMathLib.min(usd, limits.maxBounty);
        return FixedPointMathLib.min(usd, FixedPointMathLib.fullMulDiv(moved, limits.maxCost, 1e18));
    }
}
