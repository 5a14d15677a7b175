//! Which environments the settings ask for.

use crate::config::{JudgingSettings, LanguageSettings};

impl JudgingSettings {
    /// The name of every environment that is asked for, with the setting that does so.
    pub fn environments(&self) -> impl Iterator<Item = (String, &str)> {
        self.environments_with(|_language| true)
    }

    /// The same without those that only languages ask for in which a worker takes no submissions: an image of them need not be
    /// there.
    pub fn environments_of_workers(&self) -> impl Iterator<Item = (String, &str)> {
        self.environments_with(|language| language.offered)
    }

    fn environments_with(&self, is_taken: fn(&LanguageSettings) -> bool) -> impl Iterator<Item = (String, &str)> {
        let languages = self.languages.iter().filter(move |(_, language)| is_taken(language));
        let toolchains = languages.clone().filter(|(_, language)| language.is_compiled());
        let toolchains =
            toolchains.map(|(name, language)| (format!("languages.{name}.toolchain"), &language.toolchain));
        let languages =
            languages.map(|(name, language)| (format!("languages.{name}.environment"), &language.environment));
        let validators = [
            ("validators.environment", &self.validators.environment),
            ("validators.toolchain", &self.validators.toolchain),
            ("validators.pytest", &self.validators.pytest),
        ];
        let validators = validators.map(|(key, environment)| (key.to_owned(), environment));
        let with_libraries = self
            .environments
            .iter()
            .filter(|(_, settings)| settings.takes_the_place_of(&settings.base));
        let with_libraries = with_libraries.map(|(name, _)| (format!("environments.{name}"), name));
        languages
            .chain(toolchains)
            .chain(validators)
            .chain(with_libraries)
            .map(|(key, environment)| (key, environment.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_worker_needs_no_environment_of_a_language_that_is_not_offered() {
        let mut settings = crate::config::load(None).unwrap();
        let needs = |settings: &crate::config::Settings, name: &str| {
            settings.judging().environments_of_workers().any(|(_key, environment)| environment == name)
        };
        assert!(settings.judging().environments().any(|(_key, environment)| environment == "java"));
        assert!(!needs(&settings, "java"));
        // Programs of packages are built in it.
        assert!(needs(&settings, "toolchain"));
        settings.offer_all_languages();
        assert!(needs(&settings, "java"));
    }
}
