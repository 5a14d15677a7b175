//! What the image says about the environment in it: the versions of Python, numpy and the like.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};

use assize_protocol::{Component, FaultStage, MAX_COMPONENT_TEXT, MAX_COMPONENTS};

use crate::stop::Stop;

/// Written when the image is built: one JSON object of names and versions, such as `{"python": "3.13.5"}`.
const FILE: &str = "/usr/lib/assize/environment.json";

/// Larger than every file that the limits of the protocol allow, in bytes.
const FILE_AT_MOST: u64 = 32 << 10;

/// The components of the environment by name; none where the image does not say.
pub(crate) fn read_environment() -> Result<Vec<Component>, Stop> {
    let mut text = Vec::new();
    match File::open(FILE).and_then(|file| file.take(FILE_AT_MOST).read_to_end(&mut text)) {
        Ok(_) => parse(&text).map_err(|reason| failed(&reason)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(&error.to_string())),
    }
}

fn parse(text: &[u8]) -> Result<Vec<Component>, String> {
    let versions: BTreeMap<String, String> = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if versions.len() > MAX_COMPONENTS {
        return Err(format!("it names more than {MAX_COMPONENTS} components"));
    }
    versions.into_iter().map(component).collect()
}

fn component((name, version): (String, String)) -> Result<Component, String> {
    if name.len().max(version.len()) > MAX_COMPONENT_TEXT {
        return Err(format!(
            "{name} and its version are longer than {MAX_COMPONENT_TEXT} bytes"
        ));
    }
    Ok(Component { name, version })
}

fn failed(reason: &str) -> Stop {
    Stop::fault(
        FaultStage::Harden,
        format!("cannot use {FILE} of the image: {reason}; rebuild the image"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_by_name_and_a_file_beyond_the_limits_is_refused() {
        let read = parse(br#"{"python": "3.13.5", "numpy": "2.2.4"}"#).unwrap();
        let read: Vec<_> = read.iter().map(|part| (&*part.name, &*part.version)).collect();
        assert_eq!(read, [("numpy", "2.2.4"), ("python", "3.13.5")]);
        let many: BTreeMap<_, _> = (0..=MAX_COMPONENTS).map(|at| (at.to_string(), "1")).collect();
        let long = BTreeMap::from([("python", "3".repeat(MAX_COMPONENT_TEXT + 1))]);
        for wrong in [serde_json::to_vec(&many), serde_json::to_vec(&long), Ok(b"[]".to_vec())] {
            assert!(parse(&wrong.unwrap()).is_err());
        }
    }
}
