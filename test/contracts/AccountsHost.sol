// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bucket} from "../../contracts/types/Bucket.sol";
import {FeeMath} from "../../contracts/vault/FeeMath.sol";
import {ProductIndex} from "../../contracts/vault/ProductIndex.sol";

/// @notice Fees, a bucket and a product index, to be asked from outside.
contract AccountsHost {
    using Bucket for Bucket.State;
    using ProductIndex for ProductIndex.State;

    Bucket.State private _bucket;
    ProductIndex.State private _index;
    ProductIndex.Mark[] private _marks;

    // ── Fees ─────────────────────────────────────────────────────────────────────────────────────

    function managementSharesDown(uint256 supply, uint256 rate, uint256 elapsed) external pure returns (uint256) {
        return FeeMath.managementSharesDown(supply, rate, elapsed);
    }

    function performanceSharesDown(
        int256 nav,
        uint256 half,
        uint256 supply,
        uint256 mark,
        uint256 rate
    ) external pure returns (uint256 shares, uint256 newMark) {
        return FeeMath.performanceSharesDown(nav, half, supply, mark, rate);
    }

    function markAfterFlowUp(
        uint256 mark,
        int256 navBefore,
        uint256 supplyBefore,
        int256 navAfter,
        uint256 supplyAfter
    ) external pure returns (uint256) {
        return FeeMath.markAfterFlowUp(mark, navBefore, supplyBefore, navAfter, supplyAfter);
    }

    // ── Bucket ───────────────────────────────────────────────────────────────────────────────────

    function spend(uint256 amount, uint256 capacity, uint256 refillTime) external {
        _bucket.spend(amount, capacity, refillTime);
    }

    function spentNow(uint256 capacity, uint256 refillTime) external view returns (uint256) {
        return _bucket.spentNow(capacity, refillTime);
    }

    // ── Product index ────────────────────────────────────────────────────────────────────────────

    function enter() external {
        _index.mark(_marks.push());
    }

    function fill(uint256 total, uint256 shares, uint256 assets) external {
        _index.fill(total, shares, assets);
    }

    /// @notice Of each claim, in the order in which they came in.
    function claims(
        uint256[] calldata shares
    ) external view returns (uint256[] memory unfilled, uint256[] memory paid) {
        (unfilled, paid) = (new uint256[](shares.length), new uint256[](shares.length));
        for (uint256 k; k < shares.length; ++k) {
            (unfilled[k], paid[k]) = _index.followDown(_marks[k], shares[k]);
        }
    }
}
