"""The allocators, and the worker processes that run workloads on them."""

import collections
import os
import platform
import subprocess

SYSTEM = f"/usr/lib/{platform.machine()}-linux-gnu/"

# kind and library: the worker's arguments; package: Debian's, of the library.
Allocator = collections.namedtuple("Allocator", "name kind library package what")

OURS = "pymalloc"
FLOOR = "floor"
PEERS = ("cpython", "glibc", "mimalloc", "jemalloc", "tcmalloc")
DEBUG = ("debug", "cpython_debug")


def allocators(binaries, baseline=None):
    """All allocators, by name; baseline is another build of this project's."""
    ours = os.path.join(binaries, "libpymalloc_bench.so")
    cpython = SYSTEM + "libpython3.11.so.1.0"
    rows = [
        Allocator(OURS, "pymalloc", ours, None, "this project's, as released"),
        Allocator("baseline", "pymalloc", baseline, None, "another build of this project's"),
        Allocator("cpython", "cpython", cpython, "libpython3.11", "CPython's own pymalloc"),
        Allocator("glibc", "libc", SYSTEM + "libc.so.6", "libc6", "the GNU C library's"),
        Allocator("mimalloc", "libc", SYSTEM + "libmimalloc.so.2.0", "libmimalloc2.0",
                  "Microsoft's"),
        Allocator("jemalloc", "libc", SYSTEM + "libjemalloc.so.2", "libjemalloc2",
                  "FreeBSD's, later Facebook's"),
        Allocator("tcmalloc", "libc", SYSTEM + "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4",
                  "Google's, as in gperftools, the minimal library"),
        Allocator("debug", "pymalloc", ours, None, "this project's debug layer"),
        Allocator("cpython_debug", "cpython_debug", cpython, "libpython3.11", "CPython's debug layer"),
        Allocator(FLOOR, "floor", None, None, "empty functions, called the same way"),
    ]
    return {row.name: row for row in rows if baseline or row.name != "baseline"}


def command(binaries, allocator):
    """What starts a worker, and its environment."""
    environment = dict(
        PATH="/usr/bin:/bin",
        # jemalloc keeps its data where libraries that are loaded late have little room.
        GLIBC_TUNABLES="glibc.rtld.optional_static_tls=16384",
    )
    if allocator.name == "debug":
        environment["PYTHONMALLOC"] = "debug"
    program = os.path.join(binaries, "bench_worker")
    return [program, allocator.kind, allocator.library or "-"], environment


def problem(binaries, allocator):
    """Why an allocator can't be measured; None when it can."""
    if allocator.library and not os.path.exists(allocator.library):
        where = f"; it is in the package {allocator.package}" if allocator.package else ""
        return f"there is no {allocator.library}{where}"
    line, environment = command(binaries, allocator)
    done = subprocess.run(line, env=environment, text=True, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    return done.stderr.strip() or f"status {done.returncode}" if done.returncode else None


class Failed(Exception):
    """A worker ended, or said something unexpected."""


class Worker:
    """One process with one allocator."""

    def __init__(self, binaries, allocator, prefix=()):
        self.name = allocator.name
        line, environment = command(binaries, allocator)
        self.process = subprocess.Popen([*prefix, *line], env=environment, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def ask(self, question):
        """The line that the worker answers."""
        try:
            self.process.stdin.write(question + "\n")
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise Failed(f"{self.name}: the worker ended at '{question}', "
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
            rows.append(answer.split("\t"))
            answer = self.process.stdout.readline().rstrip("\n")
        return rows
