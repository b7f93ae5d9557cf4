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
    /// @dev A cell has 85 bits.
    uint256 private constant MASK = 0x1fffffffffffffffffffff;

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
    function fold(
        int256[] memory cells,
        int256[] memory r,
        uint256 elapsed,
        uint256 keepFast,
        uint256 keepSlow
    ) internal pure {
        for (uint256 i; i < r.length; ++i) r[i] = FixedPointMathLib.clamp(r[i], -MAX_RETURN, MAX_RETURN);
        _fold(cells, 0, r, keepFast, ((1e18 - keepFast) * YEAR) / elapsed);
        _fold(cells, 1, r, keepSlow, ((1e18 - keepSlow) * YEAR) / elapsed);
    }

    /// @dev cell ← (cell·keep + r_i·r_j·add/1e13)/1e18 along the upper triangle, every other cell from `offset`.
    /// `add` is (1−w)/Δt, a year, 1e18. |cell| < 2^84, |r| ≤ 4e16: every product is below 2^182.
    function _fold(int256[] memory cells, uint256 offset, int256[] memory r, uint256 kept, uint256 add_) private pure {
        assembly ("memory-safe") {
            let cell := add(add(cells, 32), shl(5, offset))
            let first := add(r, 32)
            let end := add(first, shl(5, mload(r)))
            for {
                let ri := first
            } lt(ri, end) {
                ri := add(ri, 32)
            } {
                let factor := mul(mload(ri), add_)
                for {
                    let rj := ri
                } lt(rj, end) {
                    rj := add(rj, 32)
                } {
                    let fresh := sdiv(mul(factor, mload(rj)), 10000000000000)
                    mstore(cell, sdiv(add(mul(mload(cell), kept), fresh), 1000000000000000000))
                    cell := add(cell, 64)
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
        bool scaled;
        uint256 k = offset;
        unchecked {
            for (uint256 i; i < n; ++i) {
                uint256 own = seen == 0 ? 0 : (_at(cells, k) * 1e17) / seen;
                uint256 floor = floors[i];
                if (own < floor) {
                    (scale[i], scaled) = (_scaleDown(floor, own), true);
                    own = floor;
                } else scale[i] = 1e18;
                sigma[i * n + i] = int256(own);
                k += 2 * (n - i);
            }
        }
        if (seen != 0) _fillOffDiagonal(sigma, cells, offset, seen, scale, scaled);
    }

    /// @dev Σ_ij = cell·1e17/seen·s_i·s_j/1e36, both halves. |cell| < 2^84 and scales are at most 3e18: below 2^205.
    function _fillOffDiagonal(
        int256[] memory sigma,
        int256[] memory cells,
        uint256 offset,
        uint256 seen,
        uint256[] memory scale,
        bool scaled
    ) private pure {
        assembly ("memory-safe") {
            let width := shl(5, mload(scale))
            let cell := add(add(cells, 32), shl(5, offset))
            let end := add(add(scale, 32), width)
            let diagonal := add(sigma, 32)
            for {
                let si := add(scale, 32)
            } lt(si, end) {
                si := add(si, 32)
            } {
                let right := diagonal
                let down := diagonal
                for {
                    let sj := add(si, 32)
                } lt(sj, end) {
                    sj := add(sj, 32)
                } {
                    cell := add(cell, 64)
                    right := add(right, 32)
                    down := add(down, width)
                    let entry := sdiv(mul(mload(cell), 100000000000000000), seen)
                    if scaled {
                        entry := sdiv(mul(entry, mul(mload(si), mload(sj))), 1000000000000000000000000000000000000)
                    }
                    mstore(right, entry)
                    mstore(down, entry)
                }
                cell := add(cell, 64)
                diagonal := add(diagonal, add(width, 32))
            }
        }
    }

    /// @dev A cell of the diagonal, which is never negative.
    function _at(int256[] memory cells, uint256 k) private pure returns (uint256 cell) {
        assembly ("memory-safe") {
            cell := mload(add(add(cells, 32), shl(5, k)))
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
            for {
                let slot := words.slot
            } lt(to, end) {
                slot := add(slot, 1)
            } {
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
        assembly ("memory-safe") {
            let from := add(cells, 32)
            let end := add(from, shl(5, mload(cells)))
            for {
                let slot := words.slot
            } lt(from, end) {
                slot := add(slot, 1)
            } {
                let word := and(mload(from), MASK)
                from := add(from, 32)
                if lt(from, end) {
                    word := or(word, shl(85, and(mload(from), MASK)))
                }
                from := add(from, 32)
                if lt(from, end) {
                    word := or(word, shl(170, and(mload(from), MASK)))
                }
                from := add(from, 32)
                sstore(slot, word)
            }
        }
    }
}
