//! Signatures of callbacks: HMAC-SHA256 over id, time and body, with a secret of the site.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::webhook::WebhookError;

/// With what every secret begins.
const PREFIX: &str = "whsec_";

/// A shorter key can be guessed, in bytes.
const SHORTEST_KEY: usize = 32;

/// Block of SHA-256, in bytes: the longest key that HMAC takes as it is.
const BLOCK: usize = 64;

/// From which the secrets of all sites follow, so that services with the same key sign in the same way.
#[derive(Clone)]
pub struct CallbackKey([u8; 32]);

/// With what callbacks of one site are signed.
#[derive(Clone)]
pub struct SiteSecret(Vec<u8>);

impl std::fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CallbackKey")
    }
}

impl std::fmt::Debug for SiteSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SiteSecret")
    }
}

impl CallbackKey {
    /// Reads the file of `serve.callback_key_file`.
    ///
    /// # Errors
    /// When it cannot be read, or is too short to be a secret.
    pub fn read(path: &Path) -> Result<Self, WebhookError> {
        let key = std::fs::read(path).map_err(|source| WebhookError::KeyFile {
            path: path.to_owned(),
            source,
        })?;
        let key = key.trim_ascii();
        if key.len() < SHORTEST_KEY {
            return Err(WebhookError::ShortKey {
                path: path.to_owned(),
                least: SHORTEST_KEY,
            });
        }
        Ok(Self(Sha256::digest(key).into()))
    }

    /// The secret of a site.
    pub fn secret_of(&self, site: &str) -> SiteSecret {
        SiteSecret(hmac(&self.0, &[b"assize webhook secret\n", site.as_bytes()]))
    }
}

impl SiteSecret {
    /// As sites keep it: `whsec_` and base64.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{id}.{timestamp}.");
        format!("v1,{}", STANDARD.encode(hmac(&self.0, &[head.as_bytes(), body])))
    }
}

/// HMAC-SHA256 with a key of at most a block, which HMAC fills up with zeros.
fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut block = [0; BLOCK];
    let length = key.len().min(BLOCK);
    block[..length].copy_from_slice(&key[..length]);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_it_says() {
        let secret = SiteSecret(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        let body = br#"{"test": 2432232314}"#;
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn each_site_has_a_secret_of_its_own_that_follows_from_the_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            CallbackKey::read(&path)
        };
        let secret = |text: &str, site: &str| read(text).unwrap().secret_of(site).text();
        let (one, other) = ("1".repeat(32), "2".repeat(32));
        assert_eq!(secret(&one, "a"), secret(&format!("{one}\n"), "a"));
        assert_ne!(secret(&one, "a"), secret(&one, "b"));
        assert_ne!(secret(&one, "a"), secret(&other, "a"));
        let error = read("short").unwrap_err().to_string();
        assert!(error.contains("at least 32 bytes"), "{error}");
        assert!(!format!("{:?}", read(&one).unwrap()).contains('1'));
    }
}
