//! Which function is called where a program has a method of `Solution`, too.

use assize::contract::Verdict;
use serde_json::json;
use uuid::Uuid;

use crate::calls::{read, submission};
use crate::judge::JudgeFixture;

/// A program has a method of `Solution`, and something else under its name.
#[tokio::test(flavor = "multi_thread")]
async fn a_method_of_solution_goes_before_what_is_imported_and_in_functional_before_any_function() {
    let own = "def f(x):\n    return 0\n";
    let table = [
        ("", true, true),
        ("from math import factorial as f\n", true, true),
        ("from itertools import chain as f\n", true, true),
        ("from random import shuffle as f\n", true, true),
        ("import bisect as f\n", true, true),
        (own, false, true),
        (
            "import functools\n@functools.lru_cache\ndef f(x):\n    return 0\n",
            false,
            true,
        ),
        ("class f:\n    def __new__(cls, x):\n        return 0\n", false, true),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judging = fixture.none_is_wrong(&table, async |fixture, (above, by_call, by_functional)| {
        let source = format!("{above}class Solution:\n    def f(self, x):\n        return x + 1\n");
        let call = submission(&source, &[json!({ "call": "f", "args": [2], "expect": 3 })]);
        let functional = read(&json!({
            "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
            "files": [{ "name": "main.py", "content": source }],
            "functional": { "fn_name": "f", "inputs": [[2]], "outputs": [3] },
        }));
        let mut said = Vec::new();
        for each in [call, functional] {
            said.push(fixture.judge(&each).await.verdict == Verdict::Ac);
        }
        (said != [*by_call, *by_functional]).then(|| format!("{above:?}: {said:?}"))
    });
    judging.await;
}
