// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Impairment} from "../../contracts/interfaces/ILeg.sol";
import {Order} from "../../contracts/types/Plan.sol";
import {LegValue} from "../../contracts/types/Portfolio.sol";
import {Prices} from "../../contracts/types/Prices.sol";
import {MockListener} from "./MockListener.sol";

/// @notice A leg that hands control to a listener in the middle of each order, or reverts.
contract MockCallingLeg {
    error Broken();

    address public immutable vault;
    MockListener public immutable listener;
    bool public broken;

    constructor(address vault_, MockListener listener_) {
        (vault, listener) = (vault_, listener_);
    }

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function execute(Order calldata, Prices calldata) external {
        require(!broken, Broken());
        listener.act();
    }

    function measure(Prices calldata prices) external pure returns (LegValue memory value) {
        value.exposure = new int256[](prices.mid.length);
    }

    function appraise(uint256[] calldata mid, bool, uint256) external pure returns (LegValue memory value) {
        value.exposure = new int256[](mid.length);
    }

    function exit(uint256, uint256) external pure returns (int256[] memory) {
        return new int256[](4);
    }

    function sync() external pure returns (Impairment) {
        return Impairment.None;
    }

    function isReduction(Order calldata) external pure returns (bool) {
        return true;
    }

    function deviation(Order calldata, Prices calldata) external pure returns (uint256) {
        return 0;
    }

    function position() external pure returns (int24, int24, uint128) {
        return (0, 0, 0);
    }

    function isHedge() external pure returns (bool) {
        return false;
    }
}
