#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tus-js-client, as it comes from npm, uploads to the intake, and goes on after the intake died."""
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess

from intake_bench import Skip, main, noise

NPM = pathlib.Path(os.environ.get("SATCHEL_NPM") or pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "satchel" / "npm" / "node_modules")

SCRIPT = """
const fs = require('fs');
const tus = require(process.env.PEER);
const [endpoint, file, token, store, stopAt] = process.argv.slice(2);
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  uploadSize: fs.statSync(file).size,
  chunkSize: Number(process.env.CHUNK || 1000000),
  retryDelays: null,
  headers: { Authorization: 'Bearer ' + token },
  urlStorage: new tus.FileUrlStorage(store),
  fingerprint: async () => 'the-file',
  removeFingerprintOnSuccess: true,
  onChunkComplete: (size, accepted) => {
    console.log('accepted ' + accepted);
    if (stopAt && accepted >= Number(stopAt)) process.exit(9);
  },
  onError: (error) => { console.log('error ' + error.message); process.exit(1); },
  onSuccess: () => { console.log('done'); },
});
upload.findPreviousUploads().then((previous) => {
  console.log('previous ' + previous.length);
  if (previous.length > 0) upload.resumeFromPreviousUpload(previous[0]);
  upload.start();
});
"""


def client(intake, data, *stop, chunk=1000000):
    if shutil.which("node") is None or not (NPM / "tus-js-client").is_dir():
        raise Skip("tus-js-client is not installed")
    script, file, store = (intake.base / n for n in ("client.js", "file", "urls.json"))
    script.write_text(SCRIPT)
    file.write_bytes(data)
    if not store.exists():
        store.write_text("{}")
    done = subprocess.run(
        ["node", script, f"https://localhost:{intake.port}/uploads", file, intake.text("token.bearer"), store, *stop],
        capture_output=True, text=True, timeout=120,
        env=os.environ | {"PEER": str(NPM / "tus-js-client"), "CHUNK": str(chunk),
                          "NODE_EXTRA_CA_CERTS": str(intake.folder / "ca.crt")})
    return done.returncode, done.stdout.splitlines(), done.stderr


def whole(intake):
    """tus-js-client uploads a file"""
    data = noise(5000000)
    code, out, err = client(intake, data)
    assert code == 0 and out[-1] == "done", (code, out, err)
    assert intake.stored(data).read_bytes() == data
    assert "no fault" in intake.check()


def resumed(intake):
    """tus-js-client is stopped, the intake is killed, both come back: the rest alone is sent"""
    data = noise(5000000, 2)
    code, out, err = client(intake, data, "2000000")
    assert code == 9 and out[-1] == "accepted 2000000", (code, out, err)
    port = intake.port
    intake.stop(signal.SIGKILL)
    intake.start(port=port)
    code, out, err = client(intake, data)
    assert code == 0 and out[0] == "previous 1" and out[1] == "accepted 3000000" and out[-1] == "done", (code, out, err)
    assert intake.stored(data).read_bytes() == data
    assert hashlib.sha256(data).hexdigest() in str(intake.stored(data))


def refused(intake):
    """tus-js-client is told why"""
    intake.admit("newsroom2.card")
    (intake.papers / "token.bearer").write_text(intake.text("revoked.bearer"))
    code, out, err = client(intake, b"data")
    assert code == 1 and "403" in out[-1] and "took this upload token back" in out[-1], (code, out, err)


main(whole, resumed, refused)
