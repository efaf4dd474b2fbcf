#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the end-to-end tests of Argo Rollouts, each in a namespace of its own, many at once, and compares with e2e.tsv.

  e2e.py --kubeconfig FILE --program TEST-BINARY --source FOLDER --work FOLDER [--all] [--write FILE] [TEST…]

e2e.tsv says of each test what becomes of it with the real controller on this test cluster: `passes`, or why it is not run.
A test that fails is run once more when the others are done. --all runs also those that are not to be run, --write notes
what came out.
"""
import argparse, concurrent.futures, glob, os, re, shutil, subprocess, sys, time, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
INSTANCE = "argo-rollouts-e2e"
MOST_SECONDS = 420
# Its Rollout names a namespace.
NAMESPACES = {"TestAPISIXCanarySetHeaderStep": "default"}


def tests_of(source):
    """Every test of the suites: (suite, test)."""
    text = ""
    for file in sorted(glob.glob(os.path.join(source, "test/e2e/*_test.go"))):
        with open(file) as part:
            text += part.read()
    suites = {kind: name for name, kind in re.findall(r"^func (Test\w+)\(t \*testing\.T\) \{\s*suite\.Run\(t, new\((\w+)\)\)", text, re.M)}
    return [(suites[kind], test) for kind, test in re.findall(r"^func \(\w+ \*(\w+)\) (Test\w+)\(\) \{", text, re.M)]


def expectations():
    with open(os.path.join(HERE, "e2e.tsv")) as table:
        lines = [line.rstrip("\n").split("\t") for line in table if line.strip() and not line.startswith("#")]
    return {line[0]: line[1] for line in lines}


class Runner:
    def __init__(self, options):
        self.options = options
        self.environment = {**os.environ, "E2E_INSTANCE_ID": INSTANCE}

    def kubectl(self, *arguments, text=None, config=None):
        return subprocess.run(["kubectl", "--kubeconfig", config or self.options.kubeconfig, *arguments], check=True,
                              input=text, capture_output=True, text=True).stdout

    def run(self, suite, test, attempt=1):
        """(passes | fails | skipped, seconds, what to say about it)"""
        name = f"{suite}-{test}".replace("Test", "").replace("_", "-").lower()
        ns = NAMESPACES.get(test, f"{name[:45]}-{zlib.crc32(name.encode()) % 10000}-{attempt}")
        folder = os.path.join(self.options.work, "tests")
        os.makedirs(folder, exist_ok=True)
        config = os.path.join(folder, f"{name}-{attempt}.yaml")
        shutil.copy(self.options.kubeconfig, config)
        self.kubectl("config", "set-context", "--current", "--namespace", ns, config=config)
        if test not in NAMESPACES:
            self.kubectl("create", "namespace", ns)
        if suite == "TestStepPluginSuite":
            plugins = os.path.join(self.options.source, "test/e2e/step-plugin/argo-rollouts-config.yaml")
            with open(plugins) as file:
                self.kubectl("apply", "-f", "-", text=file.read().replace("namespace: argo-rollouts", f"namespace: {ns}"))
        begin = time.time()
        log = os.path.join(folder, f"{name}-{attempt}.log")
        with open(log, "w") as out:
            try:
                code = subprocess.run([self.options.program, "-test.run", f"^{suite}$", "-testify.m", f"^{test}$", "-test.v",
                                       "-test.short"], cwd=os.path.join(self.options.source, "test/e2e"),
                                      env={**self.environment, "KUBECONFIG": config}, stdout=out, stderr=subprocess.STDOUT,
                                      stdin=subprocess.DEVNULL, timeout=MOST_SECONDS).returncode
            except subprocess.TimeoutExpired:
                code = 124
        seconds = time.time() - begin
        if test not in NAMESPACES:
            self.kubectl("delete", "namespace", ns, "--wait=false")
        with open(log, errors="replace") as file:
            text = file.read()
        skipped = f"--- SKIP: {suite}" in text
        ran = f"--- PASS: {suite}/{test}" in text
        if code == 0 and ran:
            return "passes", seconds, ""
        if code == 0 and skipped:
            return "skipped", seconds, ""
        told = [line for line in text.splitlines() if re.search(r"\.go:\d+: |Error:|level=(error|fatal)|panic|expected:|actual", line)]
        return "fails", seconds, "\n".join(told[:8] + [f"log: {log}"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("kubeconfig", "program", "source", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write")
    parser.add_argument("tests", nargs="*")
    options = parser.parse_intermixed_args()
    expected = expectations()
    wanted = [(suite, test) for suite, test in tests_of(options.source)
              if not options.tests or {test, suite, f"{suite}/{test}"} & set(options.tests)]
    unknown = [f"{suite}/{test}" for suite, test in wanted if f"{suite}/{test}" not in expected]
    chosen = []
    for suite, test in wanted:
        why = expected.get(f"{suite}/{test}", "passes")
        if options.all or why == "passes" or options.tests:
            chosen.append((suite, test))
        else:
            print(f"skipped {suite}/{test}: {why}", flush=True)
    runner = Runner(options)
    results = {}

    def one(pair, attempt):
        try:
            outcome, seconds, words = runner.run(*pair, attempt)
        except subprocess.CalledProcessError as problem:
            outcome, seconds, words = "fails", 0, problem.stderr
        print(f"{'ok     ' if outcome == 'passes' else outcome.upper() if attempt > 1 else outcome:7} {'/'.join(pair)} {seconds:.0f} s",
              flush=True)
        for line in words.splitlines():
            print("            " + line[:300], flush=True)
        results[pair] = (outcome, seconds)

    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        list(pool.map(lambda pair: one(pair, 1), chosen))
    again = [pair for pair in chosen if results[pair][0] == "fails"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: one(pair, 2), again))
    if options.write:
        with open(options.write, "w") as out:
            for pair in chosen:
                out.write(f"{'/'.join(pair)}\t{results[pair][0]}\t{results[pair][1]:.0f}\n")
    passed = sum(results[pair][0] == "passes" for pair in chosen)
    failed = [pair for pair in chosen if results[pair][0] != "passes"]
    for name in unknown:
        print(f"not in e2e.tsv: {name}")
    print(f"{passed} passed, {len(failed)} failed or skipped by themselves, {len(wanted) - len(chosen)} not run")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
