// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Gamma} from "../types/Portfolio.sol";

/// @notice The variance of portfolios of exposures and rank-one gammas under two covariance matrices, fast and slow.
/// @dev Matrices are the coefficients of their quadratic forms: the upper triangle, row by row, Σ_ii on the diagonal and 2Σ_ij beside it,
/// interleaved: entry 2k is fast, entry 2k+1 is slow. Three portfolios lie side by side in a vector: x[3i + k] is the k-th one's exposure
/// to asset i. So that one pass over the triangle loads each entry and each pair of exposures once.
/// Fixed point, 1e18. Bounds within which nothing overflows: |exposure| and |c| up to 1e12 USD and 64 gammas (checked here), 8
/// assets and |Σ_ij| up to 2e5 a year (the covariance oracle caps returns so that they hold). The relative error on figures above
/// one USD is below 1e-15 of Σ|x_i Σ_ij x_j|.
library RiskMath {
    /// @notice Largest exposure or gamma, USD, 1e18.
    uint256 internal constant MAX_USD = 1e30;
    /// @notice Most rank-one terms of one portfolio.
    uint256 internal constant MAX_GAMMAS = 64;
    uint256 internal constant YEAR = 365 days;

    error AmountTooLarge(int256 amount, uint256 ceiling);
    error TooManyGammas(uint256 gammas, uint256 ceiling);
    error IndexOutOfRange(uint256 index, uint256 assets);

    /// @notice Three portfolios side by side: before, left, and left − hedge. Reverts if one of them is out of bounds.
    /// @dev All three have n exposures, USD, 1e18.
    function sideBySide(
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge
    ) internal pure returns (int256[] memory x) {
        uint256 n = before.length;
        bool tooLarge;
        // Allocated here, as every word is written. |x| ≤ 1e30 is checked as x + 1e30 ≤ 2e30, unsigned; a difference that wraps is as far out of
        // bounds as the one that does not, because `left` is inside them.
        assembly ("memory-safe") {
            x := mload(0x40)
            mstore(x, mul(n, 3))
            let to := add(x, 32)
            let double := shl(1, MAX_USD)
            for {
                let at := 0
                let end := shl(5, n)
            } lt(at, end) {
                at := add(at, 32)
            } {
                let amount := calldataload(add(before.offset, at))
                mstore(to, amount)
                tooLarge := or(tooLarge, gt(add(amount, MAX_USD), double))
                amount := calldataload(add(left.offset, at))
                mstore(add(to, 32), amount)
                tooLarge := or(tooLarge, gt(add(amount, MAX_USD), double))
                amount := sub(amount, calldataload(add(hedge.offset, at)))
                mstore(add(to, 64), amount)
                tooLarge := or(tooLarge, gt(add(amount, MAX_USD), double))
                to := add(to, 96)
            }
            mstore(0x40, to)
        }
        if (tooLarge) for (uint256 k; k < 3 * n; ++k) _checkAmount(x[k]);
    }

    /// @notice x'Σx of three portfolios side by side, inside the bounds, USD², 1e18. Zero where rounding would make it negative.
    /// @return forms The k-th one's under the fast matrix at 2k, under the slow one at 2k + 1
    function quadraticForms(int256[] memory sigma, int256[] memory x) internal pure returns (uint256[6] memory forms) {
        // Entry times (x_i·x_j/2^30), at 1e54/2^30; 1e36/2^30 is a whole number. Inside the bounds a product is below 1e51, a sum over
        // all pairs below 2e76.
        assembly ("memory-safe") {
            function sums(entry, xi, end) -> fast0, slow0, fast1, slow1, fast2, slow2 {
                for {} lt(xi, end) {
                    xi := add(xi, 96)
                } {
                    for {
                        let xj := xi
                    } lt(xj, end) {
                        xj := add(xj, 96)
                    } {
                        let fast := mload(entry)
                        let slow := mload(add(entry, 32))
                        let product := sar(30, mul(mload(xi), mload(xj)))
                        fast0 := add(fast0, mul(fast, product))
                        slow0 := add(slow0, mul(slow, product))
                        product := sar(30, mul(mload(add(xi, 32)), mload(add(xj, 32))))
                        fast1 := add(fast1, mul(fast, product))
                        slow1 := add(slow1, mul(slow, product))
                        product := sar(30, mul(mload(add(xi, 64)), mload(add(xj, 64))))
                        fast2 := add(fast2, mul(fast, product))
                        slow2 := add(slow2, mul(slow, product))
                        entry := add(entry, 64)
                    }
                }
            }
            function unsigned(sum) -> form {
                form := mul(sgt(sum, 0), div(sum, 931322574615478515625000000))
            }
            let first := add(x, 32)
            let fast0, slow0, fast1, slow1, fast2, slow2 := sums(add(sigma, 32), first, add(first, shl(5, mload(x))))
            mstore(forms, unsigned(fast0))
            mstore(add(forms, 32), unsigned(slow0))
            mstore(add(forms, 64), unsigned(fast1))
            mstore(add(forms, 96), unsigned(slow1))
            mstore(add(forms, 128), unsigned(fast2))
            mstore(add(forms, 160), unsigned(slow2))
        }
    }

    /// @notice ½·h·tr((ΓΣ)²) = ½·h·Σ_pΣ_q c_p·c_q·(u_p'Σu_q)² under both matrices, USD² a year, 1e18. Reverts if one is out of bounds.
    /// @param sigma Of n assets
    /// @param gammas Rank-one terms c·uu', u = e_i − e_j
    /// @param horizon h, seconds
    function gammaVariances(
        int256[] memory sigma,
        uint256 n,
        Gamma[] memory gammas,
        uint256 horizon
    ) internal pure returns (uint256 fast, uint256 slow) {
        if (gammas.length == 0) return (0, 0);
        _checkGammas(gammas, n);
        return (_gammaVariance(sigma, 0, n, gammas, horizon), _gammaVariance(sigma, 1, n, gammas, horizon));
    }

    function _gammaVariance(
        int256[] memory sigma,
        uint256 offset,
        uint256 n,
        Gamma[] memory gammas,
        uint256 horizon
    ) private pure returns (uint256) {
        uint256 count = gammas.length;
        int256 sum;
        // Inside the bounds |m| is below 1e24, a term below 1e72, the sum of all below 4e75.
        unchecked {
            for (uint256 p; p < count; ++p) {
                Gamma memory a = gammas[p];
                for (uint256 q; q <= p; ++q) {
                    Gamma memory b = gammas[q];
                    int256 m = _bilinear(sigma, offset, n, a, b);
                    int256 term = ((a.c * m) / 1e18) * ((b.c * m) / 1e18);
                    sum += q == p ? term : 2 * term;
                }
            }
        }
        // 1e36 / 1e9 = 1e27
        return sum > 0 ? ((uint256(sum) / 1e9) * horizon) / (2 * YEAR * 1e9) : 0;
    }

    /// @dev u_a'Σu_b
    function _bilinear(
        int256[] memory sigma,
        uint256 offset,
        uint256 n,
        Gamma memory a,
        Gamma memory b
    ) private pure returns (int256 m) {
        unchecked {
            m = entryOf(sigma, offset, n, a.i, b.i) - entryOf(sigma, offset, n, a.i, b.j);
            m += entryOf(sigma, offset, n, a.j, b.j) - entryOf(sigma, offset, n, a.j, b.i);
        }
    }

    /// @notice Σ_ij of n assets, 1e18. Unchecked: i and j must be below n.
    /// @param offset 0 fast, 1 slow
    function entryOf(
        int256[] memory sigma,
        uint256 offset,
        uint256 n,
        uint256 i,
        uint256 j
    ) internal pure returns (int256 entry) {
        // Row `low` of the triangle begins where its column zero would stand at low·(2n − low − 1)/2.
        assembly ("memory-safe") {
            let low := xor(i, mul(xor(i, j), lt(j, i)))
            let high := xor(xor(i, j), low)
            let k := add(shr(1, mul(low, sub(shl(1, n), add(low, 1)))), high)
            entry := mload(add(add(sigma, 32), shl(5, add(shl(1, k), offset))))
            // Beside the diagonal it is there twice.
            entry := sar(sub(1, eq(i, j)), entry)
        }
    }

    function _checkGammas(Gamma[] memory gammas, uint256 n) private pure {
        uint256 count = gammas.length;
        if (count > MAX_GAMMAS) revert TooManyGammas(count, MAX_GAMMAS);
        for (uint256 p; p < count; ++p) {
            Gamma memory g = gammas[p];
            if (g.i >= n) revert IndexOutOfRange(g.i, n);
            if (g.j >= n) revert IndexOutOfRange(g.j, n);
            _checkAmount(g.c);
        }
    }

    function _checkAmount(int256 amount) private pure {
        if (amount > int256(MAX_USD) || amount < -int256(MAX_USD)) revert AmountTooLarge(amount, MAX_USD);
    }
}
