// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {Escrow} from "./Escrow.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Position} from "./Position.sol";
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
/// wait at the most, and those that are due with the mark from which they count. It is brought up to date when it is touched (see Position).
///
/// ROUNDING. Against the controller, by less than one share unit and one token unit each time that a position is touched. The difference stays in
/// the vault for good: shares in escrow, tokens among the reserved ones.
library Queue {
    using Fixed for uint256[];
    using Ledger for Ledger.State;
    using Position for Position.Now;
    using Position for Position.State;
    using ProductIndex for ProductIndex.State;
    using SafeCastLib for uint256;

    /// @notice The batch that was sealed last.
    /// @param shares Zero once it is due
    /// @param number From 1; the open batch has the next one
    /// @param lastAt Time of the last request in it
    /// @param since Of the whole queue, see `IRedeemQueue.waiting`: zero if nobody waits
    struct Sealed {
        uint128 shares;
        uint48 number;
        uint40 lastAt;
        uint40 since;
    }

    /// @param lastAt Time of the last request in it
    struct Open {
        uint128 shares;
        uint40 lastAt;
    }

    /// @dev A request writes the word of the open batch while a sealed one waits, else that of the sealed one: its own.
    /// @param due Shares of all controllers in the pool
    /// @param marks Where the index stood when a batch became due
    struct State {
        Sealed sealedBatch;
        Open openBatch;
        uint128 due;
        ProductIndex.State index;
        mapping(uint256 batch => ProductIndex.Mark) marks;
        mapping(address controller => Position.State) positions;
        mapping(address controller => mapping(address operator => bool)) operators;
    }

    // ── Shares in and out ────────────────────────────────────────────────────────────────────────

    /// @notice Write what a request changes, so that none pays for words that were zero.
    function begin(State storage self) internal {
        self.sealedBatch.number = 1;
        self.openBatch.lastAt = uint40(block.timestamp);
    }

    /// @notice Queue shares that are in escrow already.
    function request(State storage self, uint256 shares, address controller, address owner) public {
        require(shares > 0, VaultBase.ZeroAmount());
        require(controller != address(0), VaultBase.ZeroAddress());
        Sealed memory last = self.sealedBatch;
        _addToOpen(self, controller, last.number + 1, shares);
        Open memory open = Open((self.openBatch.shares + shares).toUint128(), uint40(block.timestamp));
        if (last.shares > 0) self.openBatch = open;
        else {
            if (last.since == 0) last.since = open.lastAt;
            _seal(self, last, open);
        }
        emit IRedeemQueue.RedeemRequest(controller, owner, 0, msg.sender, shares);
    }

    /// @notice Take shares out that are unfilled, the newest first. The caller returns them from escrow.
    function cancel(State storage self, uint256 shares, address receiver, address controller) public {
        _onlyController(self, controller);
        Position.Now memory p = _load(self, controller);
        uint256 unfilled = p.unfilled();
        require(shares <= unfilled, IRedeemQueue.NotEnoughWaiting(shares, unfilled));
        uint256 newest = FixedPointMathLib.min(shares, p.newest);
        uint256 before = FixedPointMathLib.min(shares - newest, p.before);
        uint256 due = shares - newest - before;
        p.newest -= newest;
        p.before -= before;
        p.due -= due;
        self.positions[controller].save(self.index, p);
        if (newest > 0 && p.batch > self.sealedBatch.number) self.openBatch.shares -= uint128(newest);
        else before += newest;
        if (before > 0) self.sealedBatch.shares -= uint128(before);
        if (due > 0) self.due -= uint128(due);
        if (total(self) == 0) self.sealedBatch.since = 0;
        emit IRedeemQueue.RedeemRequestCancelled(controller, receiver, msg.sender, shares);
    }

    /// @notice Take shares out for a controller who leaves.
    function takeBack(State storage self, uint256 shares, address controller) external {
        cancel(self, shares, controller, controller);
        Escrow.giveBack(controller, shares);
    }

    // ── Controllers: routed to as they call (see VaultBase) ──────────────────────────────────────

    /// @notice The vault has checked that the caller may dispose of the owner's shares.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId) {
        Escrow.take(owner, shares);
        request(_state(), shares, controller, owner);
        return 0;
    }

    function cancelRedeemRequest(uint256 shares, address receiver, address controller) external {
        cancel(_state(), shares, receiver, controller);
        Escrow.giveBack(receiver, shares);
    }

    function setOperator(address operator, bool approved) external returns (bool) {
        _state().operators[msg.sender][operator] = approved;
        emit IRedeemQueue.OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @notice Pay what `shares` were filled with.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets) {
        Position.Now memory p = _load(_state(), controller);
        require(shares > 0 && shares <= p.claimableShares, IRedeemQueue.NotEnoughClaimable(shares, p.claimableShares));
        assets = FixedPointMathLib.fullMulDiv(p.claimableAssets, shares, p.claimableShares);
        _claim(p, shares, assets, receiver, controller);
    }

    /// @notice Pay `assets` of what was filled.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares) {
        Position.Now memory p = _load(_state(), controller);
        require(assets > 0 && assets <= p.claimableAssets, IRedeemQueue.NotEnoughClaimable(assets, p.claimableAssets));
        shares = FixedPointMathLib.fullMulDivUp(p.claimableShares, assets, p.claimableAssets);
        _claim(p, shares, assets, receiver, controller);
    }

    function _claim(
        Position.Now memory p,
        uint256 shares,
        uint256 assets,
        address receiver,
        address controller
    ) private {
        State storage self = _state();
        _onlyController(self, controller);
        p.claimableShares -= shares;
        p.claimableAssets -= assets;
        self.positions[controller].save(self.index, p);
        Routed.ledger().pushReserved(Fixed.load().settlementToken(), receiver, assets);
        emit IRedeemQueue.Withdraw(msg.sender, receiver, controller, assets, shares);
    }

    function isOperator(address controller, address operator) external view returns (bool) {
        return _state().operators[controller][operator];
    }

    function pendingRedeemRequest(uint256, address controller) external view returns (uint256) {
        return _load(_state(), controller).unfilled();
    }

    function claimableRedeemRequest(uint256, address controller) external view returns (uint256) {
        return _load(_state(), controller).claimableShares;
    }

    function maxRedeem(address controller) external view returns (uint256) {
        return _load(_state(), controller).claimableShares;
    }

    function maxWithdraw(address controller) external view returns (uint256) {
        return _load(_state(), controller).claimableAssets;
    }

    function waiting() external view returns (uint256 shares, uint256 since) {
        return (total(_state()), _state().sealedBatch.since);
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
        _sealOpen(self);
        if (!_join(self, pricedAt)) return;
        _sealOpen(self);
        _join(self, pricedAt);
    }

    /// @notice Fill `shares` of what is due for `assets`.
    function fill(State storage self, uint256 shares, uint256 assets) internal {
        uint256 due = self.due;
        self.index.fill(due, shares, assets);
        self.due = uint128(due - shares);
        if (total(self) == 0)
            self.sealedBatch.since = 0;
            // Else a crumb now and then would keep everybody else from settling for ever.
        else if (shares >= due - shares) self.sealedBatch.since = uint40(block.timestamp);
    }

    function total(State storage self) internal view returns (uint256) {
        return uint256(self.due) + self.sealedBatch.shares + self.openBatch.shares;
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _sealOpen(State storage self) private {
        Open memory open = self.openBatch;
        Sealed memory last = self.sealedBatch;
        if (last.shares == 0 && open.shares > 0) _seal(self, last, open);
    }

    /// @dev The open batch becomes the sealed one, and an empty one is open.
    /// @param last The batch that was sealed before, with nothing left
    function _seal(State storage self, Sealed memory last, Open memory open) private {
        (last.shares, last.lastAt) = (open.shares, open.lastAt);
        ++last.number;
        self.sealedBatch = last;
        self.openBatch.shares = 0;
    }

    function _join(State storage self, uint256 pricedAt) private returns (bool) {
        Sealed memory last = self.sealedBatch;
        if (last.shares == 0 || pricedAt <= last.lastAt) return false;
        self.index.mark(self.marks[last.number]);
        self.due += last.shares;
        self.sealedBatch.shares = 0;
        return true;
    }

    function _addToOpen(State storage self, address controller, uint256 batch, uint256 shares) private {
        Position.Now memory p = _load(self, controller);
        // What is left of the batch before: of the one before that all is due.
        if (p.newest > 0 && p.batch < batch) (p.before, p.newest) = (p.newest, 0);
        p.batch = batch;
        p.newest += shares;
        self.positions[controller].save(self.index, p);
    }

    function _load(State storage self, address controller) private view returns (Position.Now memory) {
        return self.positions[controller].load(self.index, self.marks);
    }

    function _onlyController(State storage self, address controller) private view {
        require(
            msg.sender == controller || self.operators[controller][msg.sender],
            IRedeemQueue.NotController(msg.sender, controller)
        );
    }
}
