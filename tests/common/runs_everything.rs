//! Whether the whole run is wanted, and not the one that takes a minute or two.

pub(crate) fn runs_everything() -> bool {
    std::env::var("ASSIZE_TEST").is_ok_and(|wanted| wanted == "all")
}
