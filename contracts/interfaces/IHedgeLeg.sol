// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg} from "./ILeg.sol";

/// @notice A leg that hedges: short positions in one or more markets of one venue, margin in the vault's settlement token.
/// @dev Whoever plans needs nothing else about a venue. Equity = cash + Σ(size·P + openNotional), P the oracle's price.
interface IHedgeLeg is ILeg {
    /// @notice A market of the venue and the vault asset whose price moves it.
    /// @param market The venue's address for the market; orders name it
    struct Market {
        address market;
        uint8 assetIndex;
    }

    /// @notice What trading in a market costs now. All zero where it cannot be traded.
    /// @param price The venue's price, USD per whole token, 1e18
    /// @param fee Share of the notional, 1e18 = 100%
    /// @param depth Base tokens that the liquidity in range stands for as a constant product, 1e18
    struct Quote {
        uint256 price;
        uint256 fee;
        uint256 depth;
    }

    /// @notice Name of the venue, such as "perp-v2".
    function venue() external view returns (string memory);

    function markets() external view returns (Market[] memory);

    /// @notice Money at the venue in settlement tokens, unrealised profit and loss left out, USD at par, 1e18, signed.
    function cash() external view returns (int256);

    /// @notice Size in base tokens, 1e18, signed (short negative); open notional in settlement tokens, 1e18, signed.
    function position(address market) external view returns (int256 size, int256 openNotional);

    function quote(address market) external view returns (Quote memory);

    /// @notice Share of cash and open notional that the venue counts as margin, 1e18 = 100%: the collateral's liquidation threshold where
    /// it lends, 1 where it does not. Margin ratio = min(weight·(cash + Σ openNotional) + Σ size·P, cash) / Σ |size|·P.
    function collateralWeight() external view returns (uint256);
}
