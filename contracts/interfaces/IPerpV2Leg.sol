// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg} from "./ILeg.sol";

/// @notice Views of a Perp v2 leg beyond those of every leg.
interface IPerpV2Leg is ILeg {
    /// @notice A market and the vault asset whose price moves it.
    struct Market {
        address baseToken;
        uint8 assetIndex;
    }

    function clearingHouse() external view returns (address);
    function markets() external view returns (Market[] memory);

    /// @notice Cash at the venue: balance + owed realised PnL − pending funding, USD, 1e18, signed.
    function cash() external view returns (int256);

    /// @notice Position in one market: size in base tokens 1e18 signed (short negative), open notional USD 1e18 signed.
    function position(address baseToken) external view returns (int256 size, int256 openNotional);
}
