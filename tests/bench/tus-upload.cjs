// SPDX-License-Identifier: GPL-3.0-or-later
// The peer's client: tus-upload.cjs MODULES ENDPOINT FILE
const fs = require('fs');
const [modules, endpoint, file] = process.argv.slice(2);
const tus = require(modules + '/tus-js-client');
new tus.Upload(fs.createReadStream(file, { highWaterMark: 1 << 20 }), {
  endpoint,
  uploadSize: fs.statSync(file).size,
  chunkSize: 64 << 20,
  retryDelays: null,
  onError: (error) => { console.error(error.message); process.exit(1); },
}).start();
