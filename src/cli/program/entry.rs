//! The file of a submission that is started, as a package names it.

use crate::config::LanguageSettings;

/// The file that `entrypoint` of a package stands for. Where a language starts classes, it may be a class, whose file is
/// called like it: `a.b.Main` is in `a/b/Main.java`, in that file below another directory, or in `Main.java`.
pub(in crate::cli) fn entry_file(named: String, files: &[&str], language: Option<&LanguageSettings>) -> String {
    let Some(language) = language.filter(|language| !language.starts_a_file()) else {
        return named;
    };
    if files.contains(&named.as_str()) {
        return named;
    }
    let class = named.replace('.', "/");
    let last = class.rsplit('/').next().unwrap_or(&class);
    let below = format!("/{class}");
    let stems = || {
        files.iter().filter_map(|file| {
            let (stem, ending) = file.rsplit_once('.')?;
            language.has_extension(ending).then_some((stem, *file))
        })
    };
    let found = stems()
        .find(|(stem, _)| *stem == class)
        .or_else(|| stems().find(|(stem, _)| stem.ends_with(&below)))
        .or_else(|| stems().find(|(stem, _)| *stem == last));
    found.map_or(named, |(_, file)| file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_stands_for_the_file_that_is_called_like_it_where_a_language_starts_classes() {
        let settings = crate::config::load(None).unwrap();
        let rows: [(&str, &str, &[&str], &str); 11] = [
            ("java", "Second", &["First.java", "Second.java"], "Second.java"),
            ("java", "Second.java", &["First.java", "Second.java"], "Second.java"),
            ("java", "Second", &["First.java", "src/Second.java"], "src/Second.java"),
            ("java", "Second", &["a/Second.java", "Second.JAVA"], "Second.JAVA"),
            ("java", "a.b.Main", &["Main.java", "a/b/Main.java"], "a/b/Main.java"),
            (
                "java",
                "a.b.Main",
                &["Main.java", "src/a/b/Main.java"],
                "src/a/b/Main.java",
            ),
            ("java", "a.b.Main", &["Main.java", "src/ca/b/Main.java"], "Main.java"),
            ("java", "a.b.Main", &["b/Main.java"], "a.b.Main"),
            (
                "java",
                "Second",
                &["First.java", "Second.txt", "NotSecond.java"],
                "Second",
            ),
            ("python3", "second", &["first.py", "second.py"], "second"),
            ("unknown", "Second", &["Second.java"], "Second"),
        ];
        for (language, named, files, expected) in rows {
            let found = entry_file(named.to_owned(), files, settings.languages.get(language));
            assert_eq!(found, expected, "{named} of {files:?}");
        }
    }
}
