// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @dev Shares and USD (1e18) added to supply and NAV in every conversion: a millionth of a dollar. With the ledger it keeps the first depositor from
/// pricing out the second, and an empty vault's first share at a dollar.
uint256 constant VIRTUAL_SHARES = 1e12;
