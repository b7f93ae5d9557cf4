import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { clear, type DebtNetwork } from "../../../keeper/src/model/contagion/clearing.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";

const networks: fc.Arbitrary<Required<DebtNetwork>> = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc
    .record({
      owed: fc.array(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10, noNaN: true })), { minLength: n, maxLength: n }),
        {
          minLength: n,
          maxLength: n,
        },
      ),
      assets: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true })), {
        minLength: n,
        maxLength: n,
      }),
      recovery: fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
    })
    .map(({ owed, ...rest }) => ({
      owed: owed.map((row, i) => row.map((value, j) => (i === j ? 0 : value))),
      ...rest,
    })),
);
const dueOf = ({ owed }: DebtNetwork): number[] => owed.map((row) => row.reduce((sum, value) => sum + value, 0));
const receivedBy = (network: DebtNetwork, payments: readonly number[]): number[] => {
  const due = dueOf(network);
  return network.assets.map((_, i) =>
    payments.reduce((sum, paid, j) => sum + (due[j]! > 0 ? (network.owed[j]![i]! / due[j]!) * paid : 0), 0),
  );
};

describe("clearing of debts", () => {
  it("is the reference vector's fixed point", () => {
    const { L, c, p } = vectors.eisenberg_noe;
    const n = c.length;
    const { payments, defaults, equity } = clear({ owed: c.map((_, i) => L.slice(i * n, (i + 1) * n)), assets: c });
    payments.forEach((paid, i) => {
      expectClose(paid, p[i]!, 1e-9);
    });
    expect(defaults).to.deep.equal([true, true, false]);
    expectClose(equity[2]!, 0.5 + p[0]! * 0.375 + p[1]! * (4 / 6) - 1, 1e-9);
  });

  it("pays no more than is owed and no more than there is, in n rounds at most", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const { payments, equity, rounds, defaults } = clear(network);
        const due = dueOf(network);
        const received = receivedBy(network, payments);
        expect(rounds).to.be.at.most(network.assets.length);
        payments.forEach((paid, i) => {
          const has = network.assets[i]! + received[i]!;
          expect(paid).to.be.at.most(due[i]!);
          expect(paid).to.be.at.most(has + 1e-9);
          expect(equity[i]!).to.be.at.least(0);
          // The fixed point itself.
          expectClose(paid, defaults[i] ? network.recovery[i]! * has : due[i]!, 1e-8);
          if (defaults[i]) expect(has).to.be.below(due[i]!);
        });
      }),
      { seed: 1 },
    );
  });

  it("pays more if a firm owns more, and neither makes nor loses money where nothing goes in the default", () => {
    fc.assert(
      fc.property(networks, fc.nat(), fc.double({ min: 0, max: 5, noNaN: true }), (network, at, more) => {
        const less = clear(network).payments;
        const richer = network.assets.map((value, i) => (i === at % network.assets.length ? value + more : value));
        clear({ ...network, assets: richer }).payments.forEach((paid, i) => {
          expect(paid).to.be.at.least(less[i]! - 1e-8);
        });
        const { equity } = clear({ owed: network.owed, assets: network.assets });
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
        expectClose(sum(equity), sum(network.assets), 1e-7);
      }),
      { seed: 2 },
    );
  });

  it("loses in a default what is not recovered", () => {
    // Owes 10, has 8: pays 8, or half of it.
    const network = {
      owed: [
        [0, 10],
        [0, 0],
      ],
      assets: [8, 0],
    };
    expect(clear(network).payments[0]).to.equal(8);
    expect(clear({ ...network, recovery: [0.5, 1] }).payments[0]).to.equal(4);
  });

  it("refuses what is no network", () => {
    const good = {
      owed: [
        [0, 1],
        [1, 0],
      ],
      assets: [1, 1],
    };
    for (const bad of [
      { ...good, assets: [1] },
      { ...good, assets: [-1, 1] },
      { ...good, assets: [Number.NaN, 1] },
      {
        ...good,
        owed: [
          [1, 1],
          [1, 0],
        ],
      },
      { ...good, recovery: [0, 1] },
    ]) {
      expect(() => clear(bad)).to.throw(KeeperError);
    }
  });
});
