//! Patterns with stars.

/// Whether a text matches a pattern in which `*` matches any text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut remaining) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return remaining.ends_with(piece);
        }
        match remaining.split_once(piece) {
            Some((_, after)) => remaining = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_matches_any_text() {
        assert!(glob("/leads", "/leads") && !glob("/leads", "/leads/1"));
        assert!(glob("/leads*", "/leads") && glob("/leads/*", "/leads/1/notes"));
        assert!(glob("*/notes", "/leads/1/notes") && !glob("*/notes", "/leads/1/notes/2"));
        assert!(glob("/leads/*/notes/*", "/leads/1/notes/2"));
        assert!(!glob("/a*a", "/a") && glob("*", ""));
    }
}
