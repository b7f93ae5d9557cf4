// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Impairment} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IPerpV2Leg} from "../interfaces/IPerpV2Leg.sol";
import {
    IPerpAccountBalance,
    IPerpClearingHouse,
    IPerpExchange,
    IPerpMarketRegistry,
    IPerpVault
} from "../interfaces/venues/IPerpV2.sol";
import {Action, Margin, Order, Size} from "../types/Plan.sol";
import {LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Closing} from "./Closing.sol";
import {Leg} from "./Leg.sol";
import {PerpV2Market} from "./PerpV2Market.sol";

/// @title One trader account on Perpetual Protocol v2: short positions, margin in the settlement token only.
/// @dev VALUE. Equity = balance + owed realised PnL − pending funding + Σ(size·P_oracle + open notional). The venue's mark never
/// enters it: it lags jumps by a thirty-minute average and moves with our own trade. It enters the margin ratio, beside the
/// oracle, the worse of the two. Everything at the venue is in the settlement token, so equity is turned into USD at that token's price.
///
/// TRUST. The venue is believed for what it books and what it pays out. It may be paused, it may close a market, it keeps trading on a
/// stale index, it refuses to reduce a position below the maintenance ratio, and it never pays out unrealised profit.
///
/// SHORT ONLY. No order can make a position long: a reduction larger than the short is refused.
contract PerpV2Leg is Leg, IPerpV2Leg {
    using SafeCast for int256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    error NotAMarket(address baseToken);
    error WouldFlipLong(address baseToken, int256 size, int256 change);
    error TooManyMarkets(uint256 given, uint256 most);
    error SlippageTooWide(uint256 maxSlippage, uint256 ceiling);
    error ZeroAmount();

    /// @notice No trade may cost more than this against the oracle, whatever the configuration. 1e18 = 100%.
    uint256 public constant SLIPPAGE_CEILING = 0.05e18;

    /// @notice Cash below this does not keep a leg from being removed: anybody may send a trader a unit. USD, 1e18.
    int256 public constant DUST = 1e18;

    /// @notice Most markets in one account: each costs every exit gas.
    uint256 public constant MAX_MARKETS = 4;

    address public immutable clearingHouse;
    IPerpVault public immutable perpVault;
    IPerpAccountBalance public immutable accountBalance;
    IPerpExchange public immutable exchange;
    IPerpMarketRegistry public immutable marketRegistry;
    address public immutable settlementToken;
    int256 private immutable _scale;

    /// @notice Most that a trade may lose against the oracle's price, fee included, 1e18 = 100%.
    uint64 public maxSlippage;
    uint8 private _settlementIndex;

    Market[] private _markets;

    constructor(address clearingHouse_) {
        clearingHouse = clearingHouse_;
        IPerpClearingHouse house = IPerpClearingHouse(clearingHouse_);
        perpVault = IPerpVault(house.getVault());
        accountBalance = IPerpAccountBalance(house.getAccountBalance());
        exchange = IPerpExchange(house.getExchange());
        marketRegistry = IPerpMarketRegistry(exchange.getMarketRegistry());
        settlementToken = perpVault.getSettlementToken();
        _scale = int256(10 ** (18 - IERC20Metadata(settlementToken).decimals()));
    }

    /// @dev Configuration: markets, largest slippage (1e18 = 100%).
    function _configure(bytes calldata config) internal override {
        (Market[] memory markets_, uint256 slippage) = abi.decode(config, (Market[], uint256));
        require(slippage <= SLIPPAGE_CEILING, SlippageTooWide(slippage, SLIPPAGE_CEILING));
        require(markets_.length <= MAX_MARKETS, TooManyMarkets(markets_.length, MAX_MARKETS));
        // Safe: below the ceiling
        maxSlippage = uint64(slippage);
        (_settlementIndex, ) = _find(settlementToken);
        uint256 assets = ILegHost(vault).assets().length;
        for (uint256 i; i < markets_.length; ++i) {
            require(markets_[i].assetIndex < assets, NotAMarket(markets_[i].market));
            _markets.push(markets_[i]);
        }
    }

    // ── Orders ───────────────────────────────────────────────────────────────────────────────────

    function execute(Order calldata order, Prices calldata prices) external onlyVault {
        if (order.action == Action.Size) _resize(abi.decode(order.params, (Size)), prices);
        else if (order.action == Action.Margin) _moveMargin(abi.decode(order.params, (Margin)).amount);
        else revert UnsupportedAction(order.action);
    }

    function _resize(Size memory order, Prices calldata prices) private {
        require(order.size != 0, ZeroAmount());
        uint256 mid = prices.mid[_marketOf(order.market).assetIndex];
        (int256 held, ) = _position(order.market);
        require(held + order.size <= 0, WouldFlipLong(order.market, held, order.size));
        uint256 base = FixedPointMathLib.abs(order.size);
        uint256 fair = FixedPointMathLib.fullMulDiv(base, mid, 1e18);
        uint256 bound =
            order.size < 0
                ? FixedPointMathLib.mulDivUp(fair, 1e18 - maxSlippage, 1e18)
                : FixedPointMathLib.mulDiv(fair, 1e18 + maxSlippage, 1e18);
        _trade(order.market, order.size, bound);
    }

    function _moveMargin(int256 amount) private {
        require(amount != 0, ZeroAmount());
        if (amount > 0) {
            uint256 paid = amount.toUint256();
            ILegHost(vault).pay(settlementToken, address(this), paid);
            IERC20(settlementToken).forceApprove(address(perpVault), paid);
            perpVault.deposit(settlementToken, paid);
        } else {
            uint256 taken = (-amount).toUint256();
            _withdraw(taken);
            ILegHost(vault).book(settlementToken, taken);
        }
    }

    /// @dev Exact base in either direction: the venue fills all of it or reverts. Returns quote paid or received, fee included.
    function _trade(address baseToken, int256 change, uint256 quoteBound) private returns (uint256 paid) {
        bool sell = change < 0;
        (, paid) = IPerpClearingHouse(clearingHouse).openPosition(
            IPerpClearingHouse.OpenPositionParams({
                baseToken: baseToken,
                isBaseToQuote: sell,
                isExactInput: sell,
                amount: FixedPointMathLib.abs(change),
                oppositeAmountBound: quoteBound,
                deadline: block.timestamp,
                sqrtPriceLimitX96: 0,
                referralCode: 0
            })
        );
    }

    /// @dev The venue pays the trader, so the tokens pass through here on their way to the vault.
    function _withdraw(uint256 amount) private {
        perpVault.withdraw(settlementToken, amount);
        IERC20(settlementToken).safeTransfer(vault, amount);
    }

    // ── Exit ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev The leaver's part is f·(balance + owed − funding) + f·openNotional − quote paid to close, rounded down, and at
    /// most the venue's free collateral. The cost of closing is his alone. `minOut` of the exit bounds it, no oracle does.
    function exit(uint256 numerator, uint256 denominator) external onlyVault returns (int256[] memory amounts) {
        amounts = new int256[](ILegHost(vault).assets().length);
        int256 part = _shareDown(_cash(), numerator, denominator);
        for (uint256 i; i < _markets.length; ++i) {
            address baseToken = _markets[i].market;
            (int256 size, int256 notionalBefore) = _position(baseToken);
            int256 base = FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(size), numerator, denominator).toInt256();
            int256 change = size < 0 ? base : -base;
            if (change == 0) continue;
            uint256 traded = _trade(baseToken, change, 0);
            (, int256 notionalAfter) = _position(baseToken);
            int256 realised = notionalBefore - notionalAfter;
            part += change > 0 ? realised - traded.toInt256() : realised + traded.toInt256();
        }
        int256 paid = _floorDiv(part, _scale);
        if (paid > 0) {
            uint256 free = perpVault.getFreeCollateral(address(this));
            if (paid.toUint256() > free) paid = free.toInt256();
            if (paid > 0) _withdraw(paid.toUint256());
        }
        amounts[_settlementIndex] = paid;
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function measure(Prices calldata prices) external view settled returns (LegValue memory value) {
        value.exposure = new int256[](prices.mid.length);
        uint256 unit = prices.mid[_settlementIndex];
        int256 equity = _cash();
        for (uint256 i; i < _markets.length; ++i) {
            Market memory market = _markets[i];
            (int256 size, int256 openNotional) = _position(market.market);
            if (size == 0) continue;
            uint256 mid = prices.mid[market.assetIndex];
            int256 worth = (size * int256(mid)) / 1e18;
            equity += worth + openNotional;
            value.exposure[market.assetIndex] += (worth * int256(unit)) / 1e18;
            (uint256 cost, uint256 gap) = Closing.costUp(PerpV2Market.quote(marketRegistry, market.market), size, mid);
            value.closeOutCost += FixedPointMathLib.mulDivUp(cost, unit, 1e18);
            value.venueGap += FixedPointMathLib.mulDivUp(gap, unit, 1e18);
        }
        value.equity = (equity * int256(unit)) / 1e18;
        // A leaver can give up an account below zero, so the high side of the NAV must not count what it owes.
        if (value.equity < 0) value.closeOutCost += uint256(-value.equity);
        value.exposure[_settlementIndex] += value.equity;
    }

    function marginRatio(Prices calldata prices) external view settled returns (uint256) {
        // The venue pays out cash only: profit that is not realised does not count as margin here, or exits could not be paid.
        int256 held = _cash();
        int256 equity = held;
        uint256 notional;
        for (uint256 i; i < _markets.length; ++i) {
            (int256 size, int256 openNotional) = _position(_markets[i].market);
            int256 worth = (size * int256(prices.mid[_markets[i].assetIndex])) / 1e18;
            equity += worth + openNotional;
            notional += FixedPointMathLib.abs(worth);
        }
        if (notional == 0) return type(uint256).max;
        equity = FixedPointMathLib.min(equity, held);
        int256 venueEquity = FixedPointMathLib.min(perpVault.getAccountValue(address(this)) * _scale, held);
        uint256 venueNotional = accountBalance.getTotalAbsPositionValue(address(this));
        return FixedPointMathLib.min(_ratioDown(equity, notional), _ratioDown(venueEquity, venueNotional));
    }

    function disagreement(Prices calldata) external pure returns (uint256) {
        return 0;
    }

    function sync() external view onlyVault returns (Impairment) {
        return Impairment.None;
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
        for (uint256 i; i < _markets.length; ++i) {
            (int256 size, ) = _position(_markets[i].market);
            if (size != 0) return false;
        }
        return _cash() < DUST;
    }

    function venue() external pure returns (string memory) {
        return "perp-v2";
    }

    function quote(address market) external view settled returns (Quote memory) {
        return PerpV2Market.quote(marketRegistry, market);
    }

    function collateralWeight() external pure returns (uint256) {
        return 1e18;
    }

    function markets() external view returns (Market[] memory) {
        return _markets;
    }

    function cash() external view settled returns (int256) {
        return _cash();
    }

    function position(address baseToken) external view settled returns (int256 size, int256 openNotional) {
        return _position(baseToken);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _marketOf(address baseToken) private view returns (Market memory) {
        for (uint256 i; i < _markets.length; ++i) {
            if (_markets[i].market == baseToken) return _markets[i];
        }
        revert NotAMarket(baseToken);
    }

    function _cash() private view returns (int256) {
        (int256 owed, , ) = accountBalance.getPnlAndPendingFee(address(this));
        return
            perpVault.getBalance(address(this)) * _scale + owed - exchange.getAllPendingFundingPayment(address(this));
    }

    function _position(address baseToken) private view returns (int256 size, int256 openNotional) {
        size = accountBalance.getTakerPositionSize(address(this), baseToken);
        openNotional = accountBalance.getTakerOpenNotional(address(this), baseToken);
    }

    function _ratioDown(int256 equity, uint256 notional) private pure returns (uint256) {
        if (equity <= 0) return 0;
        if (notional == 0) return type(uint256).max;
        return FixedPointMathLib.fullMulDiv(uint256(equity), 1e18, notional);
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
