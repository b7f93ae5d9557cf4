// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Snapshot} from "../oracle/Snapshot.sol";
import {Prices} from "../types/Prices.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What a vault is made with and never changes: its oracles, its assets and their units.
/// @dev It stands behind the code of the clone, where reading all of it costs less than one storage slot. A library that the vault calls runs at the
/// vault's address and reads it as well. Words: the price oracle, with the index of the settlement token above it; the covariance oracle; each asset,
/// with 10^decimals above it.
library Fixed {
    /// @notice Most assets of a set: there is a bit for each (see `Ledger.Terms`).
    uint256 internal constant MAX_ASSETS = 8;

    /// @notice Most decimals of an asset: every guard is tested up to here.
    uint256 internal constant MAX_DECIMALS = 24;

    /// @dev Hedge legs count in 18 decimals, so the settlement token may not be finer than that.
    uint256 private constant MAX_SETTLEMENT_DECIMALS = 18;

    /// @dev Words before the assets.
    uint256 private constant HEAD = 2;

    /// @dev Length of a clone's own code.
    uint256 private constant CLONE = 45;

    /// @notice What a clone is made with: asks the covariance oracle for the assets, and them for their decimals.
    function encode(IHedgeVault.Parameters calldata p) internal view returns (bytes memory args) {
        address[] memory all = ICovarianceOracle(p.covarianceOracle).assets();
        require(all.length > 0 && all.length <= MAX_ASSETS, VaultBase.BadAssetSet(all.length));
        uint256 index = all.length;
        bytes memory packed;
        for (uint256 k; k < all.length; ++k) {
            bool settles = all[k] == p.settlementToken;
            if (settles) index = k;
            uint256 most = settles ? MAX_SETTLEMENT_DECIMALS : MAX_DECIMALS;
            uint256 decimals = IERC20Metadata(all[k]).decimals();
            require(decimals <= most, IHedgeVault.TooManyDecimals(all[k], decimals, most));
            packed = abi.encodePacked(packed, _word(all[k], 10 ** decimals));
        }
        require(index < all.length, VaultBase.NotInBasket(p.settlementToken));
        return abi.encodePacked(_word(p.priceOracle, index), _word(p.covarianceOracle, 0), packed);
    }

    /// @notice What this vault was made with.
    function load() internal view returns (uint256[] memory words) {
        assembly ("memory-safe") {
            let size := sub(extcodesize(address()), CLONE)
            words := mload(0x40)
            mstore(words, shr(5, size))
            extcodecopy(address(), add(words, 0x20), CLONE, size)
            mstore(0x40, add(add(words, 0x20), size))
        }
    }

    /// @notice One snapshot of the price oracle.
    /// @param which Bit k for the k-th asset; the prices of the others are zero
    function snapshot(uint256[] memory words, uint256 which) internal view returns (Prices memory) {
        return Snapshot.ask(priceOracle(words), words, HEAD, which);
    }

    function priceOracle(uint256[] memory words) internal pure returns (address) {
        return address(uint160(words[0]));
    }

    function covarianceOracle(uint256[] memory words) internal pure returns (address) {
        return address(uint160(words[1]));
    }

    /// @notice Index of the settlement token.
    function settlement(uint256[] memory words) internal pure returns (uint256) {
        return words[0] >> 160;
    }

    function settlementToken(uint256[] memory words) internal pure returns (address) {
        return asset(words, settlement(words));
    }

    /// @notice How many assets there are.
    function count(uint256[] memory words) internal pure returns (uint256) {
        return words.length - HEAD;
    }

    function asset(uint256[] memory words, uint256 k) internal pure returns (address) {
        return address(uint160(words[k + HEAD]));
    }

    /// @notice 10^decimals of the k-th asset.
    function unit(uint256[] memory words, uint256 k) internal pure returns (uint256) {
        return words[k + HEAD] >> 160;
    }

    /// @notice The assets, in the order of every vector.
    function assets(uint256[] memory words) internal pure returns (address[] memory all) {
        all = new address[](count(words));
        for (uint256 k; k < all.length; ++k) {
            all[k] = asset(words, k);
        }
    }

    /// @notice The index of an asset, or `count` for a foreign token.
    function indexOf(uint256[] memory words, address token) internal pure returns (uint256 k) {
        uint256 n = count(words);
        while (k < n && asset(words, k) != token) ++k;
    }

    function _word(address low, uint256 high) private pure returns (uint256) {
        return uint256(uint160(low)) | (high << 160);
    }
}
