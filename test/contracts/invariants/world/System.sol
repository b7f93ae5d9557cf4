// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Authority} from "../../../../contracts/access/Authority.sol";
import {VaultFactory} from "../../../../contracts/factory/VaultFactory.sol";
import {IHedgeLeg} from "../../../../contracts/interfaces/IHedgeLeg.sol";
import {IHedgeVault} from "../../../../contracts/interfaces/IHedgeVault.sol";
import {IPerpV2Leg} from "../../../../contracts/interfaces/IPerpV2Leg.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {IRebalancer} from "../../../../contracts/interfaces/IRebalancer.sol";
import {IUniswapV3Leg} from "../../../../contracts/interfaces/IUniswapV3Leg.sol";
import {PriceOracle} from "../../../../contracts/oracle/PriceOracle.sol";
import {CovarianceOracle} from "../../../../contracts/risk/CovarianceOracle.sol";
import {IVault} from "./IVault.sol";
import {Perp} from "./Perp.sol";

/// @title Crosshedge itself, as scripts/deploy/system.ts deploys it, with the parameters of scripts/deploy/parameters.ts. Where a value is another, it
/// says why.
abstract contract System is Perp {
    uint256 internal constant GENESIS = 1_704_067_200;
    uint256 internal constant GRID = 8 * HOUR;
    uint256 internal constant STEPS = 90;
    uint256 internal constant MAX_SLIPPAGE = 0.03e18;

    address public constant KEEPER = address(0xcee9e1);
    address public constant GUARDIAN = address(0x60a4d1a9);
    address public constant ADMIN = address(0xad319);
    address public constant FEES = address(0xfee5);

    Authority public authority;
    PriceOracle public priceOracle;
    CovarianceOracle public covariance;
    VaultFactory public factory;
    IVault public vault;
    IRebalancer public rebalancer;
    IUniswapV3Leg public liquidity;
    IPerpV2Leg public perp;

    function _deployOracles() internal {
        authority = Authority(_own("contracts/access/Authority.sol:Authority", abi.encode(address(this))));
        address[] memory assets = new address[](ASSETS);
        IPriceOracle.Feed[] memory feeds = new IPriceOracle.Feed[](ASSETS);
        uint256[] memory floors = new uint256[](ASSETS);
        (floors[USDC], floors[ALT], floors[ETH], floors[BTC]) = (0.0001e18, 1e18, 0.36e18, 0.25e18);
        for (uint256 k; k < ASSETS; ++k) {
            assets[k] = address(tokens[k]);
            feeds[k].feed = proxies[k];
            feeds[k].heartbeat = heartbeats[k];
            feeds[k].deviation = uint64(deviations[k]);
        }
        feeds[USDC].stableBand = 0.02e18;
        priceOracle = PriceOracle(
            _own(
                "contracts/oracle/PriceOracle.sol:PriceOracle",
                abi.encode(address(authority), PriceOracle.Sequencer(address(0), 0), assets, feeds)
            )
        );
        covariance = CovarianceOracle(
            _own(
                "contracts/risk/CovarianceOracle.sol:CovarianceOracle",
                abi.encode(
                    CovarianceOracle.Params({
                        prices: priceOracle,
                        assets: assets,
                        varianceFloors: floors,
                        gridStep: GRID,
                        genesis: GENESIS,
                        halfLifeFast: 7 days,
                        halfLifeSlow: 30 days,
                        minHistory: 30 days,
                        maxAge: 2 days
                    })
                )
            )
        );
    }

    function _deployVault() internal {
        address[] memory legs = new address[](2);
        legs[0] = _own("contracts/legs/UniswapV3Leg.sol:UniswapV3Leg", "");
        legs[1] = _own("contracts/legs/PerpV2Leg.sol:PerpV2Leg", abi.encode(address(house)));
        address vaultCode = _own("contracts/vault/HedgeVault.sol:HedgeVault", "");
        address rebalancerCode = _own("contracts/rebalance/Rebalancer.sol:Rebalancer", "");
        factory = VaultFactory(
            _own(
                "contracts/factory/VaultFactory.sol:VaultFactory",
                abi.encode(address(authority), vaultCode, rebalancerCode, legs)
            )
        );
        (address vault_, address rebalancer_, address[] memory made) = factory.createVault(0, _config(legs));
        (vault, rebalancer) = (IVault(vault_), IRebalancer(rebalancer_));
        (liquidity, perp) = (IUniswapV3Leg(made[0]), IPerpV2Leg(made[1]));
        _assignRoles();
    }

    function _config(address[] memory legs) private view returns (VaultFactory.VaultConfig memory config) {
        config.parameters = IHedgeVault.Parameters(
            "Crosshedge ALT/USDC",
            "xhALT",
            address(authority),
            address(priceOracle),
            address(covariance),
            address(tokens[USDC])
        );
        config.settings = IHedgeVault.Settings({
            feeRecipient: FEES,
            managementFee: 0.01e18,
            performanceFee: 0.1e18,
            depositWindow: 0.05e18,
            depositBand: 0.01e18,
            minCash: 0.02e18,
            maxWait: 3 days,
            maxNav: 100_000_000e18
        });
        config.limits = IRebalancer.Limits({
            maxVolatility: 0.6e18,
            minHedge: 0.15e18,
            hedgeFloor: 0.05e18,
            maxGammaVolatility: 0.4e18,
            maxLoss: 0.01e18,
            poolBand: 0.025e18,
            minMarginRatio: 0.2e18,
            lossBudget: 0.02e18,
            maxAsset: 1.5e18,
            maxVenue: 0.6e18,
            maxGross: 2e18,
            horizon: 4 hours,
            cooldown: 300,
            minRangeWidth: 600
        });
        config.publicLimits = IRebalancer.PublicLimits({
            // Lower than the default, or no alarm would ever be raised in a few dozen calls.
            alarmVolatility: 0.25e18,
            maxStep: 0.1e18,
            minShare: 0.02e18,
            maxCost: 0.01e18,
            riskPrice: 0.25e18,
            lossBudget: 0.02e18,
            marginTarget: 0.3e18,
            maxBounty: 50e18,
            gasAsset: address(tokens[ETH]),
            grace: 1 hours,
            cooldown: 600,
            maxSilence: 6 hours
        });
        config.legs = new VaultFactory.LegConfig[](2);
        config.legs[0] = VaultFactory.LegConfig(legs[0], abi.encode(address(pool), MAX_SLIPPAGE));
        IHedgeLeg.Market[] memory markets = new IHedgeLeg.Market[](2);
        (markets[0], markets[1]) = (IHedgeLeg.Market(bases[0], uint8(ETH)), IHedgeLeg.Market(bases[1], uint8(BTC)));
        config.legs[1] = VaultFactory.LegConfig(legs[1], abi.encode(markets, MAX_SLIPPAGE));
    }

    /// @dev The deployer renounces: every administrator waits from here on.
    function _assignRoles() private {
        bytes4[] memory keepers = new bytes4[](2);
        (keepers[0], keepers[1]) = (IRebalancer.rebalance.selector, IRebalancer.heartbeat.selector);
        bytes4[] memory guardians = new bytes4[](1);
        guardians[0] = IHedgeVault.tighten.selector;
        authority.setTargetFunctionRole(address(rebalancer), keepers, authority.KEEPER_ROLE());
        authority.setTargetFunctionRole(address(vault), guardians, authority.GUARDIAN_ROLE());
        authority.grantRole(authority.KEEPER_ROLE(), KEEPER, 0);
        authority.grantRole(authority.GUARDIAN_ROLE(), GUARDIAN, 0);
        authority.grantRole(authority.ADMIN_ROLE(), ADMIN, authority.MIN_ADMIN_DELAY());
        authority.renounceRole(authority.ADMIN_ROLE(), address(this));
    }
}
