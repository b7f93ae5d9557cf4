// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Portfolio} from "../../contracts/types/Portfolio.sol";
import {Nav} from "../../contracts/vault/Nav.sol";
import {VaultBase} from "../../contracts/vault/VaultBase.sol";
import {bound, vm} from "./Vm.sol";

/// @notice The widest band at which shares are priced: 3% of NAV, to the unit.
contract NavTest {
    function requireNarrow(int256 nav, uint256 half) external pure {
        Portfolio memory held;
        (held.nav, held.half) = (nav, half);
        Nav.requireNarrow(held);
    }

    function testFuzz_pricesSharesUpToTheWidestBandAndNotAUnitMore(uint256 nav) external {
        nav = bound(nav, 0, 1e36);
        uint256 most = (nav * 3) / 100;
        this.requireNarrow(int256(nav), most);
        vm.expectRevert(abi.encodeWithSelector(VaultBase.BandTooWide.selector, most + 1, most));
        this.requireNarrow(int256(nav), most + 1);
    }

    function test_pricesNothingBelowZero() external {
        vm.expectRevert(abi.encodeWithSelector(VaultBase.BandTooWide.selector, 1, 0));
        this.requireNarrow(-1e18, 1);
    }
}
