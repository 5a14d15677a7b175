//! Which environments the settings ask for.

use crate::config::JudgingSettings;

impl JudgingSettings {
    /// The name of every environment that is asked for, with the setting that does so.
    pub fn environments(&self) -> impl Iterator<Item = (String, &str)> {
        let languages = self.languages.iter();
        let toolchains = self.languages.iter().filter(|(_, language)| language.is_compiled());
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
