//! The globs of `submissions.yaml`: `*` within a name, and `{a,b}` (format 2025-09, section "Glob patterns").

/// Whether `name`, or a directory that it lies in, matches one of the patterns that the braces stand for.
pub(crate) fn matches(glob: &str, name: &str) -> bool {
    expand(glob).iter().any(|pattern| {
        let wanted: Vec<&str> = pattern.trim_end_matches('/').split('/').collect();
        let parts: Vec<&str> = name.split('/').collect();
        wanted.len() <= parts.len()
            && wanted
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| part_matches(wanted, part))
    })
}

/// How many patterns the braces stand for.
pub(in crate::problem) fn patterns(glob: &str) -> usize {
    let inside = glob.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.fold(1, |product: usize, inside| {
        product.saturating_mul(inside.split(',').count())
    })
}

/// Replaces each brace by its alternatives.
fn expand(glob: &str) -> Vec<String> {
    let Some((start, rest)) = glob.split_once('{') else {
        return vec![glob.to_owned()];
    };
    let Some((alternatives, end)) = rest.split_once('}') else {
        return vec![glob.to_owned()];
    };
    alternatives
        .split(',')
        .flat_map(|alternative| expand(&format!("{start}{alternative}{end}")))
        .collect()
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
    use super::matches;

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
        ];
        for (glob, name, expected) in rows {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }
}
