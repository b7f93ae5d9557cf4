// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Portfolio} from "../../../../contracts/types/Portfolio.sol";
import {Prices} from "../../../../contracts/types/Prices.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {IRebalancer} from "../../../../contracts/interfaces/IRebalancer.sol";
import {IPerpV2Leg} from "../../../../contracts/interfaces/IPerpV2Leg.sol";
import {IUniswapV3Leg} from "../../../../contracts/interfaces/IUniswapV3Leg.sol";
import {bound} from "../../Vm.sol";
import {cheats} from "../Cheats.sol";
import {IVault} from "../world/IVault.sol";
import {IToken} from "../world/IVenues.sol";
import {Opened} from "../world/Opened.sol";

/// @title What all hands share: the world that they act on, what they did, and how they look at the vault.
/// @dev A deed that is refused is none and is not counted, so that counts show what a campaign tried in earnest.
abstract contract Hand {
    error Broken(string invariant, uint256 found, uint256 expected);

    uint256 internal constant USDC = 0;
    uint256 internal constant ALT = 1;
    uint256 internal constant ETH = 2;
    uint256 internal constant BTC = 3;
    uint256 internal constant ASSETS = 4;
    uint256 internal constant VIRTUAL = 1e12;

    /// @dev What roundings may move in one deed, USD, 1e18: ten units of USDC.
    uint256 internal constant DUST = 1e13;

    address internal constant STRANGER = address(0x57a49e4);

    Opened public immutable world;
    IVault internal immutable vault;
    IRebalancer internal immutable rebalancer;
    IUniswapV3Leg internal immutable liquidity;
    IPerpV2Leg internal immutable perp;

    /// @dev Everybody who can have shares, the vault's own escrow apart.
    address[6] public holders;

    uint256 public calls;
    mapping(bytes32 deed => uint256) public done;
    bytes32[] internal _deeds;

    /// @dev The vault at the prices that the feeds stand for, broken or not.
    /// @param known False where the venue cannot value the account
    /// @param good True if the price oracle finds every price good
    struct View {
        bool known;
        bool good;
        Portfolio held;
        Prices prices;
        uint256 supply;
    }

    constructor(Opened world_) {
        world = world_;
        (vault, rebalancer) = (world_.vault(), world_.rebalancer());
        (liquidity, perp) = (world_.liquidity(), world_.perp());
        holders = [world_.ALICE(), world_.BOB(), address(0xca401), address(0xda7e), STRANGER, world_.FEES()];
    }

    /// @dev No storm lasts longer than this many calls.
    uint256 private constant STORM = 12;

    modifier counted() {
        if (++calls % STORM == 0) _clearUp();
        _;
    }

    /// @dev Feeds answer, the venue lets everybody trade, somebody pokes.
    function _clearUp() internal {
        if (world.isBroken()) world.healFeeds();
        world.pauseHouse(false);
        world.pausePerpVault(false);
        for (uint256 m; m < 2; ++m) world.tradable(m, true);
        try world.poke() returns (uint256) {} catch {}
    }

    function deeds() external view returns (bytes32[] memory) {
        return _deeds;
    }

    function _did(bytes32 deed) internal {
        if (done[deed]++ == 0) _deeds.push(deed);
    }

    // ── Looking ──────────────────────────────────────────────────────────────────────────────────

    function _look() internal view returns (View memory) {
        return _lookAt(world.prices());
    }

    function _lookAt(Prices memory prices) internal view returns (View memory seen) {
        seen.prices = prices;
        seen.good = _pricesAreGood();
        seen.supply = vault.supplyWithFees();
        try vault.measure(seen.prices) returns (Portfolio memory held) {
            (seen.held, seen.known) = (held, true);
        } catch {}
    }

    function _snapshot() internal view returns (Prices memory) {
        return IPriceOracle(vault.priceOracle()).snapshot(vault.assets());
    }

    function _pricesAreGood() internal view returns (bool) {
        return _snapshot().ok;
    }

    /// @dev USD of a share at mid, 1e36; zero where there is none.
    function _shareValue(View memory seen) internal pure returns (uint256) {
        int256 nav = seen.held.nav + int256(VIRTUAL);
        return nav <= 0 ? 0 : FixedPointMathLib.fullMulDiv(uint256(nav), 1e36, seen.supply + VIRTUAL);
    }

    /// @dev What somebody else does costs nobody anything: a share is worth no less after it, but for roundings.
    function _requireNoDilution(string memory invariant, View memory was, View memory is_) internal pure {
        if (!was.known || !is_.known || is_.supply == 0) return;
        uint256 before = _shareValue(was);
        uint256 now_ = _shareValue(is_);
        uint256 slack = before / 1e9 + FixedPointMathLib.fullMulDiv(DUST, 1e36, is_.supply + VIRTUAL);
        if (now_ + slack < before) revert Broken(invariant, now_, before);
    }

    /// @dev Tokens at the prices of the feeds, USD, 1e18.
    function _worth(uint256 k, uint256 amount) internal view returns (uint256) {
        return FixedPointMathLib.fullMulDiv(amount, uint256(world.answers(k)) * 1e10, 10 ** world.decimals(k));
    }

    function _worth(uint256[] memory amounts) internal view returns (uint256 usd) {
        for (uint256 k; k < ASSETS; ++k) usd += _worth(k, amounts[k]);
    }

    function _tokens(uint256 k, uint256 usd) internal view returns (uint256) {
        return FixedPointMathLib.fullMulDiv(usd, 10 ** world.decimals(k), uint256(world.answers(k)) * 1e10);
    }

    function _token(uint256 k) internal view returns (IToken) {
        return world.tokens(k);
    }

    /// @dev One of four who come and go.
    function _holder(uint256 seed) internal view returns (address) {
        return holders[seed % 4];
    }

    function _fundAndApprove(address who, uint256 k, uint256 amount) internal {
        IToken token = _token(k);
        world.fund(who, k, amount);
        cheats.prank(who);
        token.approve(address(vault), type(uint256).max);
    }

    /// @dev Lets each market's index take note of its feed's last round, which is open to everybody and changes what the venue counts as funding.
    function _mendIndices() internal {
        for (uint256 m; m < 2; ++m) {
            (bool ok, ) = world.bases(m).call(abi.encodeWithSignature("cacheTwap(uint256)", 900));
            ok;
        }
    }

    function _require(bool holds, string memory invariant, uint256 found, uint256 expected) internal pure {
        if (!holds) revert Broken(invariant, found, expected);
    }

    /// @dev a ≤ b but for a billionth and dust.
    function _atMost(uint256 a, uint256 b) internal pure returns (bool) {
        return a <= b + b / 1e9 + DUST;
    }

    function _zeros() internal pure returns (uint256[] memory) {
        return new uint256[](ASSETS);
    }

    function _bound(uint256 seed, uint256 low, uint256 high) internal pure returns (uint256) {
        return bound(seed, low, high);
    }

    function _mix(uint256 seed, bytes32 salt) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }
}
