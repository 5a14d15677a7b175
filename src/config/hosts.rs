//! URLs with several hosts, as PostgreSQL's own clients take them: `postgres://user:password@one:5432,other:5432/database`.

/// The same URL for each of its hosts.
pub fn each_host(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return vec![url.to_owned()];
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    hosts
        .split(',')
        .map(|host| format!("{scheme}://{user}{host}{path}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_that_of_each_of_its_hosts() {
        let cases: [(&str, &[&str]); 5] = [
            ("postgres://me@one/v", &["postgres://me@one/v"]),
            (
                "postgres://me:a,b@one:5433,[::1]:5434/v?x=1,2",
                &[
                    "postgres://me:a,b@one:5433/v?x=1,2",
                    "postgres://me:a,b@[::1]:5434/v?x=1,2",
                ],
            ),
            ("postgres://one,other", &["postgres://one", "postgres://other"]),
            (
                "postgres:///v?host=/run/postgresql",
                &["postgres:///v?host=/run/postgresql"],
            ),
            ("nonsense", &["nonsense"]),
        ];
        for (url, expected) in cases {
            assert_eq!(each_host(url), expected, "{url}");
        }
    }
}
