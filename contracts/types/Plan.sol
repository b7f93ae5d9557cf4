// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice What an order does. Mint, Burn and Swap belong to liquidity legs, Size and Margin to hedge legs.
enum Action {
    Mint,
    Burn,
    Swap,
    Size,
    Margin
}

/// @notice One typed action on one leg.
/// @param leg The leg's address
/// @param action What to do
/// @param params ABI encoding of the struct of the same name below
struct Order {
    address leg;
    Action action;
    bytes params;
}

/// @notice What one rebalance carries out, in this order.
/// @param epoch The vault's plan counter that this plan was made for
/// @param deadline Last timestamp at which the plan may land, unix seconds
/// @param maxLoss Most of NAV that it may cost at good prices, 1e18 = 100%: what its maker saw when he simulated it, and a little more, or whoever sees it coming could
/// make it as dear as the vault's own limit lets it be
/// @param decisionHash Hash of the record of inputs and reasons behind the plan
/// @param orders Carried out as listed
struct Plan {
    uint256 epoch;
    uint256 deadline;
    uint256 maxLoss;
    bytes32 decisionHash;
    Order[] orders;
}

/// @notice Provide liquidity on [tickLower, tickUpper).
struct Mint {
    int24 tickLower;
    int24 tickUpper;
    uint128 liquidity;
}

/// @notice Remove liquidity and collect everything owed.
struct Burn {
    uint128 liquidity;
}

/// @notice Swap an exact amount in through the leg's pool; the least amount out follows from the oracle.
struct Swap {
    bool zeroForOne;
    uint256 amountIn;
}

/// @notice Change a perp position. `size` is signed: negative adds to a short. Base tokens, 1e18.
struct Size {
    address market;
    int256 size;
}

/// @notice Move margin. Positive: vault to venue. Settlement-token units.
struct Margin {
    int256 amount;
}
