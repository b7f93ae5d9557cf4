// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeedRound} from "../oracle/FeedReader.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Gamma} from "../types/Portfolio.sol";
import {CovarianceMath} from "./CovarianceMath.sol";
import {RiskMath} from "./RiskMath.sol";
import {RoundLookup} from "./RoundLookup.sol";

/// @title Covariance of log returns, computed from Chainlink's own rounds
/// @notice
/// WHAT IT IS. Two exponentially weighted covariance matrices of one asset set, a fast and a slow one. Nobody posts them: they follow
/// from the rounds that Chainlink keeps on-chain and from parameters that never change. There is no role and no owner.
///
/// THE GRID. Prices are taken at `genesis + k·gridStep` and nowhere else. Anyone may `poke` the next grid times, at once or months
/// later, by naming the round that was in force at each (see RoundLookup: exactly one is accepted). So nobody chooses the
/// moment, nobody can skip a time, and a late poke gives bit for bit what a punctual one gives.
///
/// WHY THE STEP IS HOURS LONG. A feed moves on deviation δ or on heartbeat, so its returns over short times are stale and measured
/// correlations collapse. The bias depends on σ√h/δ alone and is small from 3 on, hence h ≥ (3δ/σ)², with the volatility
/// that the asset is credited with at least: its floor. Stables are exempt: their threshold dwarfs their volatility at any
/// step, so no step would help; their variance is their floor's, and their covariances with the rest are noise around zero.
///
/// WHAT IS SKIPPED. If at a grid time any feed is older than its heartbeat, has no round yet or a bad answer, the time is passed over
/// for the whole set, and the next return spans the longer time. A set lives as long as all its feeds do.
///
/// WHEN IT IS USABLE. After `minHistory` of folded grid steps, while the newest fold is younger than `maxAge`. Views answer at any time:
/// before the first fold they give the floors, uncorrelated. Whoever asks must ask `usable` too.
///
/// WHO IS TRUSTED. Chainlink, for rounds; whoever makes the oracle, for the parameters: read them before use. Pokers, for nothing but
/// showing up. A return that follows skipped times carries the weight of all the time it spans.
contract CovarianceOracle is ICovarianceOracle {
    /// @param prices Where the assets' feeds are copied from, once
    /// @param assets 2 to 8 assets
    /// @param varianceFloors Least variance a year by asset, 1e18
    /// @param gridStep Seconds between grid times
    /// @param genesis First grid time, unix seconds, a multiple of `gridStep`
    /// @param halfLifeFast Seconds
    /// @param halfLifeSlow Seconds
    /// @param minHistory Folded grid steps that `usable` asks for, seconds
    /// @param maxAge Age of the newest fold up to which the oracle is usable, seconds
    struct Params {
        IPriceOracle prices;
        address[] assets;
        uint256[] varianceFloors;
        uint256 gridStep;
        uint256 genesis;
        uint256 halfLifeFast;
        uint256 halfLifeSlow;
        uint256 minHistory;
        uint256 maxAge;
    }

    /// @param cursor Last grid time that is done with, folded or skipped
    /// @param lastFold Last grid time whose prices were taken, zero before the first
    /// @param folded Grid steps folded, seconds
    /// @param keptFast Weight that the fast matrix has not seen yet, 1e18
    /// @param keptSlow The same of the slow one
    struct Grid {
        uint40 cursor;
        uint40 lastFold;
        uint40 folded;
        uint64 keptFast;
        uint64 keptSlow;
    }

    uint256 public constant MAX_ASSETS = 8;
    /// @notice Feeds with this deviation threshold or a wider one are refused, 1e18.
    uint256 public constant DEVIATION_LIMIT = 0.02e18;
    /// @notice Shortest and longest grid step, seconds.
    uint256 public constant MIN_GRID_STEP = 1 hours;
    uint256 public constant MAX_GRID_STEP = 2 days;
    /// @notice Shortest and longest half-life, seconds.
    uint256 public constant MIN_HALF_LIFE = 1 days;
    uint256 public constant MAX_HALF_LIFE = 365 days;

    uint256 public immutable gridStep;
    uint256 public immutable genesis;
    uint256 public immutable halfLifeFast;
    uint256 public immutable halfLifeSlow;
    uint256 public immutable minHistory;
    uint256 public immutable maxAge;

    uint256 private immutable _n;
    // feed (160 bits) | heartbeat (32 bits) | variance floor (64 bits)
    uint256 private immutable _config0;
    uint256 private immutable _config1;
    uint256 private immutable _config2;
    uint256 private immutable _config3;
    uint256 private immutable _config4;
    uint256 private immutable _config5;
    uint256 private immutable _config6;
    uint256 private immutable _config7;

    Grid private _grid;
    uint256[20] private _values; // both matrices' cells, see CovarianceMath, then the last log prices, 1e16; four int64 to a word
    address[] private _assets;

    /// @param t The grid time
    /// @param answers By asset, in feed units; zero where no round was in force
    /// @param skipped True if the time was passed over
    event GridTime(uint256 indexed t, int256[] answers, bool skipped);

    error AssetCountOutOfRange(uint256 assets, uint256 floors);
    error DuplicateAsset(address asset);
    error NoFeed(address asset);
    error DeviationTooWide(address asset, uint256 deviation, uint256 limit);
    error FloorOutOfRange(address asset, uint256 floor);
    error GridStepTooShort(address asset, uint256 gridStep, uint256 needed);
    error GridStepOutOfRange(uint256 gridStep);
    error GenesisOffGrid(uint256 genesis, uint256 gridStep);
    error HalfLifeOutOfRange(uint256 fast, uint256 slow);
    error HistoryTooShort(uint256 minHistory, uint256 needed);
    error MaxAgeOutOfRange(uint256 maxAge, uint256 gridStep);

    constructor(Params memory p) {
        uint256 n = p.assets.length;
        if (n < 2 || n > MAX_ASSETS || p.varianceFloors.length != n)
            revert AssetCountOutOfRange(n, p.varianceFloors.length);
        if (p.gridStep < MIN_GRID_STEP || p.gridStep > MAX_GRID_STEP) revert GridStepOutOfRange(p.gridStep);
        if (p.genesis < p.gridStep || p.genesis % p.gridStep != 0 || p.genesis > type(uint40).max / 2) {
            revert GenesisOffGrid(p.genesis, p.gridStep);
        }
        if (p.halfLifeFast < MIN_HALF_LIFE || p.halfLifeSlow < p.halfLifeFast || p.halfLifeSlow > MAX_HALF_LIFE) {
            revert HalfLifeOutOfRange(p.halfLifeFast, p.halfLifeSlow);
        }
        // Fewer returns than assets leave a direction without any variance.
        if (p.minHistory < n * p.gridStep) revert HistoryTooShort(p.minHistory, n * p.gridStep);
        if (p.maxAge < p.gridStep) revert MaxAgeOutOfRange(p.maxAge, p.gridStep);

        uint256[8] memory config;
        for (uint256 i; i < n; ++i) config[i] = _checkedConfig(p, i);
        _n = n;
        (_config0, _config1, _config2, _config3) = (config[0], config[1], config[2], config[3]);
        (_config4, _config5, _config6, _config7) = (config[4], config[5], config[6], config[7]);
        (gridStep, genesis, minHistory, maxAge) = (p.gridStep, p.genesis, p.minHistory, p.maxAge);
        (halfLifeFast, halfLifeSlow) = (p.halfLifeFast, p.halfLifeSlow);
        _assets = p.assets;
        _grid = Grid({cursor: uint40(p.genesis - p.gridStep), lastFold: 0, folded: 0, keptFast: 1e18, keptSlow: 1e18});
    }

    function _checkedConfig(Params memory p, uint256 i) private view returns (uint256) {
        address asset = p.assets[i];
        for (uint256 j; j < i; ++j) if (p.assets[j] == asset) revert DuplicateAsset(asset);
        IPriceOracle.Feed memory feed = p.prices.feedOf(asset);
        uint256 floor = p.varianceFloors[i];
        if (feed.feed == address(0)) revert NoFeed(asset);
        if (feed.deviation >= DEVIATION_LIMIT) revert DeviationTooWide(asset, feed.deviation, DEVIATION_LIMIT);
        if (floor == 0 || floor > type(uint64).max) revert FloorOutOfRange(asset, floor);
        if (feed.stableBand == 0) {
            // (3δ/σ)² years
            uint256 scaled = 9 * uint256(feed.deviation) ** 2 * 365 days;
            uint256 needed = (scaled + floor * 1e18 - 1) / (floor * 1e18);
            if (p.gridStep < needed) revert GridStepTooShort(asset, p.gridStep, needed);
        }
        return (uint256(uint160(feed.feed)) << 96) | (uint256(feed.heartbeat) << 64) | floor;
    }

    // ------------------------------------------------------------------------------------------------ poke

    error NothingClaimed();
    error GridTimeAhead(uint256 gridTime, uint256 timestamp);
    error ClaimCountMismatch(uint256 claims, uint256 assets);

    /// @notice Folds the next grid times, in order. Anyone may call.
    /// @dev A grid time must be in the past, not merely be now: a round may still arrive in the block that reads.
    /// @param rounds For each grid time, the round of each feed that was in force; 0 where there was none
    function poke(uint80[][] calldata rounds) external {
        if (rounds.length == 0) revert NothingClaimed();
        Grid memory state = _grid;
        int256[] memory values = _load();
        FeedRound[] memory latest = new FeedRound[](_n);
        for (uint256 i; i < _n; ++i) latest[i] = RoundLookup.latestOf(_feed(i));

        bool changed;
        for (uint256 k; k < rounds.length; ++k) {
            uint256 t = state.cursor + gridStep;
            if (t >= block.timestamp) revert GridTimeAhead(t, block.timestamp);
            state.cursor = uint40(t);
            (int256[] memory answers, bool good) = _answersAt(rounds[k], latest, t);
            if (good) {
                _fold(state, values, answers, t);
                changed = true;
            }
            emit GridTime(t, answers, !good);
        }
        _grid = state;
        if (changed) CovarianceMath.save(_values, values);
    }

    /// @return answers By asset
    /// @return good False if the time is to be skipped
    function _answersAt(
        uint80[] calldata claims,
        FeedRound[] memory latest,
        uint256 t
    ) private view returns (int256[] memory answers, bool good) {
        if (claims.length != _n) revert ClaimCountMismatch(claims.length, _n);
        answers = new int256[](_n);
        good = true;
        for (uint256 i; i < _n; ++i) {
            uint256 config = _config(i);
            (int256 answer, uint256 updatedAt) = RoundLookup.inForce(
                address(uint160(config >> 96)),
                latest[i],
                claims[i],
                t
            );
            answers[i] = answer;
            // A round that is not there has a zero answer.
            if (answer <= 0 || t - updatedAt > uint32(config >> 64)) good = false;
        }
    }

    function _fold(Grid memory state, int256[] memory values, int256[] memory answers, uint256 t) private view {
        int256[] memory r = new int256[](_n);
        // Log prices are int64, behind the cells.
        unchecked {
            uint256 at = CovarianceMath.cellCount(_n);
            for (uint256 i; i < _n; ++i) {
                int256 log = CovarianceMath.logPrice(answers[i]);
                (r[i], values[at]) = (log - values[at], log);
                ++at;
            }
        }
        uint256 last = state.lastFold;
        state.lastFold = uint40(t);
        if (last == 0) return;
        uint256 keepFast = CovarianceMath.keep(t - last, halfLifeFast);
        uint256 keepSlow = CovarianceMath.keep(t - last, halfLifeSlow);
        CovarianceMath.fold(values, r, t - last, gridStep, keepFast, keepSlow);
        state.folded += uint40(gridStep);
        state.keptFast = uint64((state.keptFast * keepFast) / 1e18);
        state.keptSlow = uint64((state.keptSlow * keepSlow) / 1e18);
    }

    // ------------------------------------------------------------------------------------------------ views

    error ExposureCountMismatch(uint256 exposures, uint256 assets);

    /// @inheritdoc ICovarianceOracle
    function assets() external view returns (address[] memory) {
        return _assets;
    }

    /// @inheritdoc ICovarianceOracle
    function usable() external view returns (bool) {
        return _grid.folded >= minHistory && block.timestamp - _grid.lastFold <= maxAge;
    }

    /// @inheritdoc ICovarianceOracle
    function covariance() external view returns (int256[] memory fast, int256[] memory slow) {
        int256[] memory sigma = _covariance();
        (fast, slow) = (new int256[](_n * _n), new int256[](_n * _n));
        for (uint256 k; k < fast.length; ++k) {
            fast[k] = RiskMath.entryOf(sigma, 0, _n, k / _n, k % _n);
            slow[k] = RiskMath.entryOf(sigma, 1, _n, k / _n, k % _n);
        }
    }

    /// @inheritdoc ICovarianceOracle
    function variance(
        int256[] calldata exposure,
        Gamma[] calldata gammas,
        uint256 horizon
    ) external view returns (uint256 total, uint256 gammaPart) {
        Comparison memory c = _compare(exposure, exposure, exposure, gammas, gammas[0:0], horizon);
        return (c.before, c.gammaBefore);
    }

    /// @inheritdoc ICovarianceOracle
    function compare(
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge,
        Gamma[] calldata gammasBefore,
        Gamma[] calldata gammasLeft,
        uint256 horizon
    ) external view returns (Comparison memory) {
        return _compare(before, left, hedge, gammasBefore, gammasLeft, horizon);
    }

    /// @notice Where the oracle stands on its grid. `poke` goes on at `cursor + gridStep`.
    function grid() external view returns (Grid memory) {
        return _grid;
    }

    /// @notice Natural logs of the answers at `lastFold`, in feed units divided by 1e18; 1e16 = 1.0.
    function lastLogs() external view returns (int256[] memory logs) {
        int256[] memory values = _load();
        logs = new int256[](_n);
        for (uint256 i; i < _n; ++i) logs[i] = values[CovarianceMath.cellCount(_n) + i];
    }

    /// @notice How an asset of the set is read: copied at construction.
    /// @return feed Chainlink proxy
    /// @return heartbeat Seconds
    /// @return varianceFloor Variance a year, 1e18
    function feedOf(uint256 index) external view returns (address feed, uint32 heartbeat, uint64 varianceFloor) {
        uint256 config = _config(index);
        return (address(uint160(config >> 96)), uint32(config >> 64), uint64(config));
    }

    /// @dev See RiskMath.
    function _covariance() private view returns (int256[] memory sigma) {
        uint256[9] memory words = [
            _n,
            uint64(_config0),
            uint64(_config1),
            uint64(_config2),
            uint64(_config3),
            uint64(_config4),
            uint64(_config5),
            uint64(_config6),
            uint64(_config7)
        ];
        uint256[] memory floors;
        // Length, then the entries, as in any dynamic array; unused ones lie behind it.
        assembly ("memory-safe") {
            floors := words
        }
        sigma = CovarianceMath.load(_values, CovarianceMath.cellCount(_n));
        Grid storage state = _grid;
        (uint256 keptFast, uint256 keptSlow) = (state.keptFast, state.keptSlow);
        CovarianceMath.annualise(sigma, 1e18 - keptFast, 1e18 - keptSlow, gridStep, floors);
    }

    /// @dev The larger under the two matrices, each time with the gamma part under the same.
    function _compare(
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge,
        Gamma[] memory gammasBefore,
        Gamma[] memory gammasLeft,
        uint256 horizon
    ) private view returns (Comparison memory c) {
        if (before.length != _n) revert ExposureCountMismatch(before.length, _n);
        if (left.length != _n) revert ExposureCountMismatch(left.length, _n);
        if (hedge.length != _n) revert ExposureCountMismatch(hedge.length, _n);
        int256[] memory sigma = _covariance();
        uint256[6] memory forms = RiskMath.quadraticForms(sigma, RiskMath.sideBySide(before, left, hedge));
        (uint256 fast, uint256 slow) = RiskMath.gammaVariances(sigma, _n, gammasBefore, horizon);
        (c.before, c.gammaBefore) = _larger(forms[0], fast, forms[1], slow);
        (fast, slow) = RiskMath.gammaVariances(sigma, _n, gammasLeft, horizon);
        (c.left, c.gammaLeft) = _larger(forms[2], fast, forms[3], slow);
        (c.unhedged, ) = _larger(forms[4], fast, forms[5], slow);
    }

    function _larger(
        uint256 fast,
        uint256 gammaFast,
        uint256 slow,
        uint256 gammaSlow
    ) private pure returns (uint256 total, uint256 gammaPart) {
        unchecked {
            (fast, slow) = (fast + gammaFast, slow + gammaSlow);
        }
        return slow > fast ? (slow, gammaSlow) : (fast, gammaFast);
    }

    // ------------------------------------------------------------------------------------------------ storage

    function _feed(uint256 i) private view returns (address) {
        return address(uint160(_config(i) >> 96));
    }

    function _config(uint256 i) private view returns (uint256) {
        if (i < 4) {
            if (i < 2) return i == 0 ? _config0 : _config1;
            return i == 2 ? _config2 : _config3;
        }
        if (i < 6) return i == 4 ? _config4 : _config5;
        if (i < 8) return i == 6 ? _config6 : _config7;
        return 0;
    }

    /// @dev Cells, then log prices.
    function _load() private view returns (int256[] memory) {
        return CovarianceMath.load(_values, CovarianceMath.cellCount(_n) + _n);
    }
}
