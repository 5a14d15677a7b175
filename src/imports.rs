//! Imports that graders of data sets put in front of a program, which counts on them.

use std::collections::HashSet;

/// Modules, and names of them that programs use without importing them.
const USUAL: &[(&str, &str)] = &[
    (
        "typing",
        "Any Callable DefaultDict Deque Dict FrozenSet Generator Iterable Iterator List Literal Mapping NamedTuple Optional \
         Sequence Set Tuple Type TypeVar Union",
    ),
    (
        "collections",
        "ChainMap Counter OrderedDict defaultdict deque namedtuple",
    ),
    (
        "heapq",
        "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
    ),
    (
        "bisect",
        "bisect bisect_left bisect_right insort insort_left insort_right",
    ),
    (
        "itertools",
        "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby islice \
         pairwise permutations product repeat starmap takewhile tee zip_longest",
    ),
    (
        "functools",
        "cache cmp_to_key lru_cache partial reduce total_ordering wraps",
    ),
    (
        "math",
        "acos asin atan atan2 ceil comb cos degrees dist exp fabs factorial floor fmod gcd hypot inf isqrt lcm log log10 log2 nan \
         perm pi prod radians sin sqrt tan trunc",
    ),
    ("copy", "copy deepcopy"),
    (
        "operator",
        "add and_ attrgetter floordiv iadd itemgetter mod mul neg or_ sub truediv xor",
    ),
    (
        "string",
        "ascii_letters ascii_lowercase ascii_uppercase digits punctuation",
    ),
    ("datetime", "date datetime timedelta"),
    ("random", "choice randint shuffle"),
    ("statistics", "mean median mode stdev"),
    ("re", "findall finditer fullmatch"),
    ("io", "BytesIO StringIO"),
    ("sys", "maxsize setrecursionlimit stdin stdout"),
];

/// Modules that are used by their names.
const MODULES: &str = "bisect collections copy datetime fractions functools hashlib heapq io itertools json math operator random \
re statistics string sys time typing";

/// Modules of which LiveCodeBench's grader imports everything, and then each by its name, in this order
/// (`lcb_runner/evaluation/testing_util.py`).
const OF_LIVE_CODE_BENCH: &str = "string re datetime collections heapq bisect copy math random statistics itertools functools \
operator io sys json";

/// What that grader imports everything of besides: it gives Python its own names back.
const STARRED_LAST: &str = "builtins typing";

/// How deep programs may recurse there.
const RECURSION_LIMIT: u32 = 50_000;

/// The import that programs need which use `np`. Interpreters without numpy cannot do it.
pub(crate) const NUMPY: &str = "import numpy as np";

/// What LiveCodeBench's grader puts in front of a program. Functions that are to be called are the program's, whatever
/// name of a module they have.
pub(crate) fn imports_of_live_code_bench(called: Option<&str>) -> Vec<String> {
    let modules = || OF_LIVE_CODE_BENCH.split_ascii_whitespace();
    let starred = modules().chain(STARRED_LAST.split_ascii_whitespace());
    let mut imports: Vec<String> = starred.map(|module| format!("from {module} import *")).collect();
    imports.extend(modules().map(|module| format!("import {module}")));
    imports.push(format!("sys.setrecursionlimit({RECURSION_LIMIT})"));
    let is_name = |name: &&str| name.chars().all(is_of_word);
    imports.extend(
        called
            .filter(is_name)
            .map(|name| format!("globals().pop(\"{name}\", None)")),
    );
    imports
}

/// The imports that a program needs where it leaves them to its grader. One that it has itself is done twice.
pub(crate) fn usual_imports(source: &str) -> Vec<String> {
    let (used, holders) = words(source);
    let mut imports = Vec::new();
    for (module, names) in USUAL {
        let names: Vec<&str> = names
            .split_ascii_whitespace()
            .filter(|name| used.contains(name) && !defines(source, name))
            .collect();
        if !names.is_empty() {
            imports.push(format!("from {module} import {}", names.join(", ")));
        }
    }
    let modules = MODULES
        .split_ascii_whitespace()
        .filter(|module| holders.contains(module));
    imports.extend(modules.map(|module| format!("import {module}")));
    if is_module_only(source, "np") {
        imports.push(NUMPY.to_owned());
    }
    imports
}

/// Whether it has a function of this name, perhaps in a class: an import would stand for a method that is asked for.
fn defines(source: &str, name: &str) -> bool {
    let mut pieces = source.split("def ").skip(1);
    pieces.any(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')))
}

/// Whether attributes of it are read and nothing else is done with it. A program that gives the name a meaning, by an import
/// or as a variable, says it without a dot.
fn is_module_only(source: &str, name: &str) -> bool {
    let code = source.lines().map(|line| line.split('#').next().unwrap_or_default());
    let code: Vec<&str> = code.collect();
    let code = code.join("\n");
    let mut is_used = false;
    for (at, _) in code.match_indices(name) {
        let (before, rest) = (code[..at].chars().next_back(), &code[at + name.len()..]);
        let behind = rest.chars().next();
        if before.is_some_and(|each| is_of_word(each) || each == '.') || behind.is_some_and(is_of_word) {
            continue;
        }
        if behind != Some('.') {
            return false;
        }
        is_used = true;
    }
    is_used
}

/// A program with imports on a line in front of it, behind those of `__future__`, which Python wants first.
pub(crate) fn in_front(imports: &[String], source: &str) -> String {
    if imports.is_empty() {
        return source.to_owned();
    }
    let (first, rest) = source.split_at(end_of_future(source).unwrap_or_default());
    format!("{first}{}\n{rest}", imports.join("; "))
}

fn end_of_future(source: &str) -> Option<usize> {
    const FUTURE: &str = "from __future__ ";
    let inside = source.rfind(&format!("\n{FUTURE}")).map(|at| at + 1);
    let begin = inside.or_else(|| source.starts_with(FUTURE).then_some(0))?;
    let line = source[begin..].lines().next().unwrap_or_default();
    let closed = match line.contains('(') {
        true => begin + source[begin..].find(')')?,
        false => begin,
    };
    Some(closed + source[closed..].find('\n')? + 1)
}

/// Names in a text, and those of them that a dot follows.
pub(crate) fn words(source: &str) -> (HashSet<&str>, HashSet<&str>) {
    let (mut used, mut holders) = (HashSet::new(), HashSet::new());
    for piece in source.split_inclusive(|each| !is_of_word(each)) {
        let word = piece.trim_end_matches(|each| !is_of_word(each));
        used.insert(word);
        if piece.ends_with('.') {
            holders.insert(word);
        }
    }
    (used, holders)
}

/// Whether a name of Python may have it.
pub(crate) fn is_of_word(each: char) -> bool {
    each.is_alphanumeric() || each == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_the_imports_that_it_needs_where_they_may_stand() {
        for (source, expected) in [
            ("print(1)", "print(1)"),
            ("inp.append(np)", "inp.append(np)"),
            ("f(x: List[int])", "from typing import List\nf(x: List[int])"),
            (
                "heapify(h); math.pi",
                "from heapq import heapify; from math import pi; import math\nheapify(h); math.pi",
            ),
            (
                "bisect.bisect(a, 1)",
                "from bisect import bisect; import bisect\nbisect.bisect(a, 1)",
            ),
            ("np.array(1)  # np", "import numpy as np\nnp.array(1)  # np"),
            ("for np in q:\n    np.x()", "for np in q:\n    np.x()"),
            ("import numpy as np\nnp.x", "import numpy as np\nnp.x"),
            (
                "class A:\n    def merge(self): return count(1)",
                "from itertools import count\nclass A:\n    def merge(self): return count(1)",
            ),
            (
                "\"\"\"a\"\"\"\nfrom __future__ import annotations\nx: Set",
                "\"\"\"a\"\"\"\nfrom __future__ import annotations\nfrom typing import Set\nx: Set",
            ),
            (
                "from __future__ import (\n    annotations)\nx: Set",
                "from __future__ import (\n    annotations)\nfrom typing import Set\nx: Set",
            ),
        ] {
            assert_eq!(in_front(&usual_imports(source), source), expected, "{source:?}");
        }
    }

    #[test]
    fn programs_of_live_code_bench_get_all_that_its_grader_imports_and_keep_the_function_that_is_called() {
        let line = in_front(&imports_of_live_code_bench(Some("count")), "x");
        assert!(line.starts_with("from string import *; from re import *; "), "{line}");
        let end = "import json; sys.setrecursionlimit(50000); globals().pop(\"count\", None)\nx";
        assert!(line.ends_with(end), "{line}");
        let odd = imports_of_live_code_bench(Some("a.b"));
        assert_eq!(odd, imports_of_live_code_bench(None));
    }
}
