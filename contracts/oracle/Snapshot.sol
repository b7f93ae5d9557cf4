// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Prices} from "../types/Prices.sol";

/// @title A price snapshot as it travels.
/// @dev In memory it has the layout of its ABI encoding, with pointers where that has offsets: 0x20, then [mid, half, ok], [n, mid...], [n, half...]. So
/// neither the oracle that answers nor the vault that asks copies it word by word.
library Snapshot {
    error Malformed(address oracle);

    /// @notice A snapshot of `n` prices, all zero.
    function blank(uint256 n) internal pure returns (Prices memory prices) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            let size := add(0xc0, shl(6, n))
            mstore(0x40, add(start, size))
            calldatacopy(start, calldatasize(), size)
            mstore(start, 0x20)
            prices := add(start, 0x20)
            mstore(add(prices, 0x60), n)
            mstore(add(prices, add(0x80, shl(5, n))), n)
            mstore(prices, add(prices, 0x60))
            mstore(add(prices, 0x20), add(prices, add(0x80, shl(5, n))))
        }
    }

    /// @notice Ends the call with a snapshot that `blank` made.
    function answer(Prices memory prices) internal pure {
        assembly ("memory-safe") {
            let n := mload(add(prices, 0x60))
            mstore(prices, 0x60)
            mstore(add(prices, 0x20), add(0x80, shl(5, n)))
            return(sub(prices, 0x20), add(0xc0, shl(6, n)))
        }
    }

    /// @notice `IPriceOracle.snapshotOf`. An answer of any other layout than that of `blank` is refused.
    /// @param words The assets, in the lower 160 bits of each word from the `skip`th on
    function ask(
        address oracle,
        uint256[] memory words,
        uint256 skip,
        uint256 which
    ) internal view returns (Prices memory prices) {
        bytes4 selector = IPriceOracle.snapshotOf.selector;
        uint256 n = words.length - skip;
        bool fits;
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, selector)
            mstore(add(start, 0x04), 0x40)
            mstore(add(start, 0x24), which)
            mstore(add(start, 0x44), n)
            let from := add(words, shl(5, add(skip, 1)))
            let to := add(start, 0x64)
            for {
                let end := add(to, shl(5, n))
            } lt(to, end) {
                to := add(to, 0x20)
                from := add(from, 0x20)
            } {
                mstore(to, and(mload(from), 0xffffffffffffffffffffffffffffffffffffffff))
            }
            let size := add(0xc0, shl(6, n))
            if iszero(staticcall(gas(), oracle, start, sub(to, start), start, size)) {
                returndatacopy(start, 0, returndatasize())
                revert(start, returndatasize())
            }
            prices := add(start, 0x20)
            let half := add(0x80, shl(5, n))
            mstore(0x40, add(start, size))
            // Pointers take the place of these offsets.
            fits := and(eq(returndatasize(), size), eq(mload(start), 0x20))
            fits := and(fits, and(eq(mload(prices), 0x60), eq(mload(add(prices, 0x20)), half)))
            fits := and(fits, and(eq(mload(add(prices, 0x60)), n), eq(mload(add(prices, half)), n)))
            fits := and(fits, lt(mload(add(prices, 0x40)), 2))
            mstore(prices, add(prices, 0x60))
            mstore(add(prices, 0x20), add(prices, half))
        }
        require(fits, Malformed(oracle));
    }
}
