// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg, Impairment} from "../../contracts/interfaces/ILeg.sol";
import {Order} from "../../contracts/types/Plan.sol";
import {LegValue} from "../../contracts/types/Portfolio.sol";
import {Prices} from "../../contracts/types/Prices.sol";

/// @notice A leg that holds nothing and says what it was told to: for what the vault does with a leg's word.
contract MockLeg is ILeg {
    address public immutable vault;
    uint256 private _disagreement;
    Impairment private _impairment;

    constructor(address vault_) {
        vault = vault_;
    }

    function say(uint256 disagreement_, Impairment impairment) external {
        _disagreement = disagreement_;
        _impairment = impairment;
    }

    function disagreement(Prices calldata) external view returns (uint256) {
        return _disagreement;
    }

    function sync() external view returns (Impairment) {
        return _impairment;
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

    function marginRatio(Prices calldata) external pure returns (uint256) {
        return type(uint256).max;
    }

    function isEmpty() external pure returns (bool) {
        return true;
    }

    function initialize(address, bytes calldata) external {}
    function isHedge() external pure returns (bool) {}
    function execute(Order calldata, Prices calldata) external {}
    function deviation(Order calldata, Prices calldata) external pure returns (uint256) {}
    function isReduction(Order calldata) external pure returns (bool) {}
}
