//! Words of the HTTP service's settings that stand for something.

use ipnet::IpNet;
use strum::VariantArray as _;

use crate::config::range_error::{RangeError, require};
use crate::config::{ANY_ORIGIN, Dialect, ServeSettings};

pub(super) fn check(serve: &ServeSettings) -> Result<(), RangeError> {
    for word in &serve.dialects {
        require(word.parse::<Dialect>().is_ok(), "serve.dialects", || {
            let known: Vec<&str> = Dialect::VARIANTS.iter().map(|dialect| dialect.name()).collect();
            format!("{word:?} is not spoken here; the dialects are {}", known.join(", "))
        })?;
    }
    for network in &serve.callback_networks {
        require(network.parse::<IpNet>().is_ok(), "serve.callback_networks", || {
            format!("{network:?} is no network; write it as \"10.0.0.0/8\" or \"fd00::/8\"")
        })?;
    }
    check_origins(&serve.cors_origins, serve.has_tokens())
}

/// What a browser sends is compared byte by byte, so what it never sends would let no page in without a word.
fn check_origins(origins: &[String], has_tokens: bool) -> Result<(), RangeError> {
    if origins.iter().any(|origin| origin == ANY_ORIGIN) {
        require(origins.len() == 1, "serve.cors_origins", || {
            format!("{ANY_ORIGIN:?} stands for all origins, and alone; remove the others")
        })?;
        return require(has_tokens, "serve.cors_origins", || {
            format!(
                "{ANY_ORIGIN:?} lets every page call a service that asks for no token; set serve.token_file, or name \
                 the origins"
            )
        });
    }
    origins.iter().try_for_each(|origin| {
        require(is_origin(origin), "serve.cors_origins", || {
            format!(
                "{origin:?} is no origin as browsers send it; write it as \"https://judge.example\", in lower case, with \
                 a port only where it is not the usual one, and without a slash behind it"
            )
        })
    })
}

/// Whether it may be the origin of a page: a scheme and a host, and a port that is not that of the scheme.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else {
        return false;
    };
    let usual_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_address = name.starts_with('[') && name.ends_with(']');
    let is_of_a_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    let is_of_an_address = |byte: u8| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase() || b"[:]".contains(&byte);
    !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && !name.is_empty()
        && name.bytes().all(|byte| {
            if is_address {
                is_of_an_address(byte)
            } else {
                is_of_a_name(byte)
            }
        })
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
        && (usual_port.is_empty() || !host.ends_with(usual_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(origins: &[&str], has_tokens: bool) -> bool {
        let origins: Vec<String> = origins.iter().map(|&origin| origin.to_owned()).collect();
        check_origins(&origins, has_tokens).is_ok()
    }

    #[test]
    fn an_origin_is_what_browsers_send() {
        for right in [
            "https://judge.example",
            "http://localhost:5173",
            "http://127.0.0.1",
            "http://[::1]",
            "http://[::1]:8080",
            "chrome-extension://abcdef",
        ] {
            assert!(checked(&[right], false), "{right}");
        }
        for wrong in [
            "",
            "null",
            "judge.example",
            "https://",
            "https://judge.example/",
            "https://judge.example:443",
            "http://judge.example:80",
            "https://judge.example:x",
            "https://Judge.example",
            "https://*.example",
            "https://a:b@judge.example",
            "https://judge.example\r\n",
        ] {
            assert!(!checked(&[wrong], true), "{wrong}");
        }
    }

    #[test]
    fn all_origins_are_let_in_by_themselves_and_only_where_there_are_tokens() {
        assert!(checked(&["*"], true));
        assert!(!checked(&["*"], false));
        assert!(!checked(&["*", "https://judge.example"], true));
        assert!(checked(&[], false));
    }
}
