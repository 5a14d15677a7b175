//! Tokens of sites, in a file: only their SHA-256 is kept. A line is `NAME SHA256 SCOPE,SCOPE QUOTA=NUMBER ...`.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use strum::{EnumString, IntoStaticStr, VariantArray};
use thiserror::Error;
use uuid::Uuid;

use crate::config::{Quota, Quotas};
use crate::gateway::sites::random_text::{is_random_text, random_text};

/// With what every token begins, so that one that is left lying about is found.
const PREFIX: &str = "assize_";

/// Longest name of a site.
const LONGEST_NAME: usize = 64;

/// What a site may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Scope {
    /// Run programs.
    Run,
    /// Hand in submissions, and cancel its own.
    Submit,
    /// Read its own submissions, and what there is.
    Read,
    /// Read submissions of all sites, and cancel them.
    ReadAll,
    /// Put packages of problems.
    Problems,
    /// Everything.
    Admin,
}

impl Scope {
    /// The name in the file and on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// The site.
    pub name: String,
    /// SHA-256 of the token.
    pub digest: [u8; 32],
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// How much of it the site may use, where the settings do not hold. 0: any number.
    pub quotas: BTreeMap<Quota, u32>,
}

impl TokenRecord {
    /// Its own quotas, and for the rest these.
    pub(super) fn quotas_over(&self, settings: Quotas) -> Quotas {
        let own = self.quotas.iter();
        own.fold(settings, |quotas, (quota, number)| quotas.with(*quota, *number))
    }
}

/// A quota as it is written on the line of a token: `max_in_flight=20`.
///
/// # Errors
/// With what is wrong, for people.
pub fn read_quota(text: &str) -> Result<(Quota, u32), String> {
    let known = || Quota::VARIANTS.iter().map(|quota| quota.name()).collect::<Vec<_>>();
    let (name, number) = text.split_once('=').unwrap_or((text, ""));
    let quota: Quota = name
        .parse()
        .map_err(|_unknown| format!("there is no quota {name:?}; the quotas are {}", known().join(", ")))?;
    let most = quota.most();
    let number = number.parse().ok().filter(|number| *number <= most);
    let number = number.ok_or_else(|| format!("{text:?} is no quota; write {name}=NUMBER, from 0 (any) to {most}"))?;
    Ok((quota, number))
}

/// A token that was just made. It is shown once.
#[derive(Debug)]
pub struct NewToken {
    /// What the site sends.
    pub secret: String,
    /// What is kept.
    pub record: TokenRecord,
}

/// A file of tokens that cannot be used.
#[derive(Debug, Error)]
pub enum TokenFileError {
    /// It cannot be read or written.
    #[error("cannot use the token file {}: {source}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is none.
    #[error("{}:{line}: {reason}; assize token writes such lines", path.display())]
    Line {
        /// Its path.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A name that is none, or is taken.
    #[error("{0}")]
    Name(String),
}

/// SHA-256 of a token.
pub(in crate::gateway) fn digest_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether it has the form of a token.
pub(in crate::gateway) fn is_token(secret: &str) -> bool {
    secret.strip_prefix(PREFIX).is_some_and(is_random_text)
}

/// The tokens of a file. One that does not exist has none.
///
/// # Errors
/// When it cannot be read, with the line that is wrong.
pub fn read_tokens(path: &Path) -> Result<Vec<TokenRecord>, TokenFileError> {
    records_of(path, &read_text(path)?)
}

/// What is in the file; nothing where there is none.
fn read_text(path: &Path) -> Result<String, TokenFileError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| file_error(path, source)),
    }
}

fn records_of(path: &Path, text: &str) -> Result<Vec<TokenRecord>, TokenFileError> {
    let lines = text.lines().enumerate().filter(|(_index, line)| is_record(line));
    lines
        .map(|(index, line)| {
            record_of(line).map_err(|reason| TokenFileError::Line {
                path: path.to_owned(),
                line: index + 1,
                reason,
            })
        })
        .collect()
}

/// Neither a comment nor empty.
fn is_record(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

fn record_of(line: &str) -> Result<TokenRecord, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name, digest, scopes, quotas @ ..] = &words[..] else {
        return Err("expected NAME SHA256 SCOPE,SCOPE, and perhaps QUOTA=NUMBER".to_owned());
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(digest, &mut bytes).map_err(|error| format!("the SHA-256 is none: {error}"))?;
    let scope = |word: &str| {
        word.parse::<Scope>()
            .map_err(|_unknown| format!("there is no scope {word:?}"))
    };
    Ok(TokenRecord {
        name: (*name).to_owned(),
        digest: bytes,
        scopes: scopes.split(',').map(scope).collect::<Result<_, _>>()?,
        quotas: quotas.iter().map(|text| read_quota(text)).collect::<Result<_, _>>()?,
    })
}

/// Makes a token for a site, and adds it to the file.
///
/// # Errors
/// When the name is none or is taken, or the file cannot be used.
pub fn new_token(
    path: &Path,
    name: &str,
    scopes: Vec<Scope>,
    quotas: BTreeMap<Quota, u32>,
) -> Result<NewToken, TokenFileError> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_word) {
        let reason = format!("{name:?} is no name of a site: letters, digits, -, _ and . are, at most {LONGEST_NAME}");
        return Err(TokenFileError::Name(reason));
    }
    let mut text = read_text(path)?;
    if records_of(path, &text)?.iter().any(|record| record.name == name) {
        let reason = format!("there is a token of {name} already; revoke it first, or take another name");
        return Err(TokenFileError::Name(reason));
    }
    let secret = format!("{PREFIX}{}", random_text());
    let record = TokenRecord {
        name: name.to_owned(),
        digest: digest_of(&secret),
        scopes,
        quotas,
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text += &line_of(&record);
    write(path, &text)?;
    Ok(NewToken { secret, record })
}

/// Takes the token of a site out of the file; whether there was one.
///
/// # Errors
/// When the file cannot be used.
pub fn revoke(path: &Path, name: &str) -> Result<bool, TokenFileError> {
    let text = read_text(path)?;
    if !records_of(path, &text)?.iter().any(|record| record.name == name) {
        return Ok(false);
    }
    let is_its = |line: &&str| is_record(line) && line.split_whitespace().next() == Some(name);
    let kept = text.split_inclusive('\n').filter(|line| !is_its(line));
    write(path, &kept.collect::<String>())?;
    Ok(true)
}

/// Beside the file, then in its place, so that no reader meets half of it. Who may read the old file may read the new.
fn write(path: &Path, text: &str) -> Result<(), TokenFileError> {
    let beside = path.with_extension(format!("{}.new", Uuid::new_v4().simple()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| {
            take_over_rights(path, &file)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // Left over at worst, and readable by those who could read the file.
        let _gone = fs::remove_file(&beside);
    }
    written.map_err(|source| file_error(path, source))
}

/// Owner, group and mode of the file that is replaced, if there is one: a service of another user goes on reading it.
fn take_over_rights(path: &Path, file: &File) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        old => old?,
    };
    let new = file.metadata()?;
    let changed = |old: u32, new: u32| (old != new).then_some(old);
    let (owner, group) = (changed(old.uid(), new.uid()), changed(old.gid(), new.gid()));
    if owner.is_some() || group.is_some() {
        fchown(file, owner, group)?;
    }
    file.set_permissions(Permissions::from_mode(old.mode() & 0o777))
}

fn line_of(record: &TokenRecord) -> String {
    let scopes: Vec<&str> = record.scopes.iter().map(|scope| scope.name()).collect();
    let mut words = vec![record.name.clone(), hex::encode(record.digest), scopes.join(",")];
    let quotas = record.quotas.iter();
    words.extend(quotas.map(|(quota, number)| format!("{}={number}", quota.name())));
    words.join(" ") + "\n"
}

fn file_error(path: &Path, source: io::Error) -> TokenFileError {
    TokenFileError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_digest_until_it_is_revoked() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tokens");
        assert!(read_tokens(&path).unwrap().is_empty());
        let none = BTreeMap::new;
        let quotas = BTreeMap::from([(Quota::MaxInFlight, 20), (Quota::CpuSecondsPerHour, 0)]);
        let first = new_token(&path, "course", vec![Scope::Run, Scope::ReadAll], none()).unwrap();
        let second = new_token(&path, "contest", vec![Scope::Admin], quotas).unwrap();
        assert_ne!(first.secret, second.secret);
        assert_eq!(first.secret.len(), PREFIX.len() + 43, "256 bits");
        assert_eq!(digest_of(&first.secret), first.record.digest);
        assert!(!fs::read_to_string(&path).unwrap().contains(&first.secret));
        assert_eq!(read_tokens(&path).unwrap(), [first.record, second.record.clone()]);
        for wrong in ["course", "", "a b", "a\nb", "x/y"] {
            assert!(new_token(&path, wrong, vec![Scope::Run], none()).is_err(), "{wrong:?}");
        }
        assert!(revoke(&path, "course").unwrap() && !revoke(&path, "course").unwrap());
        assert_eq!(read_tokens(&path).unwrap(), [second.record]);
    }

    #[test]
    fn what_the_file_allows_and_its_comments_stay_when_it_is_written_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tokens");
        new_token(&path, "course", vec![Scope::Run], BTreeMap::new()).unwrap();
        let rights = |path: &Path| {
            let found = fs::metadata(path).unwrap();
            (found.uid(), found.gid(), found.mode() & 0o777)
        };
        assert_eq!(rights(&path).2, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("# of the faculty\n{text}\n# course is below")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        // Only root can give a file away, as it does for the user of a service.
        let file = File::open(&path).unwrap();
        let _refused = fchown(&file, Some(12), Some(34));
        let before = rights(&path);
        new_token(&path, "contest", vec![Scope::Run], BTreeMap::new()).unwrap();
        assert_eq!(rights(&path), before);
        assert!(revoke(&path, "course").unwrap() && revoke(&path, "contest").unwrap());
        assert_eq!(rights(&path), before);
        let left = fs::read_to_string(&path).unwrap();
        assert_eq!(left, "# of the faculty\n\n# course is below\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tokens");
        let digest = "0".repeat(64);
        for (line, expected) in [
            ("course", "expected NAME SHA256"),
            ("course 00 run", "the SHA-256 is none"),
            (&format!("course {digest} fly"), "no scope \"fly\""),
            (
                &format!("course {digest} run fly=1"),
                "no quota \"fly\"; the quotas are requests_per_second, ",
            ),
            (
                &format!("course {digest} run max_in_flight=2 submissions_per_second=often"),
                "write submissions_per_second=NUMBER, from 0 (any) to 1000000",
            ),
            (
                &format!("course {digest} run max_in_flight"),
                "write max_in_flight=NUMBER",
            ),
        ] {
            fs::write(&path, format!("# a comment\n{line}\n")).unwrap();
            let error = read_tokens(&path).unwrap_err().to_string();
            assert!(error.contains(":2: ") && error.contains(expected), "{error}");
        }
    }
}
