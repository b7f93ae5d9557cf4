// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../../../../contracts/interfaces/IHedgeVault.sol";
import {IRedeemQueue} from "../../../../contracts/interfaces/IRedeemQueue.sol";

/// @notice The vault with all its faces.
interface IVault is IHedgeVault, IRedeemQueue, IERC20 {}
