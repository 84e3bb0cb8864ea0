"""The allocators, and the worker processes that run workloads on them."""

import collections
import os
import subprocess

SYSTEM = "/usr/lib/x86_64-linux-gnu/"

# kind and library: the worker's arguments; package: Debian's, of the library.
Allocator = collections.namedtuple("Allocator", "name kind library package what")

OURS = "pymalloc"
FLOOR = "floor"
PEERS = ("cpython", "glibc", "mimalloc", "jemalloc", "tcmalloc")


def allocators(binaries, baseline=None):
    """All allocators, by name; baseline is another build of this project's."""
    ours = os.path.join(binaries, "libpymalloc_bench.so")
    cpython = SYSTEM + "libpython3.11.so.1.0"
    rows = [
        Allocator(OURS, "pymalloc", ours, None, "this project's, as released"),
        Allocator("cpython", "cpython", cpython, "libpython3.11", "CPython's own pymalloc"),
        Allocator("glibc", "libc", SYSTEM + "libc.so.6", "libc6", "the GNU C library's malloc"),
        Allocator("mimalloc", "libc", SYSTEM + "libmimalloc.so.2.0", "libmimalloc2.0", "mimalloc"),
        Allocator("jemalloc", "libc", SYSTEM + "libjemalloc.so.2", "libjemalloc2", "jemalloc"),
        Allocator("tcmalloc", "libc", SYSTEM + "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4",
                  "gperftools' tcmalloc, minimal"),
        Allocator(FLOOR, "floor", "-", None, "empty functions: the price of the calls"),
    ]
    if baseline:
        rows.insert(1, Allocator("baseline", "pymalloc", os.path.abspath(baseline), None,
                                 "another build of this project's"))
    return {row.name: row for row in rows}


class Failed(Exception):
    """A worker ended, or said something unexpected."""


class Worker:
    """One process with one allocator."""

    def __init__(self, binaries, allocator):
        self.name = allocator.name
        environment = dict(
            PATH="/usr/bin:/bin",
            # jemalloc keeps its data where libraries that are loaded late have little room.
            GLIBC_TUNABLES="glibc.rtld.optional_static_tls=16384",
        )
        command = [os.path.join(binaries, "bench_worker"), allocator.kind, allocator.library]
        self.process = subprocess.Popen(command, env=environment, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def ask(self, command):
        """The line that the worker answers."""
        try:
            self.process.stdin.write(command + "\n")
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise Failed(f"{self.name}: the worker ended at '{command}', "
                         f"with status {self.process.wait()}")
        return answer.rstrip("\n")

    def run(self, rounds):
        """Calls and nanoseconds of so many rounds."""
        calls, nanoseconds = self.ask(f"run {rounds}").split()
        return int(calls), int(nanoseconds)

    def workloads(self):
        """Name, group and description of each."""
        rows = []
        answer = self.ask("list")
        while answer:
            rows.append(tuple(answer.split("\t")))
            answer = self.process.stdout.readline().rstrip("\n")
        return rows
