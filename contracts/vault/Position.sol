// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";
import {ProductIndex} from "./ProductIndex.sol";

/// @title What one controller has in the queue, and how few words of storage hold it.
///
/// @dev A position that was used for one request is one word: its shares, and the batch that they joined. What became of them is worked out when the
/// position is touched. The other words are in use only where it has something in them, and the first one says which.
library Position {
    using ProductIndex for ProductIndex.State;
    using SafeCastLib for uint256;

    /// @notice A position, brought up to date.
    /// @param newest Shares of `batch` that are not due
    /// @param before Shares of the batch before it that are not due
    /// @param due Shares in the pool
    struct Now {
        uint256 batch;
        uint256 newest;
        uint256 before;
        uint256 due;
        uint256 claimableShares;
        uint256 claimableAssets;
    }

    /// @param shares The newest that wait: they joined `batch`, or are due since `mark` was made
    /// @param isDue Which of the two
    /// @param hasRest True if `rest` is in use
    /// @param hasFilled True if `filled` is in use
    struct Head {
        uint128 shares;
        uint48 batch;
        bool isDue;
        bool hasRest;
        bool hasFilled;
    }

    /// @param due Shares in the pool when `mark` was made, where the head has others
    /// @param before Shares that joined the batch before the head's
    struct Rest {
        uint128 due;
        uint128 before;
    }

    struct Filled {
        uint128 shares;
        uint128 assets;
    }

    struct State {
        Head head;
        Rest rest;
        Filled filled;
        ProductIndex.Mark mark;
    }

    /// @param marks Where the index stood when a batch became due, by batch
    function load(
        State storage self,
        ProductIndex.State storage index,
        mapping(uint256 batch => ProductIndex.Mark) storage marks
    ) internal view returns (Now memory p) {
        Head memory head = self.head;
        if (head.hasFilled) (p.claimableShares, p.claimableAssets) = (self.filled.shares, self.filled.assets);
        if (head.isDue) _count(p, index, self.mark, head.shares);
        else if (head.shares > 0) {
            p.batch = head.batch;
            p.newest = _countIfDue(p, index, marks[head.batch], head.shares);
        }
        if (!head.hasRest) return p;
        Rest memory rest = self.rest;
        if (rest.due > 0) _count(p, index, self.mark, rest.due);
        if (rest.before > 0) p.before = _countIfDue(p, index, marks[head.batch - 1], rest.before);
    }

    /// @notice Keep a position that was loaded, and changed or not.
    function save(State storage self, ProductIndex.State storage index, Now memory p) internal {
        (uint256 shares, uint256 batch, uint256 before, uint256 due) = (p.newest, p.batch, p.before, p.due);
        bool isDue;
        if (shares == 0) {
            if (before > 0) (shares, batch, before) = (before, batch - 1, 0);
            else (shares, batch, due, isDue) = (due, 0, 0, due > 0);
        }
        bool hasRest = before > 0 || due > 0;
        bool hasFilled = p.claimableShares > 0 || p.claimableAssets > 0;

        // The head still says what was in use.
        if (hasRest || self.head.hasRest) self.rest = Rest(due.toUint128(), before.toUint128());
        if (hasFilled || self.head.hasFilled) {
            self.filled = Filled(p.claimableShares.toUint128(), p.claimableAssets.toUint128());
        }
        if (p.due > 0) index.mark(self.mark);
        else if (self.head.isDue || self.head.hasRest) delete self.mark;
        self.head = Head(shares.toUint128(), uint48(batch), isDue, hasRest, hasFilled);
    }

    function unfilled(Now memory p) internal pure returns (uint256) {
        return p.due + p.before + p.newest;
    }

    function _countIfDue(
        Now memory p,
        ProductIndex.State storage index,
        ProductIndex.Mark storage mark,
        uint256 shares
    ) private view returns (uint256 waits) {
        if (mark.product == 0) return shares;
        _count(p, index, mark, shares);
    }

    function _count(
        Now memory p,
        ProductIndex.State storage index,
        ProductIndex.Mark storage mark,
        uint256 shares
    ) private view {
        (uint256 left, uint256 paid) = index.followDown(mark, shares);
        p.due += left;
        p.claimableShares += shares - left;
        p.claimableAssets += paid;
    }
}
