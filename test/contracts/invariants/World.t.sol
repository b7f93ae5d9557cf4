// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Portfolio} from "../../../contracts/types/Portfolio.sol";
import {Prices} from "../../../contracts/types/Prices.sol";
import {Opened} from "./world/Opened.sol";

/// @notice The world in which the invariants are tried is the one that it says it is.
contract WorldTest {
    /// @dev Uniswap's own constant: the pools are the real ones.
    bytes32 private constant POOL_INIT_CODE_HASH = 0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54;

    error Unlike(string what);

    Opened private world;

    function setUp() public {
        world = new Opened();
        world.deploy();
        world.open();
    }

    function test_theVaultIsHedgedAndMeasured() public view {
        require(world.covariance().usable(), Unlike("usable"));
        (Portfolio memory held, Prices memory prices) = world.vault().portfolio();
        require(prices.ok && held.nav > 150_000e18 && held.nav < 161_000e18, Unlike("NAV"));
        require(held.hedgeExposure[2] < -39_000e18 && held.hedgeExposure[3] < -14_000e18, Unlike("hedge"));
        require(held.gammas.length == 1 && held.gammas[0].c < 0, Unlike("gamma"));
        (uint256 variance, ) = world.covariance().variance(held.exposure, held.gammas, 4 hours);
        require(variance > 0, Unlike("variance"));
    }

    function test_thePricesOfTheWorldAreTheOracles() public view {
        Prices memory own = world.prices();
        (, Prices memory prices) = world.vault().portfolio();
        require(keccak256(abi.encode(own)) == keccak256(abi.encode(prices)), Unlike("prices"));
    }

    function test_thePoolIsUniswaps() public view {
        bytes32 salt = keccak256(abi.encode(world.pool().token0(), world.pool().token1(), uint24(3000)));
        bytes32 at = keccak256(abi.encodePacked(bytes1(0xff), address(world.uniswap()), salt, POOL_INIT_CODE_HASH));
        require(address(uint160(uint256(at))) == address(world.pool()), Unlike("pool"));
    }

    function test_nobodyHasPowerAtOnce() public view {
        (bool deployer, ) = world.authority().hasRole(0, address(world));
        (bool admin, uint32 delay) = world.authority().hasRole(0, world.ADMIN());
        require(!deployer && admin && delay == 2 days, Unlike("admins"));
    }
}
