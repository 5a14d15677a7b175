//! Reading the flags.

use assize::checker::{FlagError, StandardFlags};

use crate::default_validator::words;

#[test]
fn flags_are_read_as_the_format_writes_them() {
    let tolerances = |absolute, relative| StandardFlags {
        absolute_tolerance: absolute,
        relative_tolerance: relative,
        ..StandardFlags::default()
    };
    let both = StandardFlags {
        case_sensitive: true,
        space_change_sensitive: true,
        ..StandardFlags::default()
    };
    for (flags, expected) in [
        ("", StandardFlags::default()),
        ("space_change_sensitive case_sensitive case_sensitive", both),
        ("float_tolerance 1e-6", tolerances(Some(1e-6), Some(1e-6))),
        ("float_absolute_tolerance 0", tolerances(Some(0.0), None)),
        (
            "float_relative_tolerance .5 float_absolute_tolerance 1E1",
            tolerances(Some(10.0), Some(0.5)),
        ),
    ] {
        assert_eq!(StandardFlags::parse(&words(flags)), Ok(expected), "{flags}");
        assert_eq!(StandardFlags::parse_legacy(&words(flags)), Ok(expected), "{flags}");
    }
}

#[test]
fn flags_that_mean_nothing_are_refused_by_name() {
    let bad = |flag: &str, value: &str| FlagError::BadValue {
        flag: flag.to_owned(),
        value: value.to_owned(),
    };
    for (flags, expected) in [
        (
            "case-sensitive",
            FlagError::Unknown {
                flag: "case-sensitive".to_owned(),
            },
        ),
        (
            "case_sensitive 1e-6",
            FlagError::Unknown {
                flag: "1e-6".to_owned(),
            },
        ),
        (
            "float_tolerance",
            FlagError::MissingValue {
                flag: "float_tolerance".to_owned(),
            },
        ),
        ("float_tolerance -1", bad("float_tolerance", "-1")),
        ("float_tolerance nan", bad("float_tolerance", "nan")),
        ("float_relative_tolerance inf", bad("float_relative_tolerance", "inf")),
        (
            "float_relative_tolerance 1e999",
            bad("float_relative_tolerance", "1e999"),
        ),
        (
            "float_absolute_tolerance 0x1p-3",
            bad("float_absolute_tolerance", "0x1p-3"),
        ),
        (
            "float_absolute_tolerance case_sensitive",
            bad("float_absolute_tolerance", "case_sensitive"),
        ),
    ] {
        assert_eq!(StandardFlags::parse(&words(flags)), Err(expected.clone()), "{flags}");
        assert_eq!(StandardFlags::parse_legacy(&words(flags)), Err(expected), "{flags}");
    }
}

#[test]
fn a_tolerance_set_twice_is_refused_but_in_legacy_packages_the_last_one_holds() {
    for (flags, second, legacy) in [
        (
            "float_tolerance 1 float_tolerance 2",
            "float_tolerance",
            (Some(2.0), Some(2.0)),
        ),
        (
            "float_tolerance 1 float_absolute_tolerance 2",
            "float_absolute_tolerance",
            (Some(2.0), Some(1.0)),
        ),
        (
            "float_relative_tolerance 1 float_tolerance 2",
            "float_tolerance",
            (Some(2.0), Some(2.0)),
        ),
    ] {
        let refused = StandardFlags::parse(&words(flags));
        assert_eq!(
            refused,
            Err(FlagError::Repeated {
                flag: second.to_owned()
            }),
            "{flags}"
        );
        let read = StandardFlags::parse_legacy(&words(flags)).unwrap();
        assert_eq!((read.absolute_tolerance, read.relative_tolerance), legacy, "{flags}");
    }
}
