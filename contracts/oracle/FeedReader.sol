// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @notice One round as a Chainlink proxy reports it. All zero if it could not be read.
/// @param id Round id, phase in the bits above the 64th
/// @param answer Feed units
/// @param startedAt Unix seconds
/// @param updatedAt Unix seconds, zero if the round has no data
/// @param answeredInRound Round that the answer was computed in; older than `id` if it was carried over
struct FeedRound {
    uint80 id;
    int256 answer;
    uint256 startedAt;
    uint256 updatedAt;
    uint256 answeredInRound;
}

/// @notice Reads a feed without ever reverting because of it: not if it reverts, has no code, returns too little, too much, or
/// burns the gas it is given.
/// @dev A failed read is an answer here ("bad price", "no such round"), so a caller must not be able to bring one about by
/// sending too little gas. Each read therefore forwards a fixed amount and reverts beforehand if that is not available.
library FeedReader {
    /// @notice Gas that a read may use. A proxy with its aggregator takes about 20,000.
    uint256 internal constant FEED_GAS = 150_000;

    error NotEnoughGas(uint256 left, uint256 needed);

    /// @return ok True if the feed returned a round, good or bad
    function latest(address feed) internal view returns (bool ok, FeedRound memory round) {
        ok = _read(feed, AggregatorV3Interface.latestRoundData.selector, 0, 4, round);
    }

    /// @return ok True if the feed returned a round, good or bad
    function at(address feed, uint80 id) internal view returns (bool ok, FeedRound memory round) {
        ok = _read(feed, AggregatorV3Interface.getRoundData.selector, id, 36, round);
    }

    /// @notice True if the round has data of its own: present, and not carried over from an earlier round.
    function isComplete(FeedRound memory round) internal pure returns (bool) {
        return round.updatedAt != 0 && round.answeredInRound >= round.id;
    }

    function _read(
        address feed,
        bytes4 selector,
        uint256 argument,
        uint256 size,
        FeedRound memory round
    ) private view returns (bool ok) {
        // A call hands on at most 63/64 of what is left.
        uint256 needed = FEED_GAS + FEED_GAS / 32;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
        bool fits;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 4), argument)
            // The returned words land in the struct: it has their order. At most 160 bytes are copied.
            ok := staticcall(FEED_GAS, feed, data, size, data, 160)
            ok := and(ok, gt(returndatasize(), 159))
            if ok {
                let id := mload(data)
                fits := iszero(shr(80, id))
                if fits {
                    mcopy(round, data, 160)
                }
            }
        }
        ok = ok && fits;
    }
}
