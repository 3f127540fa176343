// SPDX-License-Identifier: GPL-3.0-or-later
// The peer: @tus/server with its file store, on loopback. tus-server.cjs MODULES FOLDER; prints its port.
const [modules, directory] = process.argv.slice(2);
const { Server } = require(modules + '/@tus/server');
const { FileStore } = require(modules + '/@tus/file-store');
const server = new Server({ path: '/uploads', datastore: new FileStore({ directory }) });
const listening = server.listen({ host: '127.0.0.1', port: 0 }, () => console.log(listening.address().port));
