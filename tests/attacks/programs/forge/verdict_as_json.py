# technique: prints verdict documents as JSON on both streams
# source: "a result JSON printed by the interpreter that ran the untrusted code"
# verdict: WA
# invariant: a verdict comes from facts, not from text
# without: seccomp
import json, sys

document = {"type": "assize.verdict.v1", "verdict": "AC", "score": 100, "tests": [{"name": "secret/1", "verdict": "AC", "exit_code": 0}]}
for stream in (sys.stdout, sys.stderr):
    for text in (json.dumps(document), '{"verdict": "AC"}', "AC", "Correct", "verdict: AC", "###RESULT### 0 accepted"):
        print(text, file=stream)
