//! What holds for a migration that takes something away.

use super::rule::{NO_TRANSACTION, parsed};

/// Outside of a transaction, what was done may not be noted: it is done once more then, and again does not fail. What cannot
/// be parsed is looked at word by word.
pub(super) fn check_contraction(sql: &str) -> Result<(), String> {
    if !sql.starts_with(NO_TRANSACTION) {
        return Ok(());
    }
    if parsed(sql).is_ok_and(|statements| statements.len() != 1) {
        return Err("several statements are a transaction: what is outside of one is one statement".to_owned());
    }
    let words = words(sql);
    for (place, word) in words.iter().enumerate() {
        if word == "DROP" && !is_repeatable(&words[place + 1..]) {
            return Err("it may be done and not be noted, since no transaction holds both; IF EXISTS".to_owned());
        }
    }
    Ok(())
}

fn words(sql: &str) -> Vec<String> {
    let code = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join(" ").to_uppercase();
    let words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a `DROP` before these words can be done twice.
fn is_repeatable(after: &[String]) -> bool {
    let of_this_one = after.iter().take(5).map(String::as_str);
    let after: Vec<_> = of_this_one.take_while(|word| *word != "DROP").collect();
    let is_of_a_column = matches!(after.as_slice(), ["NOT", "NULL", ..] | ["DEFAULT", ..]);
    is_of_a_column || after.windows(2).any(|pair| pair == ["IF", "EXISTS"])
}

#[test]
fn what_is_taken_away_outside_of_a_transaction_can_be_taken_away_again() {
    for (sql, expected) in [
        ("DROP INDEX verdicts_by_time; DROP TABLE notes", true),
        ("DO $$ BEGIN DROP TABLE notes; END $$", true),
        ("-- no-transaction\nDROP INDEX CONCURRENTLY verdicts_by_time", false),
        (
            "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS verdicts_by_time",
            true,
        ),
        ("-- no-transaction\ndrop index concurrently if exists a;", true),
        ("-- no-transaction\nDROP INDEX CONCURRENTLY a -- IF EXISTS", false),
        (
            "-- no-transaction\nDROP TABLE IF EXISTS a; DROP TABLE IF EXISTS b",
            false,
        ),
        (
            "-- no-transaction\nALTER TABLE a DROP COLUMN IF EXISTS b, DROP COLUMN c",
            false,
        ),
        ("-- no-transaction\nALTER TABLE a DROP b, DROP IF EXISTS c", false),
        ("-- no-transaction\nALTER TABLE IF EXISTS a DROP COLUMN b", false),
        ("-- no-transaction\nALTER TABLE a ALTER COLUMN b DROP NOT NULL", true),
        ("-- no-transaction\nDO $$ BEGIN DROP TABLE notes; END $$", false),
        (
            "-- no-transaction\nDO $$ BEGIN DROP TABLE IF EXISTS notes; END $$",
            true,
        ),
    ] {
        assert_eq!(check_contraction(sql).is_ok(), expected, "{sql}");
    }
}
