//! Whether asserts ask the program for anything. What does not accepts every program, or none.
//!
//! This is seen by their words, before anything runs: text that is empty, that only defines, or that only compares
//! constants. Where it may ask, it is run, and seen then (`python/verify_asserts.py`).

mod names;
mod scopes;
mod statement;
mod words;

use scopes::{Scope, Scopes, may_be_of_program};
use words::lines;

/// The function of asserts that is called with the one that they are about.
pub(super) const CHECK: &str = "check";

/// What that one is called beside its name.
const CANDIDATE: &str = "candidate";

/// Why asserts ask for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing<'a> {
    /// There is no code.
    Empty,
    /// What asks is in a function or class that nothing uses.
    Uncalled(&'a str),
    /// All that is run has a meaning without the program.
    Constants,
}

/// Why asserts about `function`, if they are about one, ask the program for nothing; `None` where they may ask.
pub(super) fn nothing_asked<'a>(code: &'a str, function: Option<&str>) -> Option<Nothing<'a>> {
    // What is no Python is told when it is run.
    let lines = lines(code)?;
    if lines.is_empty() {
        return Some(Nothing::Empty);
    }
    let scopes = Scopes::of(&lines);
    let run = scopes.run(function.and(Some(CHECK)));
    let about = function.map(|function| function.split('.').next().unwrap_or(function));
    let asks = |index: usize| is_asked_in(&scopes, index, about) || about.is_some() && uses_candidate(&scopes, index);
    if run.iter().any(|index| asks(*index)) {
        return None;
    }
    let rest = (1..scopes.all.len()).filter(|index| !run.contains(index));
    let mut uncalled = rest.filter(|index| is_asked_in(&scopes, *index, about) || uses_parameter(&scopes.all[*index]));
    let uncalled = uncalled.next().map(|index| &scopes.all[scopes.below_module(index)]);
    Some(uncalled.map_or(Nothing::Constants, |scope| Nothing::Uncalled(scope.name)))
}

/// Whether a scope reads what may be the program's.
fn is_asked_in(scopes: &Scopes<'_>, index: usize, about: Option<&str>) -> bool {
    let scope = &scopes.all[index];
    // What the asserts are about is the program's whatever else is called so, such as a module.
    let is_given = |name: &&str| about.is_some_and(|about| **name == *about);
    let is_candidate = |name: &str| about.is_some() && name == CANDIDATE;
    let mut foreign = scope.foreign.iter();
    scope.reads.iter().any(is_given) || foreign.any(|name| is_candidate(name) || may_be_of_program(name))
}

/// Whether it is the function `check`, or inside of it, and reads what that is called with.
fn uses_candidate(scopes: &Scopes<'_>, index: usize) -> bool {
    let check = &scopes.all[scopes.below_module(index)];
    let mut reads = scopes.all[index].reads.iter();
    check.name == CHECK && reads.any(|name| check.parameters.contains(name))
}

fn uses_parameter(scope: &Scope<'_>) -> bool {
    scope.reads.iter().any(|name| scope.parameters.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKS: &str = "def check(candidate):\n    assert candidate(1) == 1\n";

    #[test]
    fn what_accepts_every_program_is_told_from_what_may_ask_for_something() {
        let about = Some("add");
        let (constants, uncalled) = (Some(Nothing::Constants), |name| Some(Nothing::Uncalled(name)));
        let unused = "class Tests:\n    def test(self):\n        assert add(1, 2) == 3\n";
        for (code, function, expected) in [
            ("", None, Some(Nothing::Empty)),
            (" \n# assert add(1, 2) == 3\n", None, Some(Nothing::Empty)),
            ("\"\"\"assert add(1, 2) == 3\"\"\"", None, constants),
            ("assert True", None, constants),
            ("assert 1 + 1 == 2, 'sum'", about, constants),
            ("import math\nx = math.sqrt(4)\nassert x == 2.0", None, constants),
            ("assert math.gcd(4, 6) == 2", None, constants),
            ("def f(x):\n    return x\nassert f(3) == 3", None, constants),
            ("pass", None, constants),
            ("match 1:\n    case _:\n        pass", None, constants),
            ("for _ in range(3): pass", None, constants),
            ("def check(candidate):\n    assert True\n", about, constants),
            (CHECKS, None, uncalled("check")),
            (
                "METADATA = {'author': 'me'}\ndef check(f): assert f(1) == 1",
                None,
                uncalled("check"),
            ),
            ("def test():\n    assert add(1, 2) == 3\n", about, uncalled("test")),
            (unused, None, uncalled("Tests")),
        ] {
            assert_eq!(nothing_asked(code, function), expected, "{code:?}");
        }
    }

    #[test]
    fn what_may_ask_for_something_is_run() {
        for code in [
            "assert add(1, 2) == 3",
            "assert LIMIT == 10",
            "assert bisect([1, 2], 2) == 1",
            "add",
            "assert f'{add(1, 2)}' == '3'",
            "total = total(1, 2)\nassert total == 3",
            "def check(candidate):\n    assert candidate(1) == 1\ncheck(add)",
            "def test():\n    assert add(1, 2) == 3\ntest()",
            "def a():\n    b()\ndef b():\n    assert add(1, 2) == 3\nif True: a()",
            "class T:\n    class U:\n        def t(self):\n            assert add(1, 2) == 3\nT.U().t()",
            "class T:\n    assert add(1, 2) == 3",
            "@run\ndef test():\n    assert add(1, 2) == 3",
            "for x in range(3): assert add(x, x) == 2 * x",
            "for f in FUNCTIONS: x = f(1)",
            "assert [add(x, 1) for x in (1, 2)] == [2, 3]",
            "exec('assert add(1, 2) == 3')",
            "from solution import add\nassert add(1, 2) == 3",
            "d = {}\nd[LIMIT] = 1",
            "assert (lambda a: a)(add)(1, 2) == 3",
            "assert add('",
            "assert match('a*', 'ab')",
            "case(1)\n_(2)",
            "match: int = match(3)",
            "match add(1):\n    case _: pass",
            "match 1:\n    case 1: add(1)",
        ] {
            assert_eq!(nothing_asked(code, None), None, "{code:?}");
        }
        for (code, function) in [
            ("assert sum(1, 2) == 3", "sum"),
            ("assert match('a*', 'ab')", "match"),
            ("case = case(3)\nassert case == 3", "case"),
            ("assert _(1) == 2", "_"),
            ("assert type(3) == 'int'", "type"),
            ("assert calendar.is_leap(2000)", "calendar"),
            ("def f():\n    return heapq.pop()\nassert f() == 3", "heapq"),
            ("assert candidate(1, 2) == 3", "add"),
            ("assert Adder().add(1, 2) == 3", "Adder.add"),
            (CHECKS, "add"),
            (
                "def check(c):\n    def each(x):\n        assert c(x) == x\n    each(1)",
                "add",
            ),
        ] {
            assert_eq!(nothing_asked(code, Some(function)), None, "{code:?}");
        }
    }

    #[test]
    fn what_takes_the_square_of_its_length_to_read_is_read_in_no_time() {
        let some = |most: usize, part: &str| (0..most).map(|n| part.replace('N', &n.to_string())).collect::<String>();
        let function = |body: &str| format!("def f({}):\n  {body}\n", some(100_000, "pN, "));
        let nested: String = (0..1500).map(|n| format!("{}def f{n}():\n", " ".repeat(n))).collect();
        let classes: String = (0..1500).map(|n| format!("{}class C{n}:\n", " ".repeat(n))).collect();
        let deep = " ".repeat(1500);
        let texts = [
            function(&some(100_000, "len;")),
            format!("{}f()", function(&some(100_000, "len;"))),
            format!(
                "def check({}):\n{}",
                some(50_000, "pN, "),
                some(50_000, " def g(): len\n")
            ),
            format!("{nested}{deep}{}\nf0()", some(200_000, "len;")),
            format!("x = 1\n{nested}{deep}{}\nf0()", some(200_000, "x;")),
            format!("{classes}{}C0", some(2000, &format!("{deep}def m(): len\n"))),
            format!("len{}", some(100_000, " + len")),
        ];
        let used = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec;
        let begun = used();
        for text in texts {
            nothing_asked(&text, None);
            nothing_asked(&text, Some("f"));
        }
        let seconds = used() - begun;
        assert!(seconds < 20, "{seconds} s");
    }

    #[test]
    fn a_long_chain_of_functions_is_followed() {
        let function = |number: usize| format!("def f{number}():\n    f{}()\n", number + 1);
        let chain: String = (0..20_000).map(function).collect();
        let asking = format!("{chain}def f20000():\n    add(1)\nf0()");
        let nothing = format!("{chain}def f20000(): pass\nf0()");
        assert_eq!(nothing_asked(&asking, None), None);
        assert_eq!(nothing_asked(&nothing, None), Some(Nothing::Constants));
    }
}
