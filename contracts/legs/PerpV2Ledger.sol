// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Impairment} from "../interfaces/ILeg.sol";
import {IPerpBaseToken, IPerpClearingHouse} from "../interfaces/venues/IPerpV2.sol";
import {PerpV2Account} from "./PerpV2Account.sol";
import {PerpV2Market} from "./PerpV2Market.sol";

/// @title The venue's account as last seen, and what became of it since.
/// @dev WHY IT MAY BE TRUSTED. To ask the venue what it owes costs as much as the rest of the NAV, so the last answer is used while
/// balance, sizes, open notionals and funding growths are those it was given with. What is owed moves with a trade, a liquidation or a
/// settlement, which change a size; with settled funding, which changes a growth; with a withdrawal, which changes the balance. Strangers
/// can only add to the balance and bring sizes closer to zero, so no two of their acts cancel. A discount changes the fee of later
/// trades only. Anything else that differs is a reason to ask again. Pending funding is always asked for.
///
/// WHO PAYS. A difference is found before an order, an exit or a deposit counts anything, so all holders share it alike.
abstract contract PerpV2Ledger is PerpV2Account {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice Cash below this does not keep a leg from being removed: anybody may send a trader a unit. USD, 1e18.
    int256 public constant DUST = 1e18;

    /// @dev Gas with which a poll that fails has failed for the venue's reasons, not for its caller's thrift.
    uint256 internal constant POLL_GAS = 3_000_000;

    error NotEnoughGas(uint256 left, uint256 needed);

    /// @dev `Booked` in two words: neither size nor notional of a market comes near 2^127.
    struct Seen {
        int128 size;
        int128 openNotional;
        int256 fundingGrowth;
    }

    /// @dev Found since the last `sync`.
    bool private _damaged;
    uint8 internal _marketCount;
    uint8 internal _settlementIndex;

    int128 private _balance;
    int128 private _owed;
    Market[MAX_MARKETS] internal _markets;
    Seen[MAX_MARKETS] private _seen;

    /// @dev Funding that was settled since `_noteFunding`, 1e18, and in which markets, a bit each.
    int256 private transient _settledFunding;
    uint256 private transient _settledIn;

    // ── Looking ──────────────────────────────────────────────────────────────────────────────────

    /// @dev The account now, without asking what is owed if that is known.
    function _look() internal view returns (Account memory account) {
        bool known;
        (account, known) = _read();
        if (!known) account.owed = _pollOwed();
    }

    /// @dev Settles what the venue has closed, takes note of what strangers did, and returns the account now.
    function _observe() internal returns (Account memory account) {
        _quitClosed();
        bool known;
        (account, known) = _read();
        if (known) return account;
        (account.owed, known) = _askOwed();
        if (!known) {
            _mendIndices();
            account.owed = _pollOwed();
        }
        _take(_cause(account), account);
    }

    /// @dev The same with the full poll. A venue that cannot even say what it owes blocks the leg.
    function _reconcile() internal returns (Impairment found) {
        _quitClosed();
        (Account memory account, bool known) = _read();
        bool told;
        (account.owed, told) = _askOwed();
        if (!told) {
            _mendIndices();
            uint256 gasBefore = gasleft();
            (account.owed, told) = _askOwed();
            // Else anybody could stop the deposits of a sound vault.
            require(told || gasBefore >= POLL_GAS, NotEnoughGas(gasBefore, POLL_GAS));
        }
        if (!told) return Impairment.Blocked;
        if (!known || account.owed != _owed) _take(_cause(account), account);
        if (_damaged) {
            _damaged = false;
            return Impairment.Damaged;
        }
        return _isBlocked(account) ? Impairment.Blocked : Impairment.None;
    }

    /// @dev Take note of the account as it is now.
    function _take(Cause cause, Account memory account) internal {
        emit AccountChanged(cause, _lastSeen(), account);
        (_balance, _owed) = (account.balance.toInt128(), account.owed.toInt128());
        for (uint256 i; i < account.booked.length; ++i) {
            Booked memory now_ = account.booked[i];
            _seen[i] = Seen(now_.size.toInt128(), now_.openNotional.toInt128(), now_.fundingGrowth);
        }
        if (cause >= Cause.Settlement) _damaged = true;
    }

    function _lastSeen() internal view returns (Account memory account) {
        (account.balance, account.owed) = (_balance, _owed);
        account.booked = new Booked[](_marketCount);
        for (uint256 i; i < account.booked.length; ++i) {
            Seen memory last = _seen[i];
            account.booked[i] = Booked(last.size, last.openNotional, last.fundingGrowth);
        }
    }

    /// @dev `owed` is the last answer; `known` tells whether it still holds.
    function _read() private view returns (Account memory account, bool known) {
        account.balance = perpVault.getBalance(address(this));
        account.owed = _owed;
        known = account.balance == _balance;
        account.booked = new Booked[](_marketCount);
        for (uint256 i; i < account.booked.length; ++i) {
            Booked memory now_ = _bookedIn(_markets[i].market);
            Seen memory last = _seen[i];
            account.booked[i] = now_;
            known =
                known &&
                now_.size == last.size &&
                now_.openNotional == last.openNotional &&
                // Anybody can settle the funding of no position in a closed market: nothing is owed for it.
                (now_.fundingGrowth == last.fundingGrowth || now_.size == 0);
        }
    }

    // ── Own acts ─────────────────────────────────────────────────────────────────────────────────

    /// @dev Trades, and brings `account` up to date.
    /// @return gained What the trade realised, fee included, 1e18, signed: funding left out
    function _fill(
        Account memory account,
        uint256 i,
        int256 change,
        uint256 quoteBound
    ) internal returns (int256 gained) {
        address market = _markets[i].market;
        Booked memory last = account.booked[i];
        int256 received = _trade(market, change, quoteBound);
        Booked memory now_ = _bookedIn(market);
        account.booked[i] = now_;
        gained = last.openNotional + received - now_.openNotional;
        int256 due = account.owed + gained;
        // A market that is left is struck off the account, with the growth that its funding was settled at.
        account.owed =
            now_.size == 0
                ? _pollOwed()
                : due - PerpV2Market.fundingPaid(last.size, last.fundingGrowth, now_.fundingGrowth);
        _settledFunding += due - account.owed;
        _settledIn |= 1 << i;
    }

    /// @dev After a withdrawal of so many units, which settles funding everywhere and moves what is owed into the balance.
    function _paidOut(Account memory account, uint256 amount) internal {
        (Account memory now_, ) = _read();
        _settledFunding += _bookedCash(account) - (now_.balance + amount.toInt256()) * _scale;
        _settledIn = type(uint256).max;
        (account.balance, account.owed, account.booked) = (now_.balance, 0, now_.booked);
    }

    /// @dev Settles positions in closed markets. The venue refuses where its price history has run out; the position stays then.
    function _quitClosed() private {
        for (uint256 i; i < _marketCount; ++i) {
            address market = _markets[i].market;
            if (IPerpBaseToken(market).isOpen() || _bookedIn(market).size == 0) continue;
            if (!IPerpBaseToken(market).isClosed()) continue;
            try IPerpClearingHouse(clearingHouse).quitMarket(address(this), market) {} catch {}
        }
    }

    // ── Cash ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev Money at the venue, 1e18, unrealised profit and loss left out. Funding accrues by the second and is always asked for.
    function _cashOf(Account memory account) internal view returns (int256) {
        return _bookedCash(account) - _pendingFunding(account, 0);
    }

    /// @dev The same before pending funding.
    function _bookedCash(Account memory account) internal view returns (int256) {
        return account.balance * _scale + account.owed;
    }

    /// @dev From here on what orders settle is noted. Nobody else does until a plan is done.
    function _noteFunding() internal {
        (_settledFunding, _settledIn) = (0, 0);
    }

    /// @dev What was pending when `_noteFunding` was called in this transaction, and what is now. Funding is a function of time, so what is not
    /// settled yet has stayed the same since, and what was settled in between is nothing now.
    function _fundingSince(Account memory account) internal view returns (int256 then, int256 now_) {
        now_ = _pendingFunding(account, _settledIn);
        then = _settledFunding + now_;
    }

    /// @param settled Markets without any, a bit each
    function _pendingFunding(Account memory account, uint256 settled) private view returns (int256 pending) {
        for (uint256 i; i < account.booked.length; ++i) {
            if (account.booked[i].size != 0 && (settled >> i) & 1 == 0) pending += _pendingIn(i);
        }
    }

    function _pendingIn(uint256 i) private view returns (int256) {
        return exchange.getPendingFundingPayment(address(this), _markets[i].market);
    }

    // ── Judging ──────────────────────────────────────────────────────────────────────────────────

    /// @dev Why the account differs from the one last seen, by what only this cause can do.
    function _cause(Account memory account) private view returns (Cause cause) {
        bool richer = account.balance > _balance;
        cause = richer ? Cause.Gift : Cause.Funding;
        bool open;
        for (uint256 i; i < account.booked.length; ++i) {
            if (account.booked[i].size != 0) open = true;
            if (account.booked[i].size == _seen[i].size) continue;
            bool closed = IPerpBaseToken(_markets[i].market).isClosed();
            Cause found = closed ? Cause.Settlement : Cause.Liquidation;
            if (found > cause) cause = found;
        }
        // Insurance brings an account without positions to zero, rounded up to a unit.
        int256 value = account.balance * _scale + account.owed;
        if (richer && !open && value >= 0 && value < _scale) cause = Cause.BadDebt;
    }

    /// @dev True if the venue's owner keeps the leg from being left. Reads no price.
    function _isBlocked(Account memory account) private view returns (bool) {
        bool open;
        for (uint256 i; i < account.booked.length; ++i) {
            if (PerpV2Market.sizeOf(account.booked[i].size) == 0) continue;
            open = true;
            if (!PerpV2Market.isTradable(exchange, _markets[i].market)) return true;
        }
        int256 value = account.balance * _scale + account.owed;
        bool used = open || FixedPointMathLib.abs(value) >= uint256(DUST);
        return (open && IPerpClearingHouse(clearingHouse).paused()) || (used && perpVault.paused());
    }
}
