"""Counts the lines of code of C files: those that are not empty once comments,
contracts (which are comments, or includes from spec/) and what only Frama-C sees
are gone.

    code_lines.py [--most N] FILE...      exit status 1 when there are more than N
"""

import argparse
import re
import sys


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r'#include "spec/[^\n]*', "", text)
    text = re.sub(r"#ifndef __FRAMAC__\n(.*?)#else.*?#endif\n", r"\1", text, flags=re.S)
    text = re.sub(r"#ifdef __FRAMAC__.*?#endif\n", "", text, flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=sys.maxsize)
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_args()
    total = 0
    for name in args.files:
        with open(name) as file:
            lines = code_lines(file.read())
        total += lines
        print(f"{lines:6} {name}")
    print(f"{total:6} in all")
    if total > args.most:
        print(f"FAIL: more than {args.most}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
