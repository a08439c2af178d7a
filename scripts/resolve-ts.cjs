/** For dependency-cruiser: an import of `x.js` in the sources is the file `x.ts`. */
module.exports = {
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] }, conditionNames: ['import', 'node'] },
}
