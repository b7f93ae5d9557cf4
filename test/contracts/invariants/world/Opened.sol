// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Action, Margin, Mint, Order, Plan, Size} from "../../../../contracts/types/Plan.sol";
import {cheats} from "../Cheats.sol";
import {Liquidity} from "./Liquidity.sol";
import {World} from "./World.sol";

/// @title The world with holders in its vault and the keeper's first plan landed: liquidity of ±25%, short in both markets.
contract Opened is World {
    address public constant ALICE = address(0xa11ce);
    address public constant BOB = address(0xb0b);

    function open() external {
        _enter(ALICE, 100_000e6, 5_000e18);
        pass(HOUR);
        _enter(BOB, 5_000e6, 400e18);
        Plan memory plan = Plan(rebalancer.epoch(), block.timestamp, 1e18, 0, firstOrders());
        cheats.prank(KEEPER);
        rebalancer.rebalance(plan);
        pass(HOUR);
    }

    function firstOrders() public view returns (Order[] memory orders) {
        uint160 sqrtPrice = fairSqrtPrice();
        (int24 lower, int24 upper) = Liquidity.range(sqrtPrice, 4_440, 0);
        uint128 liquidity_ = Liquidity.most(
            sqrtPrice,
            lower,
            upper,
            k0 == ALT ? 4_000e18 : 40_000e6,
            k0 == ALT ? 40_000e6 : 4_000e18
        );
        orders = new Order[](4);
        orders[0] = Order(address(perp), Action.Margin, abi.encode(Margin(50_000e6)));
        orders[1] = Order(address(liquidity), Action.Mint, abi.encode(Mint(lower, upper, liquidity_)));
        orders[2] = Order(address(perp), Action.Size, abi.encode(Size(bases[0], -20e18)));
        orders[3] = Order(address(perp), Action.Size, abi.encode(Size(bases[1], -0.5e18)));
    }

    function _enter(address holder, uint256 usdc, uint256 alt) private {
        address[] memory given = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        (given[0], given[1]) = (address(tokens[USDC]), address(tokens[ALT]));
        (amounts[0], amounts[1]) = (usdc, alt);
        for (uint256 k; k < 2; ++k) {
            fund(holder, k, amounts[k]);
            cheats.prank(holder);
            tokens[k].approve(address(vault), type(uint256).max);
        }
        cheats.prank(holder);
        vault.depositBasket(given, amounts, 0, holder, block.timestamp);
    }
}
