// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @notice The arithmetic of two exponentially weighted covariance matrices, fast and slow.
/// @dev A matrix is its upper triangle, row by row; the two are interleaved: cell 2k is fast, cell 2k+1 is slow. Cells start at zero, so
/// that a matrix is Σ only after division by the weight that it has seen.
///
/// WIDTH. A cell is the covariance over one grid step, 4e17 = 1.0, in 64 bits. It is a weighted mean, of total weight one at most, of products of
/// returns that are capped at 4.0 and span a grid step or more: |cell| ≤ 16·4e17 = 6.4e18 < 2^63, for ever. One unit is the square of a
/// return of 1.6e-9, a sixth of the last digit of a dollar in 8 decimals. Each fold rounds to nearest: a cell is off by ½/(1−w) units at most,
/// and by a few where rounding falls as it may.
library CovarianceMath {
    /// @notice Largest log return that is folded, 1e16 = 1.0: bounds what a broken answer can do, and every product below.
    int256 internal constant MAX_RETURN = 4e16;
    /// @notice Most by which a floor may scale a row, 1e18.
    uint256 internal constant MAX_SCALE = 3e18;
    /// @dev ln 2, 1e18
    uint256 private constant LN2 = 693147180559945309;
    /// @dev A year, from a cell over a grid step times seen (4e17 · 1e18) to 1e18. Literals alone are multiplied by the compiler.
    uint256 private constant ANNUAL = 365 days * 25e17;

    /// @notice Cells of both matrices for n assets.
    function cellCount(uint256 n) internal pure returns (uint256) {
        unchecked {
            return n * (n + 1);
        }
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
    /// @param elapsed Δt, seconds, at least `step`
    /// @param step Grid step, seconds
    function fold(
        int256[] memory cells,
        int256[] memory r,
        uint256 elapsed,
        uint256 step,
        uint256 keepFast,
        uint256 keepSlow
    ) internal pure {
        _cap(r);
        uint256 addFast = ((1e18 - keepFast) * step) / elapsed;
        uint256 addSlow = ((1e18 - keepSlow) * step) / elapsed;
        // cell ← (cell·keep + r_i·r_j·add/2.5e14)/1e18, rounded to nearest: 2^64 more before the division and less after it keeps the
        // dividend positive. |cell| < 2^63, |r| ≤ 4e16: every product is below 2^171.
        assembly ("memory-safe") {
            let cell := add(cells, 32)
            let first := add(r, 32)
            let end := add(first, shl(5, mload(r)))
            for {
                let ri := first
            } lt(ri, end) {
                ri := add(ri, 32)
            } {
                for {
                    let rj := ri
                } lt(rj, end) {
                    rj := add(rj, 32)
                } {
                    let product := mul(mload(ri), mload(rj))
                    // 2^64·1e18 + 5e17
                    let fresh := add(
                        sdiv(mul(product, addFast), 250000000000000),
                        18446744073709551616500000000000000000
                    )
                    fresh := div(add(fresh, mul(mload(cell), keepFast)), 1000000000000000000)
                    mstore(cell, sub(fresh, 18446744073709551616))
                    cell := add(cell, 32)
                    fresh := add(sdiv(mul(product, addSlow), 250000000000000), 18446744073709551616500000000000000000)
                    fresh := div(add(fresh, mul(mload(cell), keepSlow)), 1000000000000000000)
                    mstore(cell, sub(fresh, 18446744073709551616))
                    cell := add(cell, 32)
                }
            }
        }
    }

    /// @dev r_i ← r_i, or ±MAX_RETURN where it is beyond.
    function _cap(int256[] memory r) private pure {
        assembly ("memory-safe") {
            let last := add(r, shl(5, mload(r)))
            for {} lt(r, last) {} {
                r := add(r, 32)
                let value := mload(r)
                if sgt(value, MAX_RETURN) {
                    mstore(r, MAX_RETURN)
                }
                if slt(value, sub(0, MAX_RETURN)) {
                    mstore(r, sub(0, MAX_RETURN))
                }
            }
        }
    }

    /// @notice Turns cells into Σ with variance floors, a year, 1e18.
    /// @dev Where Σ_ii is below its floor, row and column i are scaled by s_i = min(√(floor/Σ_ii), 3), which keeps every correlation,
    /// and what is still missing is added to the diagonal. DΣD and a non-negative diagonal keep Σ positive semidefinite:
    /// a quiet week does not look safe, and a hedge does not stop being one.
    /// @param cells In; out they are the coefficients of the quadratic form, see RiskMath
    /// @param seenFast Total weight folded into the fast matrix, 1e18; zero before the first fold, which leaves the floors alone
    /// @param seenSlow The same of the slow one
    /// @param step Grid step, seconds
    /// @param floors Variance a year, 1e18
    function annualise(
        int256[] memory cells,
        uint256 seenFast,
        uint256 seenSlow,
        uint256 step,
        uint256[] memory floors
    ) internal pure {
        // Before the first fold every cell is zero, over whatever.
        (uint256 fast, uint256 slow) = seenFast == 0 ? (1, 1) : (seenFast * step, seenSlow * step);
        uint256[] memory scales;
        uint256 cell;
        uint256 scale;
        uint256 floor;
        uint256 end;
        assembly ("memory-safe") {
            // Two for each asset; every word is written below.
            scales := mload(0x40)
            mstore(scales, shl(1, mload(floors)))
            mstore(0x40, add(add(scales, 32), shl(6, mload(floors))))
            cell := add(cells, 32)
            scale := add(scales, 32)
            floor := add(floors, 32)
            end := add(floor, shl(5, mload(floors)))
        }
        // Pointers to the diagonal's cells, to s_i and to the floors.
        unchecked {
            for (; floor < end; floor += 32) {
                _floorDiagonal(cell, scale, fast, floor);
                _floorDiagonal(cell + 32, scale + 32, slow, floor);
                cell += 2 * (end - floor);
                scale += 64;
            }
        }
        _annualiseRest(cells, fast, slow, scales);
    }

    /// @dev Turns a cell into Σ_ii and sets s_i, rounded down, so that s²Σ_ii never exceeds the floor. A cell of the diagonal is never
    /// negative. All but `divisor` are pointers.
    function _floorDiagonal(uint256 cell, uint256 scale, uint256 divisor, uint256 floor) private pure {
        uint256 least;
        uint256 own;
        uint256 annual = ANNUAL;
        assembly ("memory-safe") {
            least := mload(floor)
            own := div(mul(mload(cell), annual), divisor)
        }
        uint256 s = 1e18;
        unchecked {
            if (own < least) {
                s = 9 * own <= least ? MAX_SCALE : FixedPointMathLib.sqrt((least * 1e36) / own);
                own = least;
            }
        }
        assembly ("memory-safe") {
            mstore(cell, own)
            mstore(scale, s)
        }
    }

    /// @dev 2Σ_ij = cell·2·ANNUAL/divisor·s_i·s_j/1e36. |cell| < 2^63, so an entry is below 2^79, and scales are at most 3e18: below 2^206.
    function _annualiseRest(int256[] memory cells, uint256 fast, uint256 slow, uint256[] memory scale) private pure {
        uint256 annual = 2 * ANNUAL;
        assembly ("memory-safe") {
            let cell := add(cells, 32)
            let end := add(add(scale, 32), shl(5, mload(scale)))
            for {
                let si := add(scale, 32)
            } lt(si, end) {
                si := add(si, 64)
            } {
                let si0 := mload(si)
                let si1 := mload(add(si, 32))
                cell := add(cell, 64)
                for {
                    let sj := add(si, 64)
                } lt(sj, end) {
                    sj := add(sj, 64)
                } {
                    let entry := sdiv(mul(mload(cell), annual), fast)
                    mstore(cell, sdiv(mul(entry, mul(si0, mload(sj))), 1000000000000000000000000000000000000))
                    cell := add(cell, 32)
                    entry := sdiv(mul(mload(cell), annual), slow)
                    mstore(cell, sdiv(mul(entry, mul(si1, mload(add(sj, 32)))), 1000000000000000000000000000000000000))
                    cell := add(cell, 32)
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ storage

    /// @notice The first values from storage, four int64 to a word.
    function load(uint256[20] storage words, uint256 count) internal view returns (int256[] memory values) {
        assembly ("memory-safe") {
            values := mload(0x40)
            mstore(values, count)
            let to := add(values, 32)
            let end := add(to, shl(5, count))
            // The last word may hold fewer than four of them: up to three more are written behind the array, in reserved memory.
            mstore(0x40, add(end, 96))
            for {
                let slot := words.slot
            } lt(to, end) {
                slot := add(slot, 1)
            } {
                let word := sload(slot)
                mstore(to, signextend(7, word))
                mstore(add(to, 32), signextend(7, shr(64, word)))
                mstore(add(to, 64), signextend(7, shr(128, word)))
                mstore(add(to, 96), sar(192, word))
                to := add(to, 128)
            }
        }
    }

    /// @notice All values to storage. Each fits an int64.
    function save(uint256[20] storage words, int256[] memory values) internal {
        assembly ("memory-safe") {
            let mask := 0xffffffffffffffff
            let slot := words.slot
            let from := add(values, 32)
            let end := add(from, shl(5, mload(values)))
            for {} lt(add(from, 96), end) {
                from := add(from, 128)
            } {
                let word := or(and(mload(from), mask), shl(64, and(mload(add(from, 32)), mask)))
                word := or(word, shl(128, and(mload(add(from, 64)), mask)))
                sstore(slot, or(word, shl(192, mload(add(from, 96)))))
                slot := add(slot, 1)
            }
            if lt(from, end) {
                let word := 0
                for {
                    let shift := 0
                } lt(from, end) {
                    from := add(from, 32)
                } {
                    word := or(word, shl(shift, and(mload(from), mask)))
                    shift := add(shift, 64)
                }
                sstore(slot, word)
            }
        }
    }
}
