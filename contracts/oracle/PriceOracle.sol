// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Prices} from "../types/Prices.sol";
import {FeedReader, FeedRound} from "./FeedReader.sol";
import {Snapshot} from "./Snapshot.sol";

/// @title The only judge of prices
/// @notice
/// WHAT A PRICE IS. The answer of one Chainlink proxy, in USD, scaled to 1e18, with a band: the feed's deviation threshold. Inside
/// the band the true price may be anywhere, because the feed does not move for less.
///
/// WHEN IT IS GOOD. The round is complete (not carried over from an earlier one), its answer is positive, it is not from the
/// future and not older than the heartbeat, a stable is inside its band around one dollar, and on a rollup the sequencer has been up
/// for the grace period. Anything else is a bad price: `ok` is false and nothing reverts, because each caller decides what
/// must wait. Exits in kind never ask.
///
/// WHO IS TRUSTED WITH WHAT.
/// * Chainlink, for the answer: a wrong answer inside all the checks above is taken for true. Its owner can replace the
///   aggregator behind a proxy.
/// * The holder of the role on `setFeed`, for naming the right proxy and its published heartbeat and threshold. A false proxy
///   is a false price, so the role belongs behind a delay. The ceilings below bound carelessness, not malice. The
///   covariance oracle copies feeds when it is made and does not follow later changes.
/// * The caller, for nothing: too little gas reverts instead of passing for a bad feed.
///
/// WHAT IT DOES NOT SEE. A move inside the band, a feed that is wrong but fresh, and the pool: comparing with a pool's spot and
/// average price is up to whoever trades there. Feeds in other units than USD need an adapter that is a feed itself.
///
/// UGLY PARTS. `decimals` is read once: a proxy that changes them must be set again. Each read needs FeedReader.FEED_GAS spare
/// gas, most of which is not spent.
contract PriceOracle is IPriceOracle, AccessManaged {
    /// @notice The chain's sequencer feed.
    /// @param feed Chainlink uptime feed (answer 0: up); zero on a chain without one
    /// @param grace Seconds for which prices stay bad after the sequencer is back
    struct Sequencer {
        address feed;
        uint32 grace;
    }

    /// @dev One slot, because a price is read with every deposit. `deviation` and `stableBand` are in steps of `STEP`.
    struct Stored {
        address feed;
        uint24 heartbeat;
        uint32 deviation;
        uint32 stableBand;
        uint8 decimals;
    }

    /// @notice Highest deviation threshold of a feed, 1e18 = 100%.
    uint256 public constant MAX_DEVIATION = 0.05e18;
    /// @notice Widest band of a stable, 1e18 = 100%.
    uint256 public constant MAX_STABLE_BAND = 0.1e18;
    /// @notice Longest heartbeat, seconds.
    uint256 public constant MAX_HEARTBEAT = 2 days;
    /// @notice Most decimals of a feed.
    uint256 public constant MAX_DECIMALS = 24;

    /// @notice Thresholds and bands are multiples of this, 1e18 = 100%.
    uint256 public constant STEP = 1e9;

    /// @notice The sequencer's uptime feed, zero if the chain has none.
    address public immutable sequencerFeed;
    /// @notice Seconds after the sequencer's return.
    uint256 public immutable sequencerGrace;

    mapping(address asset => Stored) private _feeds;

    event FeedSet(address indexed asset, Feed feed, uint8 decimals);

    error LengthMismatch(uint256 assets, uint256 feeds);
    error NoCode(address feed);
    error DeviationOutOfRange(address asset, uint256 deviation, uint256 ceiling);
    error StableBandTooWide(address asset, uint256 stableBand, uint256 ceiling);
    error HeartbeatOutOfRange(address asset, uint256 heartbeat, uint256 ceiling);
    error TooManyAssets(uint256 assets, uint256 most);
    error NotInSteps(address asset, uint256 value, uint256 step);
    error TooManyDecimals(address asset, uint256 decimals, uint256 ceiling);

    /// @param authority OpenZeppelin AccessManager that decides who may call `setFeed`
    constructor(
        address authority,
        Sequencer memory sequencer,
        address[] memory assets,
        Feed[] memory feeds
    ) AccessManaged(authority) {
        if (assets.length != feeds.length) revert LengthMismatch(assets.length, feeds.length);
        if (sequencer.feed != address(0) && sequencer.feed.code.length == 0) revert NoCode(sequencer.feed);
        sequencerFeed = sequencer.feed;
        sequencerGrace = sequencer.grace;
        for (uint256 i; i < assets.length; ++i) _setFeed(assets[i], feeds[i]);
    }

    // ------------------------------------------------------------------------------------------------ configuration

    /// @notice Names the feed of an asset, or replaces it.
    function setFeed(address asset, Feed calldata feed) external restricted {
        _setFeed(asset, feed);
    }

    function _setFeed(address asset, Feed memory feed) private {
        if (feed.feed.code.length == 0) revert NoCode(feed.feed);
        if (feed.deviation == 0 || feed.deviation > MAX_DEVIATION) {
            revert DeviationOutOfRange(asset, feed.deviation, MAX_DEVIATION);
        }
        if (feed.stableBand > MAX_STABLE_BAND) revert StableBandTooWide(asset, feed.stableBand, MAX_STABLE_BAND);
        if (feed.heartbeat == 0 || feed.heartbeat > MAX_HEARTBEAT) {
            revert HeartbeatOutOfRange(asset, feed.heartbeat, MAX_HEARTBEAT);
        }
        uint8 decimals = AggregatorV3Interface(feed.feed).decimals();
        if (decimals > MAX_DECIMALS) revert TooManyDecimals(asset, decimals, MAX_DECIMALS);
        // Safe: the ceilings above are below 2^24 seconds and 2^32 steps.
        _feeds[asset] = Stored({
            feed: feed.feed,
            heartbeat: uint24(feed.heartbeat),
            deviation: uint32(_steps(asset, feed.deviation)),
            stableBand: uint32(_steps(asset, feed.stableBand)),
            decimals: decimals
        });
        emit FeedSet(asset, feed, decimals);
    }

    function _steps(address asset, uint256 value) private pure returns (uint256) {
        if (value % STEP != 0) revert NotInSteps(asset, value, STEP);
        return value / STEP;
    }

    // ------------------------------------------------------------------------------------------------ prices

    /// @inheritdoc IPriceOracle
    function feedOf(address asset) external view returns (Feed memory) {
        Stored storage stored = _feeds[asset];
        return
            Feed({
                feed: stored.feed,
                heartbeat: stored.heartbeat,
                deviation: uint64(stored.deviation * STEP),
                stableBand: uint64(stored.stableBand * STEP)
            });
    }

    /// @inheritdoc IPriceOracle
    function price(address asset) external view returns (uint256 mid, uint256 half, bool ok) {
        (mid, half, ok) = _price(asset);
        ok = ok && _sequencerUp();
    }

    /// @inheritdoc IPriceOracle
    function snapshot(address[] calldata assets) external view returns (Prices memory) {
        _answer(assets, type(uint256).max);
    }

    /// @inheritdoc IPriceOracle
    function snapshotOf(address[] calldata assets, uint256 which) external view returns (Prices memory) {
        _answer(assets, which);
    }

    /// @inheritdoc IPriceOracle
    function updatedAt(address asset) external view returns (uint256) {
        (bool read, FeedRound memory round) = FeedReader.latest(_feeds[asset].feed);
        return read ? round.updatedAt : 0;
    }

    /// @dev Ends the call.
    function _answer(address[] calldata assets, uint256 which) private view {
        require(assets.length <= 256, TooManyAssets(assets.length, 256));
        Prices memory prices = Snapshot.blank(assets.length);
        bool ok = _sequencerUp();
        for (uint256 i; i < assets.length; ++i) {
            if ((which >> i) & 1 == 0) continue;
            bool good;
            (prices.mid[i], prices.half[i], good) = _price(assets[i]);
            ok = ok && good;
        }
        prices.ok = ok;
        Snapshot.answer(prices);
    }

    function _price(address asset) private view returns (uint256 mid, uint256 half, bool ok) {
        Stored memory feed = _feeds[asset];
        (bool read, FeedRound memory round) = FeedReader.latest(feed.feed);
        // No answer of 128 bits overflows below: 2^128 · 1e18 · deviation < 2^256.
        if (!read || round.answer <= 0 || round.answer > int256(uint256(type(uint128).max))) return (0, 0, false);

        mid = _toWadDown(uint256(round.answer), feed.decimals);
        half = _halfUp(mid, feed.deviation * STEP);
        ok =
            mid != 0 &&
            FeedReader.isComplete(round) &&
            round.updatedAt <= block.timestamp &&
            block.timestamp - round.updatedAt <= feed.heartbeat &&
            (feed.stableBand == 0 || _distance(mid, 1e18) <= feed.stableBand * STEP);
    }

    function _sequencerUp() private view returns (bool) {
        if (sequencerFeed == address(0)) return true;
        (bool read, FeedRound memory round) = FeedReader.latest(sequencerFeed);
        return
            read &&
            round.answer == 0 &&
            round.startedAt != 0 &&
            round.startedAt <= block.timestamp &&
            block.timestamp - round.startedAt > sequencerGrace;
    }

    function _toWadDown(uint256 answer, uint256 decimals) private pure returns (uint256) {
        // Safe: 128 bits times 10^18 at most.
        unchecked {
            return decimals <= 18 ? answer * 10 ** (18 - decimals) : answer / 10 ** (decimals - 18);
        }
    }

    function _halfUp(uint256 mid, uint256 deviation) private pure returns (uint256) {
        // Safe: `mid` is below 2^188, and `MAX_DEVIATION` below 2^56.
        unchecked {
            return (mid * deviation + (1e18 - 1)) / 1e18;
        }
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }
}
