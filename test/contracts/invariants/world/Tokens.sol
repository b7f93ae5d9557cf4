// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {cheats} from "../Cheats.sol";
import {Made} from "./Made.sol";
import {IToken} from "./IVenues.sol";

/// @title The four assets of the vault, in its order: USDC, ALT, WETH, WBTC.
abstract contract Tokens is Made {
    uint256 internal constant USDC = 0;
    uint256 internal constant ALT = 1;
    uint256 internal constant ETH = 2;
    uint256 internal constant BTC = 3;
    uint256 internal constant ASSETS = 4;

    IToken[ASSETS] public tokens;
    uint8[ASSETS] public decimals = [6, 18, 18, 8];
    address internal link;

    function _deployTokens() internal {
        tokens[USDC] = _token("USDC", decimals[USDC]);
        tokens[ALT] = _token("ALT", decimals[ALT]);
        tokens[ETH] = IToken(_publish("canonical-weth/build/contracts/WETH9.json", ""));
        tokens[BTC] = _token("WBTC", decimals[BTC]);
        link = _publish("@chainlink/abi/v0.4/LinkToken.json", "");
    }

    /// @notice Give tokens out of nothing.
    function fund(address to, uint256 k, uint256 amount) public {
        if (k != ETH) return tokens[k].mint(to, amount);
        cheats.deal(address(this), amount);
        tokens[ETH].deposit{value: amount}();
        tokens[ETH].transfer(to, amount);
    }

    function _token(string memory symbol, uint8 decimals_) private returns (IToken) {
        bytes memory arguments = abi.encode(symbol, symbol, decimals_);
        return IToken(_own("scripts/devnet/contracts/TestToken.sol:TestToken", arguments));
    }
}
