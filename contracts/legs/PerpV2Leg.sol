// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Impairment} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IPerpBaseToken, IPerpClearingHouse} from "../interfaces/venues/IPerpV2.sol";
import {Action, Margin, Order, Size} from "../types/Plan.sol";
import {LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Closing} from "./Closing.sol";
import {Leg} from "./Leg.sol";
import {PerpV2Account} from "./PerpV2Account.sol";
import {PerpV2Ledger} from "./PerpV2Ledger.sol";
import {PerpV2Market} from "./PerpV2Market.sol";

/// @title One trader account on Perpetual Protocol v2: short positions, margin in the settlement token only.
/// @dev VALUE. Equity = balance + owed realised PnL − pending funding + Σ(size·P_oracle + open notional). The venue's mark never
/// enters it: it lags jumps by a thirty-minute average and moves with our own trade. It enters the margin ratio, beside the
/// oracle, the worse of the two. A closed market counts at its closed price, which is what it will be settled at. Everything at the
/// venue is in the settlement token, so equity is turned into USD at that token's price.
///
/// TRUST. The venue is believed for what it books and what it pays out. It may be paused, it may close a market, it keeps trading on a
/// stale index, which can leave it blind (PerpV2Account), it refuses to reduce a position below the maintenance ratio, and it never pays out unrealised profit. Its owner may name a
/// forwarder or delegates that act for every trader. What strangers can do to the account is found by PerpV2Ledger.
///
/// WHAT AN EXIT ASKS OF THE VENUE. A trade in each open market, which needs the market's index and pool history, the clearing house
/// unpaused, the maintenance ratio, the tick limit and the price spread; a withdrawal, which needs the venue's vault unpaused. No
/// figure of our oracles. Where one is missing the whole exit reverts and says which, and the leaver may forfeit the leg.
///
/// SHORT ONLY. No order can make a position long: a reduction larger than the short is refused.
contract PerpV2Leg is Leg, PerpV2Ledger {
    using SafeCast for int256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    error NotAMarket(address baseToken);
    error WouldFlipLong(address baseToken, int256 size, int256 change);
    error TooManyMarkets(uint256 given, uint256 most);
    error NeedsPrice(Action action, int256 amount);
    error ZeroAmount();

    constructor(address clearingHouse_) PerpV2Account(clearingHouse_) {}

    /// @dev Configuration: markets, largest slippage (1e18 = 100%).
    function _configure(bytes calldata config) internal override {
        (Market[] memory markets_, uint256 slippage) = abi.decode(config, (Market[], uint256));
        require(markets_.length <= MAX_MARKETS, TooManyMarkets(markets_.length, MAX_MARKETS));
        _setSlippage(slippage);
        (_settlementIndex, ) = _find(settlementToken);
        uint256 assets = ILegHost(vault).assets().length;
        for (uint256 i; i < markets_.length; ++i) {
            require(markets_[i].assetIndex < assets, NotAMarket(markets_[i].market));
            _markets[i] = markets_[i];
        }
        _marketCount = uint8(markets_.length);
    }

    // ── Orders ───────────────────────────────────────────────────────────────────────────────────

    function execute(Order calldata order, Prices calldata prices) external onlyVault {
        Account memory account = _observe();
        if (order.action == Action.Size) _resize(account, abi.decode(order.params, (Size)), prices);
        else if (order.action == Action.Margin)
            _moveMargin(account, abi.decode(order.params, (Margin)).amount, prices.ok);
        else revert UnsupportedAction(order.action);
    }

    function _resize(Account memory account, Size memory order, Prices calldata prices) private {
        require(order.size != 0, ZeroAmount());
        uint256 i = _indexOf(order.market);
        int256 held = PerpV2Market.sizeOf(account.booked[i].size);
        require(held + order.size <= 0, WouldFlipLong(order.market, held, order.size));
        uint256 fair = FixedPointMathLib.fullMulDiv(
            FixedPointMathLib.abs(order.size),
            _fairPrice(i, order, prices),
            1e18
        );
        uint256 bound =
            order.size < 0
                ? FixedPointMathLib.mulDivUp(fair, 1e18 - maxSlippage, 1e18)
                : FixedPointMathLib.mulDiv(fair, 1e18 + maxSlippage, 1e18);
        _fill(account, i, order.size, bound);
        _take(Cause.Fill, account);
    }

    /// @dev While our price is bad a reduction may go by the market's own average; nothing else may.
    function _fairPrice(uint256 i, Size memory order, Prices calldata prices) private view returns (uint256) {
        if (prices.ok) return prices.mid[_markets[i].assetIndex];
        require(order.size > 0, NeedsPrice(Action.Size, order.size));
        return PerpV2Market.averagePrice(exchange, order.market);
    }

    function _moveMargin(Account memory account, int256 amount, bool priced) private {
        require(amount != 0, ZeroAmount());
        if (amount > 0) {
            uint256 paid = amount.toUint256();
            ILegHost(vault).pay(settlementToken, address(this), paid);
            IERC20(settlementToken).forceApprove(address(perpVault), paid);
            perpVault.deposit(settlementToken, paid);
            account.balance = perpVault.getBalance(address(this));
        } else {
            require(priced, NeedsPrice(Action.Margin, amount));
            uint256 taken = (-amount).toUint256();
            perpVault.withdraw(settlementToken, taken);
            _paidOut(account, taken);
            // The venue pays the trader, so the tokens pass through here on their way to the vault.
            IERC20(settlementToken).safeTransfer(vault, taken);
            ILegHost(vault).book(settlementToken, taken);
        }
        _take(Cause.Margin, account);
    }

    // ── Exit ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev The leaver's part is f·(balance + owed − funding) + f·openNotional − quote paid to close, rounded down, and at
    /// most the venue's free collateral. The cost of closing is his alone. `minOut` of the exit bounds it, no oracle does.
    function exit(uint256 numerator, uint256 denominator) external onlyVault returns (int256[] memory amounts) {
        amounts = new int256[](ILegHost(vault).assets().length);
        _mendIndices();
        Account memory account = _observe();
        int256 part = _shareDown(_cashOf(account), numerator, denominator);
        for (uint256 i; i < account.booked.length; ++i) {
            int256 size = PerpV2Market.sizeOf(account.booked[i].size);
            int256 base = FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(size), numerator, denominator).toInt256();
            if (base != 0) part += _fill(account, i, size < 0 ? base : -base, 0);
        }
        int256 owed = _floorDiv(part, _scale);
        amounts[_settlementIndex] = owed > 0 ? _payLeaver(account, owed.toUint256()) : owed;
        _take(Cause.Fill, account);
    }

    function _payLeaver(Account memory account, uint256 owed) private returns (int256) {
        uint256 paid = _payOutUpTo(owed);
        if (paid < owed) emit PaidInPart(owed, paid);
        if (paid > 0) {
            _paidOut(account, paid);
            IERC20(settlementToken).safeTransfer(vault, paid);
        }
        return paid.toInt256();
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function measure(Prices calldata prices) external view settled returns (LegValue memory) {
        Account memory account = _look();
        Held memory held = _atOracle(account, _cashOf(account), prices.mid);
        _addBand(held, account, prices.mid);
        return held.value;
    }

    /// @dev To ask for funding is dear, and a trade settles it: it is asked for once, of what no order has settled.
    function appraise(
        uint256[] calldata mid,
        bool first,
        uint256 leastMargin
    ) external onlyVault returns (LegValue memory) {
        Account memory account = first ? _observe() : _look();
        int256 money = _bookedCash(account);
        int256 overdue;
        if (first) {
            _noteFunding();
        } else {
            int256 pending;
            (overdue, pending) = _fundingSince(account);
            money -= pending;
        }
        Held memory held = _atOracle(account, money, mid);
        held.value.overdue = (overdue * int256(mid[_settlementIndex])) / 1e18;
        if (leastMargin > 0 && held.notional > 0) held.value.thin = _isThin(account, money, held, leastMargin);
        return held.value;
    }

    /// @param value Without the band
    /// @param equity In settlement tokens, 1e18
    /// @param notional Σ |size|·P in settlement tokens, 1e18
    /// @param open Markets that are open, a bit each
    /// @param settling Markets with a position whose price is final, a bit each
    struct Held {
        LegValue value;
        int256 equity;
        uint256 notional;
        uint256 open;
        uint256 settling;
    }

    /// @param money Balance and owed less funding
    function _atOracle(
        Account memory account,
        int256 money,
        uint256[] calldata mid
    ) private view returns (Held memory held) {
        LegValue memory value = held.value;
        value.hedge = true;
        value.exposure = new int256[](mid.length);
        int256 unit = int256(mid[_settlementIndex]);
        for (uint256 i; i < account.booked.length; ++i) {
            int256 size = PerpV2Market.sizeOf(account.booked[i].size);
            if (size == 0) continue;
            Market memory market = _markets[i];
            uint256 price = mid[market.assetIndex];
            // A position in a closed market waits to be settled at the closed price.
            if (IPerpBaseToken(market.market).isOpen()) held.open |= 1 << i;
            else if (IPerpBaseToken(market.market).isClosed()) {
                price = IPerpBaseToken(market.market).getClosedPrice();
                held.settling |= 1 << i;
            }
            int256 worth = (size * int256(price)) / 1e18;
            money += worth + account.booked[i].openNotional;
            held.notional += FixedPointMathLib.abs(worth);
            if ((held.settling >> i) & 1 == 0) value.exposure[market.assetIndex] += (worth * unit) / 1e18;
        }
        held.equity = money;
        value.equity = (money * unit) / 1e18;
        value.exposure[_settlementIndex] += value.equity;
    }

    /// @dev What closing would cost, and how far the markets stand from the oracle. What is closed already costs nothing more.
    function _addBand(Held memory held, Account memory account, uint256[] calldata mid) private view {
        LegValue memory value = held.value;
        uint256 unit = mid[_settlementIndex];
        for (uint256 i; i < account.booked.length; ++i) {
            int256 size = PerpV2Market.sizeOf(account.booked[i].size);
            if (size == 0 || (held.settling >> i) & 1 == 1) continue;
            Market memory market = _markets[i];
            (uint256 cost, uint256 gap) = Closing.costUp(
                PerpV2Market.quote(marketRegistry, market.market, (held.open >> i) & 1 == 1),
                size,
                mid[market.assetIndex]
            );
            value.closeOutCost += FixedPointMathLib.mulDivUp(cost, unit, 1e18);
            value.venueGap += FixedPointMathLib.mulDivUp(gap, unit, 1e18);
        }
        // A leaver can give up an account below zero, so the high side of the NAV must not count what it owes.
        if (value.equity < 0) value.closeOutCost += uint256(-value.equity);
    }

    // ── Margin ───────────────────────────────────────────────────────────────────────────────────

    function marginRatio(Prices calldata prices) external view settled returns (uint256) {
        Account memory account = _look();
        int256 money = _cashOf(account);
        Held memory held = _atOracle(account, money, prices.mid);
        if (held.notional == 0) return type(uint256).max;
        uint256 ratio = _ratioDown(held.equity, money, held.notional);
        return FixedPointMathLib.min(ratio, _ratioAtVenue(account, money));
    }

    /// @dev The venue's mark is asked for only where the highest that it can be is not good enough.
    function _isThin(
        Account memory account,
        int256 money,
        Held memory held,
        uint256 least
    ) private view returns (bool) {
        if (_ratioDown(held.equity, money, held.notional) < least) return true;
        // The venue rounds its value to a unit.
        return _ratioAtHighestMark(account, money - _scale) < least && _ratioAtVenue(account, money) < least;
    }

    /// @dev By the venue's mark. Where the venue cannot tell it, by the highest that it can be, which is the worst for a short: with too little gas
    /// for the first nobody gets a better answer by the second.
    function _ratioAtVenue(Account memory account, int256 money) private view returns (uint256) {
        try perpVault.getAccountValue(address(this)) returns (int256 value) {
            return _ratioDown(value * _scale, money, accountBalance.getTotalAbsPositionValue(address(this)));
        } catch {
            return _ratioAtHighestMark(account, money);
        }
    }

    /// @dev Never above the ratio at the venue's mark: every position is a short.
    function _ratioAtHighestMark(Account memory account, int256 money) private view returns (uint256) {
        int256 equity = money;
        uint256 notional;
        uint32 interval = PerpV2Market.longInterval(clearingHouse);
        for (uint256 i; i < account.booked.length; ++i) {
            int256 size = PerpV2Market.sizeOf(account.booked[i].size);
            if (size == 0) continue;
            uint256 price = PerpV2Market.highestMark(marketRegistry, interval, _markets[i].market);
            int256 worth = (size * int256(price)) / 1e18;
            equity += worth + account.booked[i].openNotional;
            notional += FixedPointMathLib.abs(worth);
        }
        return _ratioDown(equity, money, notional);
    }

    /// @dev The venue pays out cash only: profit that is not realised does not count as margin here, or exits could not be paid.
    function _ratioDown(int256 equity, int256 money, uint256 notional) private pure returns (uint256) {
        equity = FixedPointMathLib.min(equity, money);
        if (equity <= 0) return 0;
        if (notional == 0) return type(uint256).max;
        return FixedPointMathLib.fullMulDiv(uint256(equity), 1e18, notional);
    }

    // ── What else it says ────────────────────────────────────────────────────────────────────────

    function disagreement(Prices calldata) external pure returns (uint256) {
        return 0;
    }

    function sync() external onlyVault returns (Impairment) {
        return _reconcile();
    }

    function isReduction(Order calldata order) external pure returns (bool) {
        if (order.action == Action.Margin) return abi.decode(order.params, (Margin)).amount > 0;
        return order.action == Action.Size && abi.decode(order.params, (Size)).size > 0;
    }

    /// @dev Trades here are bounded by `maxSlippage` against the oracle instead.
    function deviation(Order calldata, Prices calldata) external pure returns (uint256) {
        return 0;
    }

    function isHedge() external pure returns (bool) {
        return true;
    }

    function isEmpty() external view returns (bool) {
        Account memory account = _look();
        for (uint256 i; i < account.booked.length; ++i) {
            if (PerpV2Market.sizeOf(account.booked[i].size) != 0) return false;
        }
        return _cashOf(account) < DUST;
    }

    function venue() external pure returns (string memory) {
        return "perp-v2";
    }

    function quote(address market) external view settled returns (Quote memory quoted) {
        if (IPerpClearingHouse(clearingHouse).paused() || !PerpV2Market.isTradable(exchange, market)) return quoted;
        return PerpV2Market.quote(marketRegistry, market, true);
    }

    function collateralWeight() external pure returns (uint256) {
        return 1e18;
    }

    function markets() external view returns (Market[] memory all) {
        all = new Market[](_marketCount);
        for (uint256 i; i < all.length; ++i) all[i] = _markets[i];
    }

    function cash() external view settled returns (int256) {
        return _cashOf(_look());
    }

    function position(address baseToken) external view settled returns (int256 size, int256 openNotional) {
        Booked memory booked = _bookedIn(baseToken);
        return (PerpV2Market.sizeOf(booked.size), booked.openNotional);
    }

    function lastSeen() external view returns (Account memory) {
        return _lastSeen();
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _indexOf(address baseToken) private view returns (uint256 i) {
        for (; i < _marketCount; ++i) {
            if (_markets[i].market == baseToken) return i;
        }
        revert NotAMarket(baseToken);
    }

    /// @dev amount·numerator/denominator, rounded towards minus infinity.
    function _shareDown(int256 amount, uint256 numerator, uint256 denominator) private pure returns (int256) {
        uint256 size = FixedPointMathLib.abs(amount);
        return
            amount >= 0
                ? FixedPointMathLib.fullMulDiv(size, numerator, denominator).toInt256()
                : -FixedPointMathLib.fullMulDivUp(size, numerator, denominator).toInt256();
    }

    function _floorDiv(int256 amount, int256 divisor) private pure returns (int256 quotient) {
        quotient = amount / divisor;
        if (quotient * divisor > amount) --quotient;
    }
}
