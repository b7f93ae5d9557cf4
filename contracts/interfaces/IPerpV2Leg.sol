// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeLeg} from "./IHedgeLeg.sol";

/// @notice Views of a Perp v2 leg beyond those of every hedge leg.
interface IPerpV2Leg is IHedgeLeg {
    function clearingHouse() external view returns (address);
}
