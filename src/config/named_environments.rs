//! Which environments the settings ask for.

use crate::config::JudgingSettings;

impl JudgingSettings {
    /// The name of every environment that a worker needs, with the setting that asks for it. Those of languages that are not
    /// offered need not be there.
    pub fn environments(&self) -> impl Iterator<Item = (String, &str)> {
        let languages = self.languages.iter().filter(|(_, language)| language.offered);
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
    use crate::config::{Settings, load};

    fn needs(settings: &Settings, name: &str) -> bool {
        let judging = settings.judging();
        judging.environments().any(|(_key, environment)| environment == name)
    }

    #[test]
    fn a_worker_needs_no_environment_of_a_language_that_is_not_offered() {
        let mut settings = load(None).unwrap();
        assert!(!needs(&settings, "java"));
        // Programs of packages are built in it.
        assert!(needs(&settings, "toolchain"));
        settings.offer_all_languages();
        assert!(needs(&settings, "java"));
    }
}
