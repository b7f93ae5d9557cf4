// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice The gamma of one pool position: the rank-one matrix `c·uu'` with `u = e_i − e_j`.
/// @param c S_i·S_j·∂²V/∂S_i∂S_j up to sign, USD, 1e18, signed (negative for liquidity in range)
/// @param i Index of the pool's first asset
/// @param j Index of the pool's second asset
struct Gamma {
    int256 c;
    uint8 i;
    uint8 j;
}

/// @notice What a leg is worth and what moves it, at given prices.
/// @param hedge True for a leg that hedges
/// @param thin True if its margin ratio is under what was asked for (see `ILeg.appraise`)
/// @param overdue What was not counted before the orders, and is now known to have been owed then, USD, 1e18, signed (see `ILeg.appraise`)
/// @param equity Value before any cost of closing, USD, 1e18
/// @param closeOutCost Closing fees plus impact, USD, 1e18
/// @param venueGap Σ |size|·|P_venue − P_oracle|, USD, 1e18
/// @param exposure USD gained when the asset doubles, to first order, by asset, 1e18
/// @param gammas One entry for each pool position in range
struct LegValue {
    bool hedge;
    bool thin;
    int256 overdue;
    int256 equity;
    uint256 closeOutCost;
    uint256 venueGap;
    int256[] exposure;
    Gamma[] gammas;
}

/// @notice The whole vault at given prices.
/// @param nav Σ idle·P + Σ equity, USD, 1e18
/// @param half Half-width of the NAV's band, USD, 1e18
/// @param exposure By asset, idle tokens and every leg, USD, 1e18
/// @param hedgeExposure The part of `exposure` that hedge legs contribute, USD, 1e18
/// @param gammas Of every liquidity leg
/// @param equity By leg, in the order of the vault's legs, USD, 1e18
/// @param overdue By leg: what was not counted before the orders, USD, 1e18, signed (see `ILeg.appraise`)
/// @param thin By leg: true if its margin ratio is under what was asked for (see `ILeg.appraise`)
struct Portfolio {
    int256 nav;
    uint256 half;
    int256[] exposure;
    int256[] hedgeExposure;
    Gamma[] gammas;
    int256[] equity;
    int256[] overdue;
    bool[] thin;
}
