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
        "heapify heappop heappush heappushpop heapreplace nlargest nsmallest",
    ),
    (
        "bisect",
        "bisect bisect_left bisect_right insort insort_left insort_right",
    ),
    (
        "itertools",
        "accumulate chain combinations combinations_with_replacement groupby islice pairwise permutations product repeat \
         starmap takewhile zip_longest",
    ),
    ("functools", "cache cmp_to_key lru_cache partial reduce total_ordering"),
    (
        "math",
        "ceil comb cos exp fabs factorial floor gcd hypot inf isqrt lcm log log10 log2 pi prod sin sqrt tan",
    ),
    ("copy", "copy deepcopy"),
    ("operator", "attrgetter itemgetter xor"),
    ("string", "ascii_letters ascii_lowercase ascii_uppercase"),
    ("datetime", "datetime timedelta"),
];

/// Modules that are used by their names.
const MODULES: &str = "bisect collections copy datetime fractions functools hashlib heapq io itertools json math operator random \
re statistics string sys time typing";

/// The imports that a program needs where it leaves them to its grader. One that it has itself is done twice.
pub(crate) fn usual_imports(source: &str) -> Vec<String> {
    let (used, holders) = words(source);
    let mut imports = Vec::new();
    for (module, names) in USUAL {
        let names: Vec<&str> = names
            .split_ascii_whitespace()
            .filter(|name| used.contains(name))
            .collect();
        if !names.is_empty() {
            imports.push(format!("from {module} import {}", names.join(", ")));
        }
    }
    let modules = MODULES
        .split_ascii_whitespace()
        .filter(|module| holders.contains(module));
    imports.extend(modules.map(|module| format!("import {module}")));
    if holders.contains("np") {
        imports.push("import numpy as np".to_owned());
    }
    imports
}

/// The imports of a prompt, as far as each is on a line of its own.
pub(crate) fn imports_of_prompt(prompt: &str) -> Vec<String> {
    let code = prompt
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim_end());
    let is_import = |line: &&str| {
        let begins = line.starts_with("import ") || line.starts_with("from ") && line.contains(" import ");
        begins && !line.contains("__future__") && !line.contains('(') && !line.ends_with('\\')
    };
    code.filter(is_import).map(str::to_owned).collect()
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
    let is_of_word = |each: char| each.is_alphanumeric() || each == '_';
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
            ("np.array(1)", "import numpy as np\nnp.array(1)"),
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
    fn imports_of_a_prompt_are_those_on_lines_of_their_own() {
        let prompt =
            "import math  # pi\nfrom typing import *\nfrom x import (\n    y)\ndef f():\n    import os\nfrom here on";
        assert_eq!(imports_of_prompt(prompt), ["import math", "from typing import *"]);
    }
}
