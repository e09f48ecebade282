'use strict';
var url = require('url');

/** Loads the command line; kept apart from stethos.js because `import()` does not parse on the oldest Nodes. */
module.exports = function launch(entry) {
  import(url.pathToFileURL(entry).href).then(
    function (cli) {
      return cli.main(process.argv.slice(2));
    },
    function (error) {
      console.error(error);
      process.exitCode = 1;
    },
  );
};
