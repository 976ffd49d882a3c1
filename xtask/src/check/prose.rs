//! Checks names and prose for words that are not technical American English: metaphors, archaic
//! words and British spellings.

use crate::process::capture;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fs;
use std::process::Command;

/// Words that are banned in identifiers and prose, in lower case; identifiers are split into their
/// words.
const WORDS: &[&str] = &[
    // Metaphors.
    "errand",
    "errands",
    "hurry",
    "hurries",
    "knock",
    "knocked",
    "blame",
    "blamed",
    "stir",
    "rouse",
    "welcome",
    "mend",
    "mended",
    "lanes",
    "respite",
    "starved",
    "poke",
    "hasten",
    "mischief",
    "mishap",
    "strays",
    "stranger",
    "strangers",
    "patience",
    // Archaic words, or vague ones.
    "whoever",
    "whomever",
    "somebody",
    "nobody",
    "thereof",
    "therein",
    "besides",
    "whence",
    "hence",
    "ado",
    "lest",
    "beforehand",
    "likewise",
    // British spellings.
    "behaviour",
    "behaviours",
    "licence",
    "licences",
    "colour",
    "colours",
    "honour",
    "honours",
    "honoured",
    "favour",
    "neighbour",
    "neighbours",
    "normalise",
    "normalised",
    "serialise",
    "serialised",
    "initialise",
    "initialised",
    "recognise",
    "recognised",
    "cancelled",
    "travelled",
    "catalogue",
    "grey",
    "centre",
    "judgement",
    "dialled",
    "spelt",
    "misspelt",
    "respelt",
];

/// Phrases that are banned in prose, in lower case.
const PHRASES: &[&str] = &[
    "is none",
    "are none",
    "come again",
    "comes again",
    "came again",
    "let be",
    "made so",
    "to be had",
    "be had",
    "can be had",
    "with less",
    "as it came",
    "none of ours",
    "it is told",
    "is told of",
    "are told of",
    "told apart",
    "told of",
    "was told",
    "were told",
    "looked for",
    "a look",
    "the look",
    "came of it",
    "comes of it",
    "bears it out",
    "worked off",
    "in its stead",
    "for want of",
    "in vain",
];

/// Files that are not our English prose: licenses, lock files, fixtures, generated data, texts in other languages.
const EXEMPT: &[&str] = &[
    "LICENSE",
    "package-lock.json",
    "Cargo.lock",
    "tests/fixtures/",
    "src/phone/table.rs",
    "xtask/src/check/prose.rs",
    "/languages/ar.ts",
    "/languages/fr.ts",
    ".svg",
    ".jpg",
    "www/site/ar.html",
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut list = Command::new("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let files = capture(list.current_dir(&workspace.root))?;
    let mut found = Vec::new();
    for file in files.split_terminator('\0') {
        if EXEMPT.iter().any(|exempt| file.contains(exempt)) {
            continue;
        }
        // Deleted, and not yet committed.
        let Ok(text) = fs::read_to_string(workspace.root.join(file)) else { continue };
        for (index, line) in text.lines().enumerate() {
            found.extend(banned(line).map(|word| format!("{file}:{}: {word}", index + 1)));
        }
    }
    if !found.is_empty() {
        bail!(
            "{} words to replace (the lists are in xtask/src/check/prose.rs)\n{}",
            found.len(),
            found.join("\n")
        );
    }
    Ok(())
}

/// The banned words and phrases of a line.
fn banned(line: &str) -> impl Iterator<Item = &'static str> {
    let words = words(line);
    // Identifiers count as whole words here, because of Rust's `is_none`.
    let is_mark = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let text = line
        .to_lowercase()
        .split(is_mark)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let has_phrase = move |phrase: &str| format!(" {text} ").contains(&format!(" {phrase} "));
    let single = WORDS.iter().filter(move |word| words.iter().any(|known| known == *word));
    single.chain(PHRASES.iter().filter(move |phrase| has_phrase(phrase))).copied()
}

/// The words of a line in lower case; `camelCase` and `snake_case` are split.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in line.chars() {
        let is_boundary = !letter.is_alphabetic() || (letter.is_uppercase() && was_lower);
        was_lower = letter.is_lowercase();
        if is_boundary && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::banned;

    #[test]
    fn words_and_phrases_are_found_in_prose_and_in_identifiers() {
        for (line, expected) in [
            ("// Nobody waits for it.", vec!["nobody"]),
            ("fn knock_twice() {}", vec!["knock"]),
            ("const isWelcome = hurryUp();", vec!["hurry", "welcome"]),
            ("/// There is none.", vec!["is none"]),
            ("#errand: Errand;", vec!["errand"]),
            ("// The response is lost.", vec![]),
            ("let knocker = mender.is_none();", vec![]),
        ] {
            assert_eq!(banned(line).collect::<Vec<_>>(), expected, "{line}");
        }
    }
}
