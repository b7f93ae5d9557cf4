// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {Ledger} from "./Ledger.sol";
import {ProductIndex} from "./ProductIndex.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The redemption queue: who waits, who is filled, who may claim what.
///
/// @dev THE LIFE OF A REQUEST. Shares join the open batch. The batch is *sealed*: nothing joins it any more. It becomes *due* at a settlement whose
/// every material price is newer than the last request in it, so that nobody asks knowing the price that he gets. What is due is one pool
/// without any order: each settlement fills the same fraction of every share in it (ProductIndex), and what it filled can be claimed.
///
/// WHY BATCHES. If one time stood for all requests, a request of dust in every block would put everybody off. One sealed batch waits at a time. While
/// none does, a request seals its own batch, and each settlement seals the open one. So a share waits for at most two sets of new prices, that of
/// the batch before it and its own, whatever others do.
///
/// POSITIONS. Anyone may request for any controller, and this never changes what the controller had: a position keeps its shares by batch, two that
/// wait at the most, and those that are due with the mark from which they count. It is brought up to date when it is touched.
///
/// ROUNDING. Against the controller, by less than one share unit and one token unit each time that a position is touched. The difference stays in
/// the vault for good: shares in escrow, tokens among the reserved ones.
library Queue {
    using Ledger for Ledger.State;
    using ProductIndex for ProductIndex.State;
    using SafeCastLib for uint256;

    /// @param batch Number of the batch that the shares joined
    struct Part {
        uint64 batch;
        uint128 shares;
    }

    /// @param due Shares in the pool when `mark` was made
    /// @param even Shares whose batch may not be due yet, if its number is even
    /// @param odd The same if it is odd
    struct Position {
        uint128 due;
        uint128 claimableShares;
        uint128 claimableAssets;
        ProductIndex.Mark mark;
        Part even;
        Part odd;
    }

    /// @param due Shares of all controllers in the pool
    /// @param sealedShares Shares in the sealed batch; zero if none waits
    /// @param openShares Shares in the open batch
    /// @param batch Number of the open batch; the one before it is sealed or due
    /// @param sealedAt Time of the last request in the sealed batch
    /// @param openAt Time of the last request in the open batch
    /// @param since See `IRedeemQueue.waiting`
    struct State {
        ProductIndex.State index;
        uint128 due;
        uint128 sealedShares;
        uint128 openShares;
        uint64 batch;
        uint64 sealedAt;
        uint64 openAt;
        uint64 since;
        mapping(uint256 batch => ProductIndex.Mark) marks;
        mapping(address controller => Position) positions;
        mapping(address controller => mapping(address operator => bool)) operators;
    }

    // ── Shares in and out ────────────────────────────────────────────────────────────────────────

    /// @notice Queue shares that are in escrow already.
    function request(State storage self, uint256 shares, address controller, address owner) external {
        require(shares > 0, VaultBase.ZeroAmount());
        require(controller != address(0), VaultBase.ZeroAddress());
        if (total(self) == 0) self.since = uint64(block.timestamp);
        Position memory p = _upToDate(self, controller);
        Part memory part = _part(p, self.batch);
        part.batch = self.batch;
        part.shares += shares.toUint128();
        self.openShares += shares.toUint128();
        self.openAt = uint64(block.timestamp);
        self.positions[controller] = p;
        _seal(self);
        emit IRedeemQueue.RedeemRequest(controller, owner, 0, msg.sender, shares);
    }

    /// @notice Take shares out that are unfilled, the newest first. The caller returns them from escrow.
    function cancel(State storage self, uint256 shares, address receiver, address controller) external {
        _onlyController(self, controller);
        Position memory p = _upToDate(self, controller);
        uint256 unfilled = _unfilled(p);
        require(shares <= unfilled, IRedeemQueue.NotEnoughWaiting(shares, unfilled));
        uint256 left = shares;
        uint128 taken;
        (left, taken) = _take(p, self.batch, left);
        self.openShares -= taken;
        if (self.batch > 0) {
            (left, taken) = _take(p, self.batch - 1, left);
            self.sealedShares -= taken;
        }
        p.due -= uint128(left);
        self.due -= uint128(left);
        self.positions[controller] = p;
        if (total(self) == 0) self.since = 0;
        emit IRedeemQueue.RedeemRequestCancelled(controller, receiver, msg.sender, shares);
    }

    // ── Controllers: routed to as they call (see VaultBase) ──────────────────────────────────────

    function setOperator(address operator, bool approved) external returns (bool) {
        _state().operators[msg.sender][operator] = approved;
        emit IRedeemQueue.OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @notice Pay what `shares` were filled with.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets) {
        Position memory p = _upToDate(_state(), controller);
        require(shares > 0 && shares <= p.claimableShares, IRedeemQueue.NotEnoughClaimable(shares, p.claimableShares));
        assets = FixedPointMathLib.fullMulDiv(p.claimableAssets, shares, p.claimableShares);
        _claim(p, shares, assets, receiver, controller);
    }

    /// @notice Pay `assets` of what was filled.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares) {
        Position memory p = _upToDate(_state(), controller);
        require(assets > 0 && assets <= p.claimableAssets, IRedeemQueue.NotEnoughClaimable(assets, p.claimableAssets));
        shares = FixedPointMathLib.fullMulDivUp(p.claimableShares, assets, p.claimableAssets);
        _claim(p, shares, assets, receiver, controller);
    }

    function _claim(Position memory p, uint256 shares, uint256 assets, address receiver, address controller) private {
        State storage self = _state();
        _onlyController(self, controller);
        p.claimableShares -= uint128(shares);
        p.claimableAssets -= uint128(assets);
        self.positions[controller] = p;
        Routed.ledger().pushReserved(IHedgeVault(address(this)).settlementToken(), receiver, assets);
        emit IRedeemQueue.Withdraw(msg.sender, receiver, controller, assets, shares);
    }

    function isOperator(address controller, address operator) external view returns (bool) {
        return _state().operators[controller][operator];
    }

    function pendingRedeemRequest(uint256, address controller) external view returns (uint256) {
        return _unfilled(_upToDate(_state(), controller));
    }

    function claimableRedeemRequest(uint256, address controller) external view returns (uint256) {
        return _upToDate(_state(), controller).claimableShares;
    }

    function maxRedeem(address controller) external view returns (uint256) {
        return _upToDate(_state(), controller).claimableShares;
    }

    function maxWithdraw(address controller) external view returns (uint256) {
        return _upToDate(_state(), controller).claimableAssets;
    }

    function waiting() external view returns (uint256 shares, uint256 since) {
        return (total(_state()), _state().since);
    }

    function _state() private pure returns (State storage self) {
        uint256 slot = Routed.word();
        assembly ("memory-safe") {
            self.slot := slot
        }
    }

    // ── Settlement ───────────────────────────────────────────────────────────────────────────────

    /// @notice Make due what can be priced. Pays nothing.
    /// @param pricedAt Time of the oldest material round
    function advance(State storage self, uint256 pricedAt) internal {
        _seal(self);
        if (!_join(self, pricedAt)) return;
        _seal(self);
        _join(self, pricedAt);
    }

    /// @notice Fill `shares` of what is due for `assets`.
    function fill(State storage self, uint256 shares, uint256 assets) internal {
        uint256 due = self.due;
        self.index.fill(due, shares, assets);
        self.due = uint128(due - shares);
        if (total(self) == 0)
            self.since = 0;
            // Else a crumb now and then would keep everybody else from settling for ever.
        else if (shares >= due - shares) self.since = uint64(block.timestamp);
    }

    function total(State storage self) internal view returns (uint256) {
        return uint256(self.due) + self.sealedShares + self.openShares;
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _seal(State storage self) private {
        if (self.sealedShares > 0 || self.openShares == 0) return;
        (self.sealedShares, self.openShares) = (self.openShares, 0);
        self.sealedAt = self.openAt;
        ++self.batch;
    }

    function _join(State storage self, uint256 pricedAt) private returns (bool) {
        if (self.sealedShares == 0 || pricedAt <= self.sealedAt) return false;
        self.marks[self.batch - 1] = self.index.mark();
        self.due += self.sealedShares;
        self.sealedShares = 0;
        return true;
    }

    function _upToDate(State storage self, address controller) private view returns (Position memory p) {
        p = self.positions[controller];
        p.due = uint128(_count(self, p, p.mark, p.due) + _countIfDue(self, p, p.even) + _countIfDue(self, p, p.odd));
        p.mark = self.index.current();
    }

    /// @dev Empties the part if its batch is due.
    function _countIfDue(State storage self, Position memory p, Part memory part) private view returns (uint256 due) {
        if (part.shares == 0) return 0;
        ProductIndex.Mark memory mark = self.marks[part.batch];
        if (mark.product == 0) return 0;
        due = _count(self, p, mark, part.shares);
        part.shares = 0;
    }

    /// @dev Adds to what is claimable, and returns what is unfilled of shares that came in at a mark.
    function _count(
        State storage self,
        Position memory p,
        ProductIndex.Mark memory mark,
        uint128 shares
    ) private view returns (uint256 unfilled) {
        unfilled = self.index.unfilledDown(mark, shares);
        p.claimableShares += uint128(shares - unfilled);
        p.claimableAssets += self.index.paidDown(mark, shares).toUint128();
    }

    function _unfilled(Position memory p) private pure returns (uint256) {
        return uint256(p.due) + p.even.shares + p.odd.shares;
    }

    function _part(Position memory p, uint64 batch) private pure returns (Part memory) {
        return batch % 2 == 0 ? p.even : p.odd;
    }

    /// @dev Takes up to `wanted` of a position's shares in a batch.
    function _take(Position memory p, uint64 batch, uint256 wanted) private pure returns (uint256 left, uint128 taken) {
        Part memory part = _part(p, batch);
        if (part.batch != batch) return (wanted, 0);
        taken = uint128(FixedPointMathLib.min(wanted, part.shares));
        part.shares -= taken;
        left = wanted - taken;
    }

    function _onlyController(State storage self, address controller) private view {
        require(
            msg.sender == controller || self.operators[controller][msg.sender],
            IRedeemQueue.NotController(msg.sender, controller)
        );
    }
}
