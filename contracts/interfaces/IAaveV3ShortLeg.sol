// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeLeg} from "./IHedgeLeg.sol";

/// @notice Views and entries of an Aave v3 leg beyond those of every hedge leg.
interface IAaveV3ShortLeg is IHedgeLeg {
    /// @notice What may be borrowed, and where it is sold and bought back.
    /// @param token A reserve of the venue and an asset of the vault; orders name it as their market
    /// @param pool Uniswap v3 pool of the token and the settlement token
    struct Listing {
        address token;
        address pool;
    }

    /// @notice The venue's pool, at which the leg is one account.
    function lendingPool() external view returns (address);

    /// @notice The Uniswap v3 pool in which a market is traded.
    function tradingPool(address market) external view returns (address);

    /// @notice Stop a gift from counting as collateral. Open to everybody: a reserve that lost its loan to value would keep the leg from
    /// withdrawing as long as a gift of it counts.
    function refuseCollateral(address asset) external;
}
