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
    function getVault() external view returns (address);
    function getExchange() external view returns (address);
    function getAccountBalance() external view returns (address);
}

interface IPerpVault {
    /// @dev Settlement-token decimals.
    function deposit(address token, uint256 amount) external;

    /// @dev Settlement-token decimals. Settles funding and owed PnL first.
    function withdraw(address token, uint256 amount) external;

    /// @dev Settlement-token decimals.
    function getBalance(address trader) external view returns (int256);

    /// @dev Settlement-token decimals.
    function getFreeCollateral(address trader) external view returns (uint256);

    /// @dev Settlement-token decimals.
    function getAccountValue(address trader) external view returns (int256);
    function getSettlementToken() external view returns (address);
}

interface IPerpAccountBalance {
    function getTakerPositionSize(address trader, address baseToken) external view returns (int256);
    function getTakerOpenNotional(address trader, address baseToken) external view returns (int256);
    function getTotalAbsPositionValue(address trader) external view returns (uint256);
    function getPnlAndPendingFee(
        address trader
    ) external view returns (int256 owedRealizedPnl, int256 unrealizedPnl, uint256 pendingFee);
}

interface IPerpExchange {
    function getMarketRegistry() external view returns (address);
    function getAllPendingFundingPayment(address trader) external view returns (int256);
}

interface IPerpMarketRegistry {
    struct MarketInfo {
        address pool;
        uint24 exchangeFeeRatio;
        uint24 uniswapFeeRatio;
        uint24 insuranceFundFeeRatio;
        uint24 maxPriceSpreadRatio;
    }

    function getPool(address baseToken) external view returns (address);

    /// @dev Ratios in 1e6.
    function getMarketInfoByTrader(address trader, address baseToken) external view returns (MarketInfo memory);
}
