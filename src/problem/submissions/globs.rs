//! The globs of `submissions.yaml`: `*` within a name, and `{a,b}` (format 2025-09, section "Glob patterns").

/// Most patterns that the braces of a glob may stand for.
pub(in crate::problem) const MOST_PATTERNS: usize = 1000;

/// Longest glob, in bytes.
const LONGEST: usize = 1024;

/// A glob with its braces expanded: that takes longer than to hold a name against the patterns.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    patterns: Vec<String>,
}

impl Glob {
    /// `None` for one that is not short, or whose braces stand for more than [`MOST_PATTERNS`] patterns.
    pub(crate) fn read(glob: &str) -> Option<Self> {
        expand(glob).map(|patterns| Self { patterns })
    }

    /// How many patterns its braces stand for.
    pub(in crate::problem) fn patterns(&self) -> usize {
        self.patterns.len()
    }

    /// Whether `name`, or a directory that it lies in, matches one of the patterns.
    pub(crate) fn matches(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern_matches(pattern, name))
    }

    /// Whether `name` itself matches one of the patterns, and not only a directory that it lies in.
    pub(crate) fn matches_whole(&self, name: &str) -> bool {
        let parts = |path: &str| path.trim_end_matches('/').split('/').count();
        let is_as_deep = |pattern: &&String| parts(pattern) == parts(name);
        let mut deep = self.patterns.iter().filter(is_as_deep);
        deep.any(|pattern| pattern_matches(pattern, name))
    }
}

/// Whether `name`, or a directory that it lies in, matches one of the patterns that the braces stand for.
pub(crate) fn matches(glob: &str, name: &str) -> bool {
    Glob::read(glob).is_some_and(|glob| glob.matches(name))
}

fn pattern_matches(pattern: &str, name: &str) -> bool {
    let mut parts = name.split('/');
    let mut wanted = pattern.trim_end_matches('/').split('/');
    wanted.all(|wanted| parts.next().is_some_and(|part| part_matches(wanted, part)))
}

/// The patterns that the braces stand for, which may lie in each other. `None` as soon as there are too many: they are
/// counted while they are made.
fn expand(glob: &str) -> Option<Vec<String>> {
    if glob.len() > LONGEST {
        return None;
    }
    let mut open = vec![glob.to_owned()];
    let mut expanded = Vec::new();
    while let Some(pattern) = open.pop() {
        match innermost_braces(&pattern) {
            None => expanded.push(pattern),
            Some((start, alternatives, end)) => {
                let alternatives = alternatives.split(',').rev().map(str::trim);
                open.extend(alternatives.map(|alternative| format!("{start}{alternative}{end}")));
            }
        }
        if open.len() + expanded.len() > MOST_PATTERNS {
            return None;
        }
    }
    Some(expanded)
}

/// What stands before, in and behind the first pair of braces with none in it.
fn innermost_braces(pattern: &str) -> Option<(&str, &str, &str)> {
    let (before, end) = pattern
        .match_indices('}')
        .map(|(at, _)| (&pattern[..at], &pattern[at + 1..]))
        .find(|(before, _)| before.contains('{'))?;
    let (start, alternatives) = before.rsplit_once('{')?;
    Some((start, alternatives, end))
}

fn part_matches(wanted: &str, part: &str) -> bool {
    let mut pieces = wanted.split('*');
    let Some(mut rest) = part.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{Glob, matches};

    #[test]
    fn a_glob_matches_names_and_everything_below_them() {
        let rows = [
            ("accepted", "accepted/a.py", true),
            ("accepted/*", "accepted/a.py", true),
            ("accepted/*.cpp", "accepted/a.py", false),
            ("*/a.{py,cpp}", "accepted/a.py", true),
            ("secret/*-easy", "secret/01-easy", true),
            ("secret/*-easy", "secret/01-easy-not", false),
            ("secret/group1", "secret/group10/1", false),
            ("secret/group1", "secret/group1/1", true),
            ("*", "secret/group1/1", true),
            ("s*t/*1", "secret/group1", true),
            ("*/a.{ py , cpp }", "accepted/a.cpp", true),
            ("{accepted,{wrong,time}_*}/a", "wrong_answer/a", true),
            ("{accepted,{wrong,time}_*}/a", "accepted/a", true),
            ("a}{b,c}", "a}c", true),
            ("a{b", "a{b", true),
        ];
        for (glob, name, expected) in rows {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn a_glob_means_a_group_and_not_what_lies_in_it() {
        let rows = [
            ("secret", "secret", true),
            ("secret", "secret/a", false),
            ("secret/", "secret", true),
            ("secret/*", "secret/a", true),
            ("secret/*", "secret", false),
            ("secret/{a,b}", "secret/b", true),
            ("{secret,secret/*}", "secret/b", true),
            ("secret/{a,b}", "secret/c", false),
        ];
        for (glob, name, expected) in rows {
            let read = Glob::read(glob).unwrap();
            assert_eq!(read.matches_whole(name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn globs_that_stand_for_too_many_patterns_are_not_expanded() {
        let nested = format!("{}x{}", "{a,".repeat(40), "}".repeat(40));
        let doubled = format!("{}x{}", "{a,b}{".repeat(40), "}".repeat(40));
        let long = "{a,b}".to_owned() + &"x".repeat(2000);
        for glob in [
            "{a,b}".repeat(40),
            format!("{{{}}}", "a,".repeat(400).repeat(3)),
            doubled,
            nested,
            long,
        ] {
            assert!(Glob::read(&glob).is_none(), "{glob}");
            assert!(!matches(&glob, "a"), "{glob}");
        }
        assert!(Glob::read(&"{a,b}".repeat(9)).is_some());
    }
}
