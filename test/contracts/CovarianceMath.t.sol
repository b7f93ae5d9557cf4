// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {CovarianceMath} from "../../contracts/risk/CovarianceMath.sol";
import {RiskMath} from "../../contracts/risk/RiskMath.sol";
import {bound} from "./Vm.sol";

/// @notice Folding, packing and floors on random histories.
contract CovarianceMathTest {
    uint256 private constant STEP = 6 hours;
    uint256[20] private _words;

    /// @dev x'Σx is never below what rounding explains, whatever the history, the floors and the exposure.
    /// forge-config: default.fuzz.runs = 512
    function testFuzz_flooredStaysPositiveSemidefinite(uint256 seed, uint256 assets, uint256 folds) public pure {
        uint256 n = bound(assets, 2, 8);
        (int256[] memory cells, uint256 seen) = _history(seed, n, bound(folds, 1, 40));
        uint256[] memory floors = _floors(seed, n);
        for (uint256 offset; offset < 2; ++offset) {
            int256[] memory sigma = _square(cells, offset, seen, STEP, floors);
            for (uint256 trial; trial < 4; ++trial) {
                int256 form;
                for (uint256 i; i < n; ++i) {
                    for (uint256 j; j < n; ++j) {
                        form += _exposure(seed, trial, i) * sigma[i * n + j] * _exposure(seed, trial, j);
                    }
                }
                // Exposures are up to 1e6. A cell is off by ½/(1−w) units of 1/(1460·4e17) a year at most, and s² is up to 9: entries are
                // exact to 7e-13.
                require(form >= -int256(n * n * 1e12 * 700_000), "negative variance");
            }
        }
    }

    /// @dev Without the diagonal, the own variance or the correlations would be lost.
    function testFuzz_floorsHoldAndKeepCorrelations(uint256 seed, uint256 folds) public pure {
        uint256 n = 4;
        (int256[] memory cells, uint256 seen) = _history(seed, n, bound(folds, 2, 40));
        uint256[] memory floors = _floors(seed, n);
        int256[] memory raw = _square(cells, 0, seen, STEP, new uint256[](n));
        int256[] memory sigma = _square(cells, 0, seen, STEP, floors);
        for (uint256 i; i < n; ++i) {
            int256 own = sigma[i * n + i];
            require(own >= int256(floors[i]) && own >= raw[i * n + i], "floor");
            require(own == raw[i * n + i] || own == int256(floors[i]), "more than the floor");
            for (uint256 j; j < n; ++j) {
                require(sigma[i * n + j] == sigma[j * n + i], "asymmetric");
                bool capped = 9 * raw[i * n + i] < int256(floors[i]) || 9 * raw[j * n + j] < int256(floors[j]);
                if (i == j || capped) continue;
                // ρ² before and after
                int256 before = (raw[i * n + j] ** 2 * 1e9) / (raw[i * n + i] * raw[j * n + j]);
                int256 later = (sigma[i * n + j] ** 2 * 1e9) / (own * sigma[j * n + j]);
                require(before - later <= 10 && later - before <= 10, "correlation changed");
            }
        }
    }

    function testFuzz_ownVarianceIsMonotonicInItsFloor(uint256 seed, uint256 low, uint256 high) public pure {
        low = bound(low, 0, 4e18);
        high = bound(high, low, 8e18);
        (int256[] memory cells, uint256 seen) = _history(seed, 3, 10);
        uint256[] memory floors = _floors(seed, 3);
        floors[1] = low;
        uint256[6] memory before = _formsAt(cells, seen, floors);
        floors[1] = high;
        uint256[6] memory later = _formsAt(cells, seen, floors);
        for (uint256 k; k < 6; ++k) require(later[k] >= before[k], "floor lowers variance");
        require(before[2] > 0 && before[3] > 0, "nothing measured");
    }

    function test_aRowIsScaledThreefoldAtMost() public pure {
        int256[] memory cells = new int256[](6);
        // Σ = [[0.01, 0.006], [0.006, 0.04]] over a step of a year, fully seen
        (cells[0], cells[2], cells[4]) = (0.01 * 4e17, 0.006 * 4e17, 0.04 * 4e17);
        uint256[] memory floors = new uint256[](2);
        (floors[0], floors[1]) = (0.36e18, 0.16e18);
        int256[] memory sigma = _square(cells, 0, 1e18, 365 days, floors);
        // √(0.36/0.01) = 6 is capped at 3, √(0.16/0.04) = 2
        require(sigma[0] == 0.36e18 && sigma[3] == 0.16e18, "diagonal");
        require(sigma[1] == 0.036e18 && sigma[2] == 0.036e18, "covariance");
    }

    function test_unseenIsFloorsAlone() public pure {
        uint256[] memory floors = new uint256[](2);
        (floors[0], floors[1]) = (0.36e18, 0.16e18);
        int256[] memory sigma = _square(new int256[](6), 0, 0, STEP, floors);
        require(sigma[0] == 0.36e18 && sigma[3] == 0.16e18 && sigma[1] == 0 && sigma[2] == 0, "not the floors");
    }

    function testFuzz_valuesSurviveStorage(uint256 seed, uint256 assets) public {
        uint256 n = bound(assets, 2, 8);
        int256[] memory values = new int256[](CovarianceMath.cellCount(n) + n);
        for (uint256 k; k < values.length; ++k) values[k] = int64(uint64(_random(seed, k)));
        (values[0], values[1]) = (type(int64).max, type(int64).min);
        CovarianceMath.save(_words, values);
        for (uint256 count = 1; count <= values.length; ++count) {
            int256[] memory back = CovarianceMath.load(_words, count);
            require(back.length == count, "length");
            for (uint256 k; k < count; ++k) require(back[k] == values[k], "value changed");
        }
    }

    /// @dev The worst that broken answers can do, each step, for ever, fits a cell.
    function testFuzz_noReturnOverflowsACell(uint256 seed) public pure {
        int256[] memory cells = new int256[](6);
        for (uint256 k; k < 200; ++k) {
            int256[] memory r = new int256[](2);
            r[0] = k % 2 == 0 ? int256(type(int64).max) : int256(type(int64).min);
            r[1] = int64(uint64(uint256(keccak256(abi.encode(seed, k)))));
            uint256 keep = CovarianceMath.keep(1 hours, 1 days);
            CovarianceMath.fold(cells, r, 1 hours, 1 hours, keep, keep);
        }
        for (uint256 k; k < 6; ++k) require(cells[k] <= 16 * 4e17 && cells[k] >= -16 * 4e17, "cell too large");
    }

    function test_keepHalvesInAHalfLife() public pure {
        require(
            CovarianceMath.keep(7 days, 7 days) / 10 == 0.05e18 - 1 ||
                CovarianceMath.keep(7 days, 7 days) / 10 == 0.05e18,
            "w"
        );
        require(CovarianceMath.keep(0, 7 days) == 1e18, "w at zero");
        require(CovarianceMath.keep(3650 days, 1 days) == 0, "w far away");
    }

    // ------------------------------------------------------------------------------------------------ inputs

    /// @dev One of the matrices, whole; the cells stay what they are.
    function _square(
        int256[] memory cells,
        uint256 offset,
        uint256 seen,
        uint256 step,
        uint256[] memory floors
    ) private pure returns (int256[] memory full) {
        uint256 n = floors.length;
        int256[] memory sigma = _copy(cells);
        CovarianceMath.annualise(sigma, seen, seen, step, floors);
        full = new int256[](n * n);
        for (uint256 k; k < n * n; ++k) full[k] = RiskMath.entryOf(sigma, offset, n, k / n, k % n);
    }

    /// @dev Of 1,000 USD in each of three assets.
    function _formsAt(
        int256[] memory cells,
        uint256 seen,
        uint256[] memory floors
    ) private pure returns (uint256[6] memory) {
        int256[] memory sigma = _copy(cells);
        CovarianceMath.annualise(sigma, seen, seen, STEP, floors);
        int256[] memory x = new int256[](9);
        (x[0], x[4], x[8]) = (1_000e18, 1_000e18, 1_000e18);
        return RiskMath.quadraticForms(sigma, x);
    }

    function _copy(int256[] memory cells) private pure returns (int256[] memory copy) {
        copy = new int256[](cells.length);
        for (uint256 k; k < cells.length; ++k) copy[k] = cells[k];
    }

    function _history(
        uint256 seed,
        uint256 n,
        uint256 folds
    ) private pure returns (int256[] memory cells, uint256 seen) {
        cells = new int256[](CovarianceMath.cellCount(n));
        uint256 keep = CovarianceMath.keep(STEP, 7 days);
        uint256 kept = 1e18;
        for (uint256 k; k < folds; ++k) {
            int256[] memory r = new int256[](n);
            int256 market = int256(_random(seed, k) % 6e14) - 3e14;
            for (uint256 i; i < n; ++i) r[i] = market + int256(_random(seed, 1000 * (i + 1) + k) % 2e14) - 1e14;
            // a stable that hardly moves
            r[n - 1] /= 1_000;
            CovarianceMath.fold(cells, r, STEP, STEP, keep, keep);
            kept = (kept * keep) / 1e18;
        }
        seen = 1e18 - kept;
    }

    function _floors(uint256 seed, uint256 n) private pure returns (uint256[] memory floors) {
        floors = new uint256[](n);
        for (uint256 i; i < n; ++i) floors[i] = 1 + (_random(seed, 77 + i) % 2e18);
    }

    function _exposure(uint256 seed, uint256 trial, uint256 i) private pure returns (int256) {
        return int256(_random(seed, 10_000 + trial * 10 + i) % 2e6) - 1e6;
    }

    function _random(uint256 seed, uint256 salt) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }
}
