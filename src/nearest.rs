//! The known name that a misspelt one means, as far as that can be told.

/// How much two names have to be alike, from 0 to 1, for one to be taken for the other.
const SIMILAR: f64 = 0.8;

/// How much of a name has to be right where it is certain that another one was meant.
const SLIP: f64 = 0.8;

/// Characters of a name that is held against others. A longer one is no slip of the pen, and takes its time to be compared.
const LONGEST: usize = 64;

/// The known name that looks most like this one, if any does. Upper and lower case, and what joins words, count for
/// nothing.
pub(crate) fn nearest<N: AsRef<str>>(name: &str, known: impl IntoIterator<Item = N>) -> Option<N> {
    if is_long(name) {
        return None;
    }
    let name = flat(name);
    let mut best = None;
    for candidate in known {
        let similarity = strsim::jaro_winkler(&flat(candidate.as_ref()), &name);
        if similarity >= best.as_ref().map_or(SIMILAR, |(highest, _)| *highest) {
            best = Some((similarity, candidate));
        }
    }
    best.map(|(_similarity, candidate)| candidate)
}

/// The known name of which this one is a misspelling, beyond doubt: a letter or two are other ones. A known name with a word
/// behind it is none, nor is `valid` of `invalid`.
pub(crate) fn slip_of<N: AsRef<str>>(name: &str, known: impl IntoIterator<Item = N>) -> Option<N> {
    if is_long(name) {
        return None;
    }
    let name = flat(name);
    let is_slip = |known: &N| {
        let known = flat(known.as_ref());
        let has_word_behind = name
            .strip_prefix(&known)
            .is_some_and(|rest| rest.len() > 1 && rest.starts_with('_'));
        let is_opposite = known.strip_prefix("in") == Some(name.as_str());
        let similarity = strsim::normalized_damerau_levenshtein(&known, &name);
        similarity > SLIP && !has_word_behind && !is_opposite
    };
    known.into_iter().find(is_slip)
}

/// What is put behind a complaint about an unknown name: ` (did you mean worker.slots?)`, or nothing.
pub(crate) fn did_you_mean<N: AsRef<str>>(name: &str, known: impl IntoIterator<Item = N>) -> String {
    asked(nearest(name, known).as_ref().map(AsRef::as_ref))
}

/// The same of a name that was found already.
pub(crate) fn asked(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" (did you mean {name}?)"))
}

fn is_long(name: &str) -> bool {
    name.chars().nth(LONGEST).is_some()
}

fn flat(name: &str) -> String {
    name.to_lowercase().replace(['.', '-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_taken_for_the_one_that_it_is_most_like_and_a_strange_one_for_none() {
        let known = ["cpu_ms", "wall_ms", "memory_bytes", "output_bytes", "python3", "pypy3"];
        for (name, expected) in [
            ("cpu_m", Some("cpu_ms")),
            ("wall-ms", Some("wall_ms")),
            ("MEMORY.BYTES", Some("memory_bytes")),
            ("memory_byte", Some("memory_bytes")),
            ("pyhton3", Some("python3")),
            ("python", Some("python3")),
            ("ruby", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(did_you_mean("pyton3", known), " (did you mean python3?)");
        assert_eq!(did_you_mean("cobol", known), "");
        assert_eq!(nearest("", [""; 0]), None);
        let (fits, long) = ("é".repeat(LONGEST), "é".repeat(LONGEST + 1));
        assert_eq!(nearest(&fits, [&fits]), Some(&fits));
        assert_eq!((nearest(&long, [&long]), slip_of(&long, [&long])), (None, None));
    }

    #[test]
    fn a_name_that_has_more_than_another_one_is_no_slip_of_the_pen() {
        let known = ["data", "include", "input_validators", "invalid_input"];
        for (name, expected) in [
            ("input_validator", Some("input_validators")),
            ("Input-Validators", Some("input_validators")),
            ("input_vaildators", Some("input_validators")),
            ("includes", Some("include")),
            ("data_old", None),
            ("input_validators_old", None),
            ("input_validators-2", None),
            ("input_validators_", Some("input_validators")),
            ("valid_input", None),
            ("invalid_inptu", Some("invalid_input")),
            ("unvalid_input", Some("invalid_input")),
            ("data2", None),
            ("validators", None),
        ] {
            assert_eq!(slip_of(name, known), expected, "{name}");
        }
    }
}
