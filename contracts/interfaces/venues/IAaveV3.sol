// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

// The part of Aave v3 that a borrower calls. Amounts are token units unless said otherwise.

interface IAaveAddressesProvider {
    function getPool() external view returns (address);
    function getPoolDataProvider() external view returns (address);
}

interface IAavePool {
    function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
    function withdraw(address asset, uint256 amount, address to) external returns (uint256 withdrawn);

    /// @param rateMode 2: the variable rate, the only one that every version has
    function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referralCode, address onBehalfOf) external;
    function repay(
        address asset,
        uint256 amount,
        uint256 rateMode,
        address onBehalfOf
    ) external returns (uint256 repaid);
    function setUserUseReserveAsCollateral(address asset, bool useAsCollateral) external;

    /// @return bits The reserve's configuration map
    function getConfiguration(address asset) external view returns (uint256 bits);

    /// @return collateral USD, 1e8, at the venue's own prices
    /// @return debt USD, 1e8, likewise
    /// @return available USD, 1e8, that may still be borrowed
    /// @return threshold Average liquidation threshold, 1e4 = 100%
    /// @return ltv Average loan to value, 1e4 = 100%
    /// @return healthFactor collateral·threshold/debt, 1e18; the largest number if there is no debt
    function getUserAccountData(
        address user
    )
        external
        view
        returns (
            uint256 collateral,
            uint256 debt,
            uint256 available,
            uint256 threshold,
            uint256 ltv,
            uint256 healthFactor
        );
}

interface IAaveDataProvider {
    function getReserveTokensAddresses(
        address asset
    ) external view returns (address aToken, address stableDebtToken, address variableDebtToken);
}

/// @notice An aToken or a variable debt token.
interface IAaveBalance {
    /// @dev Interest up to this second included.
    function balanceOf(address user) external view returns (uint256);

    /// @dev Without interest: moves only when somebody supplies, withdraws, borrows, repays or liquidates.
    function scaledBalanceOf(address user) external view returns (uint256);
}
