// SPDX-License-Identifier: GPL-3.0-or-later
// @tus/server with its file store behind TLS: tus-server.cjs MODULES FOLDER KEY CERTIFICATE.
// Prints the port it listens on.
const [modules, folder, key, certificate] = process.argv.slice(2);
const fs = require('fs');
const https = require('https');
const path = require('path');
const { Server } = require(path.join(modules, '@tus/server'));
const { FileStore } = require(path.join(modules, '@tus/file-store'));

const server = new Server({ path: '/files', datastore: new FileStore({ directory: folder }) });
const options = { key: fs.readFileSync(key), cert: fs.readFileSync(certificate) };
const listener = https.createServer(options, server.handle.bind(server));
listener.listen(0, '127.0.0.1', () => console.log(listener.address().port));
