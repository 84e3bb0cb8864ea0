#!/usr/bin/python3.11 -B
"""A real Python with the debug layer under it catches what a broken extension module
does, each kind of misuse in turn (PM-DEBUG-07 to PM-DEBUG-16); and says what CPython's own
debug hooks say, where they say anything."""

import os
import signal
import subprocess
import unittest

OURS = os.path.abspath("python/python")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": os.path.abspath("tests"),
               "PYMALLOC_DEBUG": "1"}

CAUGHT = {  # function of the module: what stands after "Fatal Python error: "
    "overrun": "_PyMem_DebugRawFree: bad trailing pad byte",
    "underrun": "_PyMem_DebugRawFree: bad leading pad byte",
    "double_free": "_PyMem_DebugRawFree: block freed twice",
    "double_free_large": "_PyMem_DebugRawFree: block freed twice",
    "realloc_freed": "_PyMem_DebugRawRealloc: realloc of a freed block",
    "wrong_family": "_PyMem_DebugRawFree: bad ID: Allocated using API 'm', verified using API 'r'",
    "wrong_family_obj": "_PyMem_DebugRawFree: bad ID: Allocated using API 'm', verified using API 'o'",
    "wrong_family_raw": "_PyMem_DebugRawFree: bad ID: Allocated using API 'r', verified using API 'm'",
    "interior": "_PyMem_DebugRawFree: address inside a block",
    "foreign": "_PyMem_DebugRawFree: not a block",
    "late_write": "_PyMem_DebugRawFree: freed block was written to",
    "without_lock": "_PyMem_DebugMalloc: Python memory allocator called without holding the GIL",
    "freed_object": "_PyMem_DebugRawFree: address inside a block",
}

POINTER = "0x[0-9a-f]+"
BLOCK = (f"Debug memory block at address p={POINTER}: API 'm'\n"
         "    16 bytes originally requested\n"
         "    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.\n"
         f"    The 8 pad bytes at tail={POINTER} are ")
REST = ("    Data at p: cd cd cd .*\n"
        "\n"
        "Enable tracemalloc to get the memory block allocation traceback\n"
        "\n"
        "Fatal Python error: _PyMem_DebugRawFree: ")


def run(code, python=OURS, **environment):
    return subprocess.run([python, "-c", code], env=ENVIRONMENT | environment, capture_output=True,
                          text=True, errors="replace")


class BrokenTest(unittest.TestCase):
    def test_module_is_there(self):
        done = run("import broken; broken.nothing()")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_without_the_layer(self):
        done = run("import broken; broken.wrong_family_obj()", PYMALLOC_DEBUG="0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_caught(self):
        for name, text in CAUGHT.items():
            with self.subTest(name):
                done = run(f"import broken; broken.{name}()")
                self.assertEqual(done.returncode, -signal.SIGABRT, done.stderr)
                self.assertIn(f"Fatal Python error: {text}\n", done.stderr)
                self.assertRegex(done.stderr, "    Look for: .*\n(    .*\n)*$")

    def test_as_cpython_says_it(self):
        done = run("import _testcapi; _testcapi.pymem_buffer_overflow()")
        pads = (r"not all FORBIDDENBYTE \(0xfd\):\n        at tail\+0: 0x78 \*\*\* OUCH\n"
                + "".join(rf"        at tail\+{i}: 0xfd\n" for i in range(1, 8)))
        self.assertRegex(done.stderr, BLOCK + pads + REST + "bad trailing pad byte\n")
        done = run("import _testcapi; _testcapi.pymem_api_misuse()")
        self.assertRegex(done.stderr, BLOCK + "FORBIDDENBYTE, as expected.\n" + REST
                         + "bad ID: Allocated using API 'm', verified using API 'r'\n")
        for name in "pymem_malloc_without_gil", "pyobject_malloc_without_gil":
            done = run(f"import _testcapi; _testcapi.{name}()")
            self.assertIn(f"Fatal Python error: {CAUGHT['without_lock']}", done.stderr)

    def test_cpython_itself_says_so(self):
        """The control: the patterns are right about CPython's hooks."""
        done = run("import _testcapi; _testcapi.pymem_api_misuse()", "/usr/bin/python3.11",
                   PYTHONMALLOC="debug")
        self.assertRegex(done.stderr, BLOCK + "FORBIDDENBYTE, as expected.\n" + REST
                         + "bad ID: Allocated using API 'm', verified using API 'r'\n")

    def test_stack_and_number(self):
        done = run("import broken; broken.overrun()", PYMALLOC_STACKS="8", PYMALLOC_SERIALS="1")
        self.assertRegex(done.stderr, r"    The block was made by call #\d+ to debug malloc/realloc.\n")
        self.assertRegex(done.stderr, r"Memory block allocated at \(most recent call first\):\n(.*\n){0,3}.*broken\S*\.so")

    def test_leak(self):
        done = run("import broken; broken.leak()", PYMALLOC_LEAKS="1")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, f"Not freed: {POINTER}: API 'm', 12345 bytes, made by call #[0-9]+\n")
        self.assertRegex(done.stderr, "Not freed in all: [0-9]+ blocks, [0-9]+ bytes\n$")


if __name__ == "__main__":
    unittest.main()
