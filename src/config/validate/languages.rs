//! Languages: what they start, and which files they take.

use crate::config::range_error::{RangeError, require};
use crate::config::validate::names::not_empty;
use crate::config::{LanguageSettings, Settings, Startup};

/// What a command of a language may name in braces.
const PLACEHOLDERS: [&str; 4] = ["{sources}", "{entry}", "{program}", "{memory_bytes}"];

/// Greatest factor of time limits.
const MOST_TIME: f64 = 1000.0;

pub(super) fn check(settings: &Settings) -> Result<(), RangeError> {
    let languages = &mut settings.languages.iter();
    languages.try_for_each(|(name, language)| check_language(name, language))
}

fn check_language(name: &str, language: &LanguageSettings) -> Result<(), RangeError> {
    let key = |part: &str| format!("languages.{name}.{part}");
    require(
        language.run.first().is_some_and(|word| !word.is_empty()),
        &key("run"),
        || "it names no program".to_owned(),
    )?;
    let factor = language.time_multiplier;
    require(factor > 0.0 && factor <= MOST_TIME, &key("time_multiplier"), || {
        format!("it is {factor}, and must be above 0 and at most {MOST_TIME}")
    })?;
    for (part, words) in [("compile", &language.compile), ("run", &language.run)] {
        let unknown = words.iter().find(|word| is_unknown_placeholder(word));
        require(unknown.is_none(), &key(part), || {
            let unknown = unknown.map_or("", String::as_str);
            format!(
                "{unknown} stands for nothing; it may hold {}, the first as a word of its own",
                PLACEHOLDERS.join(", ")
            )
        })?;
    }
    files(language, &key)?;
    compiling(language, &key)?;
    starting(language, &key)
}

fn files(language: &LanguageSettings, key: &impl Fn(&str) -> String) -> Result<(), RangeError> {
    not_empty(&language.environment, &key("environment"))?;
    not_empty(&language.entry_point, &key("entry_point"))?;
    require(!language.extensions.is_empty(), &key("extensions"), || {
        "it is empty, so that no file would be a source file".to_owned()
    })?;
    let is_wrong = |extension: &&String| {
        let text = extension.as_str();
        text.is_empty() || text.starts_with('.') || text.contains('/')
    };
    let wrong = language.extensions.iter().find(is_wrong);
    require(wrong.is_none(), &key("extensions"), || {
        let wrong = wrong.map_or("", String::as_str);
        format!("{wrong:?} is no extension; write it without a dot, such as \"py\"")
    })?;
    let entry = &language.entry_point;
    let is_plain = !entry.split('/').any(|part| matches!(part, "" | "." | ".."));
    require(is_plain, &key("entry_point"), || {
        format!("{entry:?} is no file of a submission; write it as \"main.py\"")
    })
}

/// A program is made where there is a toolchain, and nowhere else.
fn compiling(language: &LanguageSettings, key: &impl Fn(&str) -> String) -> Result<(), RangeError> {
    for (part, words) in [("compile", &language.compile), ("run", &language.run)] {
        let names_program = words.iter().any(|word| word.contains("{program}"));
        require(names_program == language.is_compiled(), &key(part), || {
            if names_program {
                "it names {program}, which needs an environment that makes it; name it in toolchain".to_owned()
            } else {
                "it does not name {program}, which toolchain is there to make".to_owned()
            }
        })?;
    }
    let forks = language.startup == Startup::Fork;
    require(!(language.is_compiled() && forks), &key("startup"), || {
        "it is \"fork\", and only an interpreter can be forked; set startup = \"exec\", or leave toolchain empty"
            .to_owned()
    })
}

fn starting(language: &LanguageSettings, key: &impl Fn(&str) -> String) -> Result<(), RangeError> {
    let codes = &language.compile_error_codes;
    let wrong = codes.iter().find(|code| !(1..=255).contains(*code));
    require(wrong.is_none(), &key("compile_error_codes"), || {
        format!(
            "{} is no exit code of a failure; they are from 1 to 255",
            wrong.unwrap_or(&0)
        )
    })?;
    let is_variable = |text: &&String| text.split_once('=').is_some_and(|(name, _value)| !name.is_empty());
    let wrong = language.env.iter().find(|text| !is_variable(text));
    require(wrong.is_none(), &key("env"), || {
        format!(
            "{:?} is no variable; write it as NAME=value",
            wrong.map_or("", String::as_str)
        )
    })?;
    let has_zygote = language.startup == Startup::Exec || !language.zygote.trim().is_empty();
    require(has_zygote, &key("zygote"), || {
        "it is empty, and startup = \"fork\" needs one; name it, or set startup = \"exec\"".to_owned()
    })
}

/// A word that is a name in braces, as only placeholders are, and stands for nothing. Braces inside of other words are the
/// command's own, but for `{sources}`, which stands for several words, and for a placeholder that is misspelt.
fn is_unknown_placeholder(word: &str) -> bool {
    if PLACEHOLDERS.contains(&word) {
        return false;
    }
    let name = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
    name.is_some_and(is_name) || word.contains("{sources}") || names_in_braces(word).any(is_misspelt)
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `entry` of `--main={entry}`.
fn names_in_braces(word: &str) -> impl Iterator<Item = &str> {
    let behind_braces = word.split('{').skip(1);
    behind_braces.filter_map(|rest| rest.split_once('}').map(|(name, _behind)| name))
}

fn is_misspelt(name: &str) -> bool {
    let known = PLACEHOLDERS.map(|placeholder| placeholder.trim_matches(['{', '}']));
    let is_one_letter_off = |known: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), known) <= 1;
    !known.contains(&name) && known.iter().any(is_one_letter_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_a_command_s_own_are_left_alone() {
        for word in [
            "{source}",
            "{source1}",
            "{}",
            "{Entry}",
            "-c{sources}",
            "--main={entri}",
            "-o{Program}",
            "-o={programm}",
            "-m{memory_byte}",
        ] {
            assert!(is_unknown_placeholder(word), "{word}");
        }
        for word in [
            "{sources}",
            "{entry}",
            "{program}",
            "--main={entry}",
            "-o{program}.out",
            "{memory_bytes}",
            "-m{memory_bytes}",
            "BEGIN{print}",
            "x{try}",
            "-I{}x",
            "{1..3}",
            "x{y",
        ] {
            assert!(!is_unknown_placeholder(word), "{word}");
        }
    }
}
