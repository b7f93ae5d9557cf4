// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeedReader, FeedRound} from "../oracle/FeedReader.sol";

/// @title Which round of a feed was in force at a past moment
/// @notice For each feed and time exactly one round is accepted, so that whoever replays history, and whenever, replays the same.
///
/// THE RULE
/// 1. Only *complete* rounds count: they have data, and the answer was computed in that very round. Rounds that are missing,
///    or that timed out and carry an older answer, are stepped over as if they did not exist.
/// 2. A proxy numbers its aggregators by phase. A phase is dated by the first complete round among its ids 1 to 8 (the current
///    phase, if it has none, by its latest round). The newest phase that begins at or before t is the one in force.
/// 3. In that phase the round in force is the last complete one with `updatedAt ≤ t`: the next complete one is later than t, or
///    there is none. In the current phase the search for the next one ends at the latest round; in a past phase it ends
///    eight ids on, because a proxy does not tell where a phase ended.
/// 4. If no phase begins at or before t, no round was in force; that is claimed with round 0.
/// So there is always one claim that is accepted, and the oracle cannot be stuck by missing rounds or by a change of phase.
///
/// ITS LIMITS
/// * A new phase may bring rounds that are older than its confirmation: the same t then has another round than before. Both are
///   Chainlink's word for that moment, and only grid times not yet folded see the newer one.
/// * In a *past* phase with more than eight incomplete rounds in a row, the round before the gap is accepted too, for times after it.
///   Current aggregators cannot skip an id; in the old one, rounds are missing only while its oracles are down.
/// * While a proxy has no latest round (a new aggregator before its first answer) lookups wait.
/// * The feed must keep its history and must not report a round with a timestamp before one that could be read already.
library RoundLookup {
    /// @dev Ids that are tried to find the beginning of a phase, or what follows its end.
    uint80 internal constant PROBES = 8;

    error FeedUnavailable(address feed);
    error RoundMissing(address feed, uint80 round);
    error RoundAfterGridTime(address feed, uint80 round, uint256 updatedAt, uint256 gridTime);
    error RoundSuperseded(address feed, uint80 round, uint80 later, uint256 laterUpdatedAt, uint256 gridTime);

    /// @notice The proxy's latest round, where a lookup starts.
    function latestOf(address feed) internal view returns (FeedRound memory) {
        (bool ok, FeedRound memory round) = FeedReader.latest(feed);
        if (!ok) revert FeedUnavailable(feed);
        return round;
    }

    /// @notice Reverts unless `claimed` was in force at `t`.
    /// @param latest The proxy's latest round
    /// @return answer Of the claimed round, feed units; zero if none was in force
    /// @return updatedAt Of the claimed round, unix seconds; zero if none was in force
    function inForce(
        address feed,
        FeedRound memory latest,
        uint80 claimed,
        uint256 t
    ) internal view returns (int256 answer, uint256 updatedAt) {
        uint80 firstPhase; // the first phase that would supersede the claim
        if (claimed != 0) {
            FeedRound memory round = claimed == latest.id ? latest : _at(feed, claimed);
            if (claimed > latest.id || !FeedReader.isComplete(round)) revert RoundMissing(feed, claimed);
            (answer, updatedAt) = (round.answer, round.updatedAt);
            if (updatedAt > t) revert RoundAfterGridTime(feed, claimed, updatedAt, t);
            if (claimed == latest.id) return (answer, updatedAt);

            bool current = claimed >> 64 == latest.id >> 64;
            uint80 end = current ? latest.id : claimed + PROBES;
            _notSuperseded(feed, claimed, _firstComplete(feed, claimed + 1, end), t);
            firstPhase = (claimed >> 64) + 1;
        }
        for (uint80 phase = latest.id >> 64; phase >= firstPhase; --phase) {
            FeedRound memory first = _firstComplete(feed, (phase << 64) | 1, (phase << 64) | PROBES);
            if (first.updatedAt == 0 && phase == latest.id >> 64 && FeedReader.isComplete(latest)) first = latest;
            _notSuperseded(feed, claimed, first, t);
            if (phase == 0) break;
        }
    }

    function _notSuperseded(address feed, uint80 claimed, FeedRound memory later, uint256 t) private pure {
        if (later.updatedAt != 0 && later.updatedAt <= t) {
            revert RoundSuperseded(feed, claimed, later.id, later.updatedAt, t);
        }
    }

    /// @dev All zero if it could not be read.
    function _at(address feed, uint80 id) private view returns (FeedRound memory round) {
        (, round) = FeedReader.at(feed, id);
    }

    /// @dev All zero if none of the ids has a complete round.
    function _firstComplete(address feed, uint80 from, uint80 to) private view returns (FeedRound memory round) {
        for (uint80 id = from; id <= to; ++id) {
            bool ok;
            (ok, round) = FeedReader.at(feed, id);
            if (ok && FeedReader.isComplete(round)) return round;
        }
        FeedRound memory none;
        return none;
    }
}
