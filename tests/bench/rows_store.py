# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: saved, searched, unlocked and checked, beside plain SQLite of the same version and schema."""
import shutil

from harness import MIB

SEARCHES = 600
SAVES = 1000
CHECKED_MIB, CHECKED_S = 210, 3  # the target is told for a store of 220 MB; the work grows with its pages


def stores(bench):
    """A vault and its plain twin with all records, on disk; made once."""
    folder = bench.place("disk") / "stores"
    both = folder / "sealed", folder / "plain"
    if not folder.exists():
        folder.mkdir()
        bench.say(f"two stores of {bench.records} records are made")
        bench.core("make", both[0], bench.records, 1000)
        bench.core("--plain", "make", both[1], bench.records, 1000)
    return both


def forget(bench):
    shutil.rmtree(bench.place("disk") / "stores", ignore_errors=True)


def insert(bench):
    """many records with full text, in one transaction and by the thousand"""
    folder = bench.scratch(bench.place("disk"), "insert")

    def step(batch, *plain):
        def run(_):
            shutil.rmtree(folder / "vault", ignore_errors=True)
            return bench.core(*plain, "make", folder / "vault", bench.records, batch)["make_ms"] / 1000
        return run
    for batch, limit in ((0, 1.4), (1000, 1.8)):
        mine, his = bench.alternate(step(batch), step(batch, "--plain"), rounds=min(bench.rounds, 3))
        words = "in one transaction" if batch == 0 else "1,000 a transaction"
        bench.add("insert", f"insert {bench.records:,} records, {words}", "disk", mine, "s", "plain SQLite", his, "within", limit)
    shutil.rmtree(folder)


def save(bench):
    """one record a transaction"""
    sealed, plain = stores(bench)
    mine, his = bench.alternate(lambda _: bench.core("save", sealed, SAVES), lambda _: bench.core("--plain", "save", plain, SAVES))
    bench.add("save", "save one record", "disk", mine["save_ms"], "ms", "plain SQLite", his["save_ms"], "within", 2)
    bench.add("save", "save one record, p99", "disk", mine["save_p99_ms"], "ms", "plain SQLite", his["save_p99_ms"], "at most", 8)
    forget(bench)


def search(bench):
    """1 to 3 words: the newest 50, and ranked with snippets"""
    sealed, plain = stores(bench)
    mine, his = bench.alternate(lambda _: bench.core("search", sealed, SEARCHES),
                                lambda _: bench.core("--plain", "search", plain, SEARCHES))
    for name, words, limit in (("newest", "newest 50", 1.5), ("ranked", "ranked 50 with snippets", 4)):
        ours, peer = mine[f"{name}_ms"], his[f"{name}_ms"]
        bench.add("search", f"search, {words}, median", "disk", ours, "ms", "plain SQLite", peer, "at most", limit)
        bench.add("search", f"search, {words}, median", "disk", ours, "ms", "plain SQLite", peer, "within", 2)
        bench.add("search", f"search, {words}, p99", "disk", mine[f"{name}_p99_ms"], "ms", "plain SQLite",
                  his[f"{name}_p99_ms"], "at most", 40)


def unlock(bench):
    """passphrase to the first 50 rows beside Argon2id alone"""
    sealed = stores(bench)[0]
    facts = bench.core("unlock", sealed, 256, 3, 2 * bench.rounds + 1)
    bench.add("unlock", "unlock to the first 50 rows", "disk", facts["unlock_ms"], "ms", "Argon2id, 256 MiB x 3", facts["kdf_ms"],
              "above", 10)
    bench.core("unlock", sealed, 8, 1, 1)


def check_store(bench):
    """check of the store beside SQLite's quick_check"""
    sealed, plain = stores(bench)
    mine, his = bench.alternate(lambda _: bench.core("check", sealed), lambda _: bench.core("--plain", "quick-check", plain))
    size = (sealed / "store.db").stat().st_size // MIB
    both = (mine["store_ms"] + mine["records_ms"]) / 1000
    peer = his["quick_check_ms"] / 1000
    bench.add("check-store", f"check of a {size} MiB store", "disk", mine["store_ms"] / 1000, "s", "quick_check", peer,
              "at most", round(CHECKED_S * size / CHECKED_MIB, 1))
    bench.add("check-store", "the same with ledger, revisions and index", "disk", both, "s", "quick_check", peer)


ROWS = {"insert": insert, "search": search, "unlock": unlock, "check-store": check_store, "save": save}
