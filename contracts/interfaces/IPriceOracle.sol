// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Prices} from "../types/Prices.sol";

/// @notice The only judge of prices: everybody else takes its word.
interface IPriceOracle {
    /// @notice How one asset is priced.
    /// @param feed Chainlink proxy that answers in USD
    /// @param heartbeat Longest age of a good answer, seconds
    /// @param deviation Deviation threshold of the feed, 1e18 = 100%, a multiple of 1e9
    /// @param stableBand Largest distance from one dollar at which the price is good, 1e18 = 100%, a multiple of 1e9; zero for an asset that is
    /// not a stable
    struct Feed {
        address feed;
        uint32 heartbeat;
        uint64 deviation;
        uint64 stableBand;
    }

    /// @notice The configured feed of an asset. All zero if there is none.
    function feedOf(address asset) external view returns (Feed memory);

    /// @notice Never reverts on a bad feed: `ok` is false then and the figures are the last ones that could be read, or zero.
    /// @return mid USD per whole token, 1e18
    /// @return half Half-width of the band, USD per whole token, 1e18
    /// @return ok True if the price may be used
    function price(address asset) external view returns (uint256 mid, uint256 half, bool ok);

    /// @notice When the round was published that `price` reads, unix seconds; zero if it cannot be read.
    function updatedAt(address asset) external view returns (uint256);

    /// @notice `price` over an ordered asset set.
    function snapshot(address[] calldata assets) external view returns (Prices memory);

    /// @notice `snapshot` of some of the assets only. The prices of the others are zero, and `ok` does not speak of them.
    /// @param which Bit k stands for the k-th of `assets`
    function snapshotOf(address[] calldata assets, uint256 which) external view returns (Prices memory);
}
