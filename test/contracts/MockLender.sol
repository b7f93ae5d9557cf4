// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Somebody else's market that lends all that shares are worth by any figure that it is told to believe, and never asks for it back.
contract MockLender {
    /// @param target Whose view it asks
    /// @param data The call
    /// @param word Which word of the answer it takes
    /// @param atRest What that word was when a share was worth `perShare`
    /// @param inverse True if the figure falls when a share is worth more
    struct Source {
        address target;
        bytes data;
        uint256 word;
        uint256 atRest;
        bool inverse;
    }

    error NoFigure();
    error NotWorthIt(uint256 loan, uint256 least);

    IERC20 public immutable shares;
    IERC20 public immutable money;
    /// @notice Money units for 1e18 share units, when the figures were as `atRest` says.
    uint256 public immutable perShare;

    constructor(IERC20 shares_, IERC20 money_, uint256 perShare_) {
        (shares, money, perShare) = (shares_, money_, perShare_);
    }

    /// @notice Take the caller's shares, and lend what they are worth by the source.
    /// @param least What the caller does not do it for
    function lend(Source calldata source, uint256 amount, uint256 least) external {
        // solhint-disable-next-line avoid-low-level-calls
        (bool known, bytes memory answer) = source.target.staticcall(source.data);
        require(known && answer.length >= 32 * (source.word + 1), NoFigure());
        uint256 figure;
        uint256 at = 32 * (source.word + 1);
        assembly ("memory-safe") {
            figure := mload(add(answer, at))
        }
        require(figure > 0, NoFigure());
        uint256 worth = (amount * perShare) / 1e18;
        uint256 loan = source.inverse ? (worth * source.atRest) / figure : (worth * figure) / source.atRest;
        require(loan >= least, NotWorthIt(loan, least));
        shares.transferFrom(msg.sender, address(this), amount);
        money.transfer(msg.sender, loan);
    }
}
