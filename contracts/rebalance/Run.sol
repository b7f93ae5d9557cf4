// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @notice What one run of the execution path knows, in memory.
/// @param decisionHash Of the keeper's record; zero on public paths
/// @param gasAtStart Gas that was left as the run began
/// @param measured True if variance can be measured: every price is good and the covariance oracle usable
/// @param reduceOnly True if nothing but reductions is allowed
/// @param silent True if the keeper gave no sign of life for too long
/// @param broken True if an order touched a leg that was under its margin floor; deleverage only
/// @param supply Of shares, as the run began
/// @param cash Idle settlement tokens as the run began, token units; public paths only
/// @param held The vault before the orders; empty where a price is bad, and complete only once it is known what was overdue
/// @param left The vault after the orders; empty where a price is bad
/// @param onlyMargin True if nothing but margin was added, which can hurt nobody and is not asked to reduce anything
/// @param onlyReductions True if every order could only make the vault safer: a figure that is beyond its limit must not keep a plan from
/// bringing it back step by step
/// @param funded Legs to which margin was added
/// @param resized Legs whose position was changed
/// @param reducedBlind Largest part that was taken of any position while a price is bad, 1e18 = all of it
/// @param traded Notional of the size orders by asset, USD, 1e18; public paths only
/// @param burnt Worth of burned liquidity, USD, 1e18, or where a price is bad the share of the leg's liquidity; deleverage only
/// @param added Margin added, token units; deleverage only
struct Run {
    IRebalancer.Profile profile;
    bytes32 decisionHash;
    uint256 gasAtStart;
    IHedgeVault vault;
    ICovarianceOracle covariance;
    address[] assets;
    address[] legs;
    uint256 settlementIndex;
    IRebalancer.Limits limits;
    IRebalancer.PublicLimits publicLimits;
    Prices prices;
    bool measured;
    bool reduceOnly;
    bool silent;
    bool broken;
    uint256 supply;
    uint256 cash;
    Portfolio held;
    Portfolio left;
    bool onlyMargin;
    bool onlyReductions;
    bool[] funded;
    bool[] resized;
    uint256 reducedBlind;
    uint256[] traded;
    uint256 burnt;
    uint256 added;
}
