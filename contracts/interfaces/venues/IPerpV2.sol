// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

// The part of Perpetual Protocol v2 that a trader calls. Amounts are 1e18 unless said otherwise.

interface IPerpClearingHouse {
    struct OpenPositionParams {
        address baseToken;
        bool isBaseToQuote;
        bool isExactInput;
        uint256 amount;
        uint256 oppositeAmountBound;
        uint256 deadline;
        uint160 sqrtPriceLimitX96;
        bytes32 referralCode;
    }

    function openPosition(OpenPositionParams memory params) external returns (uint256 base, uint256 quote);

    /// @dev Settles the trader's position in a closed market at its closed price. Open to everybody, also while paused.
    function quitMarket(address trader, address baseToken) external returns (uint256 base, uint256 quote);
    function paused() external view returns (bool);
    function getVault() external view returns (address);
    function getExchange() external view returns (address);
    function getAccountBalance() external view returns (address);
    function getClearingHouseConfig() external view returns (address);
}

interface IPerpClearingHouseConfig {
    /// @return marketTwapInterval Seconds of the longer of the two market averages that the mark is taken from
    function getMarkPriceConfig() external view returns (uint32 marketTwapInterval, uint32 premiumInterval);
}

interface IPerpVault {
    /// @dev Settlement-token decimals.
    function deposit(address token, uint256 amount) external;

    /// @dev Settlement-token decimals. Settles funding and owed PnL first.
    function withdraw(address token, uint256 amount) external;

    /// @dev Settlement-token decimals.
    function getBalance(address trader) external view returns (int256);

    /// @dev Settlement-token decimals; collateral of other tokens counts too.
    function getFreeCollateral(address trader) external view returns (uint256);

    /// @dev Most that `withdraw` pays of a token now, token units.
    function getFreeCollateralByToken(address trader, address token) external view returns (uint256);

    /// @dev Settlement-token decimals.
    function getAccountValue(address trader) external view returns (int256);
    function getSettlementToken() external view returns (address);
    function paused() external view returns (bool);
}

interface IPerpAccountBalance {
    /// @param takerPositionSize Signed, not rounded: the venue takes less than ten wei for nothing
    /// @param lastTwPremiumGrowthGlobalX96 The market's funding growth when the trader's funding was last settled
    struct Info {
        int256 takerPositionSize;
        int256 takerOpenNotional;
        int256 lastTwPremiumGrowthGlobalX96;
    }

    function getAccountInfo(address trader, address baseToken) external view returns (Info memory);

    /// @dev The markets that the trader has a position in.
    function getBaseTokens(address trader) external view returns (address[] memory);
    function getTotalAbsPositionValue(address trader) external view returns (uint256);
    function getPnlAndPendingFee(
        address trader
    ) external view returns (int256 owedRealizedPnl, int256 unrealizedPnl, uint256 pendingFee);
}

interface IPerpExchange {
    function getMarketRegistry() external view returns (address);
    function getPendingFundingPayment(address trader, address baseToken) external view returns (int256);
    function getSqrtMarketTwapX96(address baseToken, uint32 twapInterval) external view returns (uint160);

    /// @dev Zero stops all trading in the market, closing included.
    function getMaxTickCrossedWithinBlock(address baseToken) external view returns (uint24);
}

interface IPerpMarketRegistry {
    function getPool(address baseToken) external view returns (address);

    /// @dev Ratio in 1e6. The first words of the answer: three more ratios follow.
    function getMarketInfoByTrader(
        address trader,
        address baseToken
    ) external view returns (address pool, uint24 exchangeFeeRatio);
}

/// @dev A market. Open until its owner pauses it; closed by the owner at any price, or by anybody five days after at the paused index.
interface IPerpBaseToken {
    function isOpen() external view returns (bool);
    function isClosed() external view returns (bool);

    /// @dev Lets the index take note of its feed's last round. Open to everybody.
    function cacheTwap(uint256 interval) external;
    function getClosedPrice() external view returns (uint256);
    function getPausedIndexPrice() external view returns (uint256);
}
