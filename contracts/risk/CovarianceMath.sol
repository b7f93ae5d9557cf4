// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @notice The arithmetic of two exponentially weighted covariance matrices, fast and slow.
/// @dev A matrix is its upper triangle, row by row; the two are interleaved: cell 2k is fast, cell 2k+1 is slow. Cells are annualised,
/// 1e19 = 1.0 a year, and start at zero, so that a matrix is Σ only after division by the weight that it has seen.
library CovarianceMath {
    /// @notice Largest log return that is folded, 1e16 = 1.0: bounds what a broken answer can do, and every product below.
    int256 internal constant MAX_RETURN = 4e16;
    /// @notice Most by which a floor may scale a row, 1e18.
    uint256 internal constant MAX_SCALE = 3e18;
    uint256 internal constant YEAR = 365 days;
    /// @dev ln 2, 1e18
    uint256 private constant LN2 = 693147180559945309;
    uint256 private constant BITS = 85;
    uint256 private constant MASK = (1 << BITS) - 1;

    /// @notice Cells of both matrices for n assets.
    function cellCount(uint256 n) internal pure returns (uint256) {
        return n * (n + 1);
    }

    /// @notice Log price, 1e16 = 1.0, of a positive answer, up to the constant of its decimals.
    function logPrice(int256 answer) internal pure returns (int64) {
        return int64(FixedPointMathLib.lnWad(answer) / 100);
    }

    /// @notice The share of the old estimate that is kept after `elapsed`: 2^(−elapsed/halfLife), 1e18.
    function keep(uint256 elapsed, uint256 halfLife) internal pure returns (uint256) {
        return uint256(FixedPointMathLib.expWad(-int256((LN2 * elapsed) / halfLife)));
    }

    /// @notice Σ ← wΣ + (1−w)·rr'/Δt, in both matrices.
    /// @param cells In and out
    /// @param r Log returns over `elapsed`, 1e16 = 1.0, capped here
    /// @param elapsed Δt, seconds
    function fold(int256[] memory cells, int256[] memory r, uint256 elapsed, uint256 keepFast, uint256 keepSlow) internal pure {
        uint256 n = r.length;
        for (uint256 i; i < n; ++i) _set(r, i, FixedPointMathLib.clamp(_get(r, i), -MAX_RETURN, MAX_RETURN));
        _fold(cells, 0, r, int256(keepFast), int256(((1e18 - keepFast) * YEAR) / elapsed));
        _fold(cells, 1, r, int256(keepSlow), int256(((1e18 - keepSlow) * YEAR) / elapsed));
    }

    /// @dev `add` is (1−w)/Δt, a year, 1e18. |cell| < 2^84, |r| ≤ 4e16: every product is below 2^182.
    function _fold(int256[] memory cells, uint256 offset, int256[] memory r, int256 keep_, int256 add) private pure {
        unchecked {
            uint256 n = r.length;
            uint256 k = offset;
            for (uint256 i; i < n; ++i) {
                int256 ri = _get(r, i) * add;
                for (uint256 j = i; j < n; ++j) {
                    int256 cell = _get(cells, k) * keep_;
                    cell += (ri * _get(r, j)) / 1e13;
                    _set(cells, k, cell / 1e18);
                    k += 2;
                }
            }
        }
    }

    /// @notice Σ with variance floors.
    /// @dev Where Σ_ii is below its floor, row and column i are scaled by s_i = min(√(floor/Σ_ii), 3), which keeps every correlation,
    /// and what is still missing is added to the diagonal. DΣD and a non-negative diagonal keep Σ positive semidefinite:
    /// a quiet week does not look safe, and a hedge does not stop being one.
    /// @param offset 0 fast, 1 slow
    /// @param seen Total weight folded, 1e18; zero before the first fold, which leaves the floors alone
    /// @param floors Variance a year, 1e18
    /// @return sigma Row-major n×n, 1e18
    function floored(
        int256[] memory cells,
        uint256 offset,
        uint256 seen,
        uint256[] memory floors
    ) internal pure returns (int256[] memory sigma) {
        uint256 n = floors.length;
        sigma = new int256[](n * n);
        uint256[] memory scale = new uint256[](n);
        unchecked {
            uint256 k = offset;
            bool asIs = true;
            for (uint256 i; i < n; ++i) {
                uint256 floor = floors[i];
                uint256 own = seen == 0 ? 0 : (uint256(_get(cells, k)) * 1e17) / seen;
                k += 2 * (n - i);
                if (own < floor) {
                    scale[i] = _scaleDown(floor, own);
                    own = floor;
                    asIs = false;
                } else scale[i] = 1e18;
                _set(sigma, i * n + i, int256(own));
            }
            if (seen == 0) return sigma;
            k = offset;
            for (uint256 i; i < n; ++i) {
                uint256 si = scale[i];
                for (uint256 j = i + 1; j < n; ++j) {
                    k += 2;
                    // |cell| < 2^84, scales are at most 3e18: below 2^205.
                    int256 entry = (_get(cells, k) * 1e17) / int256(seen);
                    if (!asIs) entry = (entry * int256(si * scale[j])) / 1e36;
                    _set(sigma, i * n + j, entry);
                    _set(sigma, j * n + i, entry);
                }
                k += 2;
            }
        }
    }

    /// @dev Rounded down, so that s²Σ_ii never exceeds the floor.
    function _scaleDown(uint256 floor, uint256 own) private pure returns (uint256) {
        if (own == 0) return MAX_SCALE;
        return FixedPointMathLib.min(FixedPointMathLib.sqrt((floor * 1e36) / own), MAX_SCALE);
    }

    // ------------------------------------------------------------------------------------------------ storage

    /// @notice Cells from storage, three to a word.
    function load(uint256[24] storage words, uint256 n) internal view returns (int256[] memory cells) {
        uint256 count = cellCount(n);
        assembly ("memory-safe") {
            cells := mload(0x40)
            mstore(cells, count)
            let to := add(cells, 32)
            let end := add(to, shl(5, count))
            // The last word may hold fewer than three cells: up to two more are written behind the array, in reserved memory.
            mstore(0x40, add(end, 64))
            for { let slot := words.slot } lt(to, end) { slot := add(slot, 1) } {
                let word := sload(slot)
                mstore(to, signextend_85(word))
                mstore(add(to, 32), signextend_85(shr(85, word)))
                mstore(add(to, 64), signextend_85(shr(170, word)))
                to := add(to, 96)
            }
            function signextend_85(value) -> cell {
                cell := sar(171, shl(171, value))
            }
        }
    }

    /// @notice Cells to storage.
    function save(uint256[24] storage words, int256[] memory cells) internal {
        uint256 count = cells.length;
        unchecked {
            for (uint256 k; k < count; k += 3) {
                uint256 word = uint256(_get(cells, k)) & MASK;
                if (k + 1 < count) word |= (uint256(_get(cells, k + 1)) & MASK) << BITS;
                if (k + 2 < count) word |= (uint256(_get(cells, k + 2)) & MASK) << (2 * BITS);
                words[k / 3] = word;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ unchecked access

    function _get(int256[] memory array, uint256 k) private pure returns (int256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(array, 32), shl(5, k)))
        }
    }

    function _set(int256[] memory array, uint256 k, int256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(array, 32), shl(5, k)), value)
        }
    }
}
