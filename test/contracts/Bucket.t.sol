// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bucket} from "../../contracts/types/Bucket.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Whatever is asked of a bucket and whenever, no time of its length sees two capacities.
contract BucketFuzzTest {
    using Bucket for Bucket.State;

    uint256 private constant REFILL = 3600;
    uint256 private constant START = 1_700_000_000;

    Bucket.State private _bucket;

    function spend(uint256 amount, uint256 capacity) external {
        _bucket.spend(amount, capacity, REFILL);
    }

    function testFuzz_spendsWhatIsLeftAndNotAUnitMore(uint256 capacity, uint256 first, uint256 wait) public {
        vm.warp(START);
        capacity = bound(capacity, 1, 1e36);
        first = bound(first, 0, capacity);
        wait = bound(wait, 0, 2 * REFILL);
        _bucket.spend(first, capacity, REFILL);
        require(_bucket.left(capacity, REFILL) == capacity - first, "left at once");
        vm.warp(START + wait);
        uint256 drained = (capacity * wait) / REFILL;
        uint256 spent = drained >= first ? 0 : first - drained;
        require(_bucket.spentNow(capacity, REFILL) == spent, "drained");
        uint256 left = capacity - spent;
        try this.spend(left + 1, capacity) {
            revert("spent more than was left");
        } catch (bytes memory reason) {
            bytes memory expected = abi.encodeWithSelector(Bucket.Overspent.selector, left + 1, left);
            require(keccak256(reason) == keccak256(expected), "the reason");
        }
        _bucket.spend(left, capacity, REFILL);
        require(_bucket.left(capacity, REFILL) == 0, "nothing left");
    }

    /// @dev Sixteen greedy spenders at arbitrary times within one refill time: never more than what linear refilling allows in all.
    function testFuzz_neverTwoCapacitiesInOneRefillTime(uint256 capacity, uint256[16] memory waits) public {
        capacity = bound(capacity, REFILL, 1e36);
        uint256 now_ = START;
        uint256 total;
        for (uint256 i; i < waits.length; ++i) {
            now_ += bound(waits[i], 0, REFILL / 16);
            vm.warp(now_);
            uint256 left = _bucket.left(capacity, REFILL);
            total += left;
            _bucket.spend(left, capacity, REFILL);
        }
        require(total <= capacity + (capacity * (now_ - START)) / REFILL, "more than linear refilling");
        require(total < 2 * capacity, "two capacities");
    }

    function testFuzz_aSmallerCapacityLeavesNothingUntilItHasDrained(uint256 before, uint256 smaller) public {
        vm.warp(START);
        before = bound(before, 2, 1e36);
        smaller = bound(smaller, 1, before - 1);
        _bucket.spend(before, before, REFILL);
        require(_bucket.left(smaller, REFILL) == 0, "room in a smaller bucket");
        require(_bucket.spentNow(smaller, REFILL) == before, "spent is what it was");
    }

    /// @dev Spending nothing every second must not keep a bucket from draining by rounding.
    function testFuzz_nothingSpentChangesNothing(uint256 capacity, uint256 wait) public {
        vm.warp(START);
        capacity = bound(capacity, 1, REFILL);
        wait = bound(wait, 0, 64);
        _bucket.spend(capacity, capacity, REFILL);
        for (uint256 i = 1; i <= wait; ++i) {
            vm.warp(START + i);
            _bucket.spend(0, capacity, REFILL);
        }
        require(_bucket.spentNow(capacity, REFILL) == capacity - (capacity * wait) / REFILL, "kept from draining");
    }
}
