//! TLS of this process: which library does its cryptography, which authorities are trusted beside the public ones, and why
//! the certificate of a server is not.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, RootCertStore};
use thiserror::Error;

/// Makes ring what TLS of this process uses. To be called before an HTTP client is made, by the code that makes it: without
/// a provider, `reqwest` panics. Another provider that the process has already stays. A second library would be a minute
/// more to build, and rustls refuses to choose between two.
pub fn install_provider() {
    // An error says that there is one already.
    let _installed = default_provider().install_default();
}

/// A file that does not hold certificates of authorities.
#[derive(Debug, Error)]
pub enum AuthorityError {
    /// It cannot be read.
    #[error("{setting} names {}, which cannot be read: {source}", path.display())]
    Unreadable {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It holds something else.
    #[error("{setting} names {}, which holds {found}; write the certificate of the authority into it, as PEM", path.display())]
    NoAuthority {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is in it.
        found: String,
    },
}

/// Reads the certificates, in PEM, of authorities that are trusted beside the public ones.
///
/// # Errors
/// When the file cannot be read, holds none, or one that cannot be used.
pub fn authorities(setting: &'static str, path: &Path) -> Result<String, AuthorityError> {
    let text = std::fs::read_to_string(path).map_err(|source| AuthorityError::Unreadable {
        setting,
        path: path.to_owned(),
        source,
    })?;
    match problem_of(&text) {
        None => Ok(text),
        Some(found) => Err(AuthorityError::NoAuthority {
            setting,
            path: path.to_owned(),
            found,
        }),
    }
}

fn problem_of(text: &str) -> Option<String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        if let Err(error) = added {
            return Some(format!("a certificate that cannot be used ({error})"));
        }
    }
    roots.is_empty().then(|| "no certificate".to_owned())
}

/// Why the certificate of a server was refused, where that is what led to this error, and what to do; `setting` names the
/// authorities that are trusted.
pub fn mistrust(error: &(dyn Error + 'static), setting: &str) -> Option<String> {
    let rustls::Error::InvalidCertificate(refused) = cause(error)? else {
        return None;
    };
    Some(match refused {
        // The latter is one of another authority of the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => format!(
            "its certificate comes from no authority that is trusted here; name the file with that authority's own \
             certificate in {setting}"
        ),
        CertificateError::NotValidForNameContext { expected, presented } => format!(
            "its certificate is not for {}, but for {}; write the name that it is for into the URL",
            expected.to_str(),
            presented.join(", ")
        ),
        other => format!("its certificate is refused: {other}"),
    })
}

/// The error of rustls behind another one. An error of input or output names what is in it as no source.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_an_authority_is_told_with_its_setting() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ca.pem");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let unfinished = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        for (text, said) in [
            ("", "holds no certificate"),
            ("certificate", "holds no certificate"),
            (broken, "holds a certificate that cannot be used"),
            (unfinished, "holds a certificate that cannot be used"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = authorities("broker.ca_file", &file).unwrap_err().to_string();
            assert!(
                error.contains("broker.ca_file names") && error.contains(said),
                "{error}"
            );
        }
        let missing = authorities("store.ca_file", &directory.path().join("none")).unwrap_err();
        assert!(missing.to_string().contains("cannot be read"), "{missing}");
    }

    #[test]
    fn a_refused_certificate_is_found_behind_errors_of_clients() {
        let of = |refused| io::Error::new(io::ErrorKind::InvalidData, rustls::Error::InvalidCertificate(refused));
        let unknown = mistrust(&of(CertificateError::UnknownIssuer), "broker.ca_file").unwrap();
        assert!(
            unknown.contains("no authority") && unknown.contains("broker.ca_file"),
            "{unknown}"
        );
        let client = io::Error::other(of(CertificateError::Expired));
        assert!(mistrust(&client, "broker.ca_file").is_some());
        assert!(mistrust(&io::Error::from(io::ErrorKind::ConnectionRefused), "broker.ca_file").is_none());
    }
}
