/**
 * solc as Hardhat calls it, but for sources of any length: they are handed over on solc's heap. Its own wrapper puts four bytes for each
 * character on a stack of 5 MB, which instrumented contracts overflow.
 */
const solc = require("solc/soljson.js");

/** What is allocated here is freed by `solidity_reset`, which Hardhat calls next. */
function compile(input, ...callback) {
  const size = solc.lengthBytesUTF8(input) + 1;
  const place = solc._solidity_alloc(size);
  solc.stringToUTF8(input, place, size);
  return solc.UTF8ToString(solc._solidity_compile(place, ...callback));
}

module.exports = {
  ...solc,
  cwrap: (name, ...types) => (name === "solidity_compile" ? compile : solc.cwrap(name, ...types)),
};
