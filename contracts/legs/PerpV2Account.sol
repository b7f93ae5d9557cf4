// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IPerpV2Leg} from "../interfaces/IPerpV2Leg.sol";
import {
    IPerpAccountBalance,
    IPerpBaseToken,
    IPerpClearingHouse,
    IPerpExchange,
    IPerpMarketRegistry,
    IPerpVault
} from "../interfaces/venues/IPerpV2.sol";
import {PerpV2Market} from "./PerpV2Market.sol";

/// @title The venue's calls for one trader account: this contract's own.
/// @dev The venue is believed for what it books and what it pays out.
///
/// A BLIND VENUE. The venue's average of an index runs past the price where the feed's last round is older than the average and nobody has
/// traded since: by so much, after a rise, that no account in that market can be valued, and nothing traded or paid out. To let the index take note of
/// that round mends it, and is open to everybody. So a trade that the venue refuses is asked for a second time after
/// that, and an exit begins with it: before, the venue counts too much funding as well.
abstract contract PerpV2Account is IPerpV2Leg {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice Most markets in one account: each costs every exit gas.
    uint256 public constant MAX_MARKETS = 4;

    error TooManyDecimals(address token, uint256 decimals, uint256 most);

    address public immutable clearingHouse;
    IPerpVault public immutable perpVault;
    IPerpAccountBalance public immutable accountBalance;
    IPerpExchange public immutable exchange;
    IPerpMarketRegistry public immutable marketRegistry;
    address public immutable settlementToken;

    /// @dev 1e18 per unit of the settlement token.
    int256 internal immutable _scale;

    constructor(address clearingHouse_) {
        clearingHouse = clearingHouse_;
        IPerpClearingHouse house = IPerpClearingHouse(clearingHouse_);
        perpVault = IPerpVault(house.getVault());
        accountBalance = IPerpAccountBalance(house.getAccountBalance());
        exchange = IPerpExchange(house.getExchange());
        marketRegistry = IPerpMarketRegistry(exchange.getMarketRegistry());
        settlementToken = perpVault.getSettlementToken();
        uint256 decimals = IERC20Metadata(settlementToken).decimals();
        require(decimals <= 18, TooManyDecimals(settlementToken, decimals, 18));
        _scale = int256(10 ** (18 - decimals));
    }

    // ── What the venue books ─────────────────────────────────────────────────────────────────────

    function _bookedIn(address baseToken) internal view returns (Booked memory) {
        IPerpAccountBalance.Info memory info = accountBalance.getAccountInfo(address(this), baseToken);
        return Booked(info.takerPositionSize, info.takerOpenNotional, info.lastTwPremiumGrowthGlobalX96);
    }

    /// @dev The venue tells what it owes only together with the value of every position at its mark: dear, and dead with its index.
    function _pollOwed() internal view returns (int256 owed) {
        (owed, , ) = accountBalance.getPnlAndPendingFee(address(this));
    }

    function _askOwed() internal view returns (int256 owed, bool told) {
        try accountBalance.getPnlAndPendingFee(address(this)) returns (int256 answer, int256, uint256) {
            return (answer, true);
        } catch {}
    }

    function _mendIndices() internal {
        address[] memory baseTokens = accountBalance.getBaseTokens(address(this));
        for (uint256 i; i < baseTokens.length; ++i) {
            try IPerpBaseToken(baseTokens[i]).cacheTwap(PerpV2Market.AVERAGE_SECONDS) {} catch {}
        }
    }

    // ── Orders at the venue ──────────────────────────────────────────────────────────────────────

    /// @dev Exact base in either direction: the venue fills all of it or reverts.
    /// @return received Quote received, negative for paid, fee included, 1e18
    function _trade(address baseToken, int256 change, uint256 quoteBound) internal returns (int256 received) {
        bool sell = change < 0;
        IPerpClearingHouse.OpenPositionParams memory params = IPerpClearingHouse.OpenPositionParams({
            baseToken: baseToken,
            isBaseToQuote: sell,
            isExactInput: sell,
            amount: FixedPointMathLib.abs(change),
            oppositeAmountBound: quoteBound,
            deadline: block.timestamp,
            sqrtPriceLimitX96: 0,
            referralCode: 0
        });
        uint256 traded;
        try IPerpClearingHouse(clearingHouse).openPosition(params) returns (uint256, uint256 filled) {
            traded = filled;
        } catch {
            _mendIndices();
            (, traded) = IPerpClearingHouse(clearingHouse).openPosition(params);
        }
        received = sell ? traded.toInt256() : -traded.toInt256();
    }

    /// @dev Takes up to `asked` out, as much as the venue lets go: cash only, less the initial margin of what stays open.
    function _payOutUpTo(uint256 asked) internal returns (uint256 paid) {
        // The venue checks its free collateral itself; asking it first would cost every exit as much again.
        try perpVault.withdraw(settlementToken, asked) {
            return asked;
        } catch {
            paid = FixedPointMathLib.min(asked, perpVault.getFreeCollateralByToken(address(this), settlementToken));
            // Where it was for another reason, the venue says so here.
            if (paid > 0) perpVault.withdraw(settlementToken, paid);
        }
    }
}
