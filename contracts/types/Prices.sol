// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice A price snapshot over an ordered asset set, taken once and used for a whole operation.
/// @param mid USD per whole token, 1e18
/// @param half Half-width of the price's band (the feed's deviation threshold times `mid`), USD per whole token, 1e18
/// @param ok True if every price of the set is good
struct Prices {
    uint256[] mid;
    uint256[] half;
    bool ok;
}
