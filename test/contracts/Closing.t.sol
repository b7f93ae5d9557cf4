// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeLeg} from "../../contracts/interfaces/IHedgeLeg.sol";
import {Closing} from "../../contracts/legs/Closing.sol";
import {bound} from "./Vm.sol";

/// @notice What closing costs: at a depth that is enough, and at one that is not.
contract ClosingTest {
    /// A market of 1,000 base tokens at 2,000 with a fee of 0.3%.
    function _quote(uint256 depth) private pure returns (IHedgeLeg.Quote memory quoted) {
        (quoted.price, quoted.fee, quoted.depth) = (2_000e18, 0.003e18, depth);
    }

    function test_buyingBackCostsFeeAndImpact() external pure {
        // 100 of 1,000 base tokens cost a ninth more than their price; the gap is a hundred times 20.
        (uint256 cost, uint256 gap) = Closing.costUp(_quote(1_000e18), -100e18, 1_980e18);
        require(cost == 600e18 + uint256(200_000e18) / 9 + 1, "cost");
        require(gap == 2_000e18, "gap");
    }

    function test_sellingLosesLess() external pure {
        (uint256 cost, ) = Closing.costUp(_quote(1_000e18), 100e18, 1_980e18);
        require(cost == 600e18 + uint256(200_000e18) / 11 + 1, "cost");
    }

    function test_theHigherPriceCounts() external pure {
        (uint256 cost, uint256 gap) = Closing.costUp(_quote(1e60), -1e18, 2_100e18);
        require(cost == 6.3e18 + 1, "cost");
        require(gap == 100e18, "gap");
    }

    function testFuzz_inAThinMarketTheWholeNotionalIsAtRisk(uint256 size, uint256 depth) external pure {
        size = bound(size, 1, 1e30);
        depth = bound(depth, 0, 2 * size);
        (uint256 cost, ) = Closing.costUp(_quote(depth), -int256(size), 2_000e18);
        require(cost == size * 2_000, "thin");
    }

    function testFuzz_growsWithTheSizeAndNeverJumpsDown(uint256 size, uint256 more) external pure {
        size = bound(size, 1, 1_000e18);
        more = bound(more, size, 1_000e18);
        (uint256 cost, ) = Closing.costUp(_quote(1_000e18), -int256(size), 2_000e18);
        (uint256 larger, ) = Closing.costUp(_quote(1_000e18), -int256(more), 2_000e18);
        require(larger >= cost, "falls");
    }
}
