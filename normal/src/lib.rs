//! Unicode's normalization forms (UAX 15).
//!
//! Their tables would be a fifth of the browser's download, and every browser has them already: `String.prototype.normalize`
//! belongs to the language. Elsewhere they come from a crate. Unicode promises that the forms of characters that exist never
//! change, so the two can differ only on characters that one of them does not know yet; where several people have to
//! arrive at one form, such characters have to be refused (`crypto::name` does).

/// Canonical composition: one code point for a letter with its accent, where there is one.
pub fn nfc(text: &str) -> String {
    form(text, Form::Nfc)
}

/// Canonical decomposition: letters and accents apart.
pub fn nfd(text: &str) -> String {
    form(text, Form::Nfd)
}

/// Compatibility composition: one spelling also for wide, raised, ligated and otherwise dressed-up characters.
pub fn nfkc(text: &str) -> String {
    form(text, Form::Nfkc)
}

#[derive(Clone, Copy)]
enum Form {
    Nfc,
    Nfd,
    Nfkc,
}

fn form(text: &str, form: Form) -> String {
    // ASCII is its own form in all of them, and most text.
    if text.is_ascii() {
        return text.to_owned();
    }
    platform(text, form)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn platform(text: &str, form: Form) -> String {
    let name = match form {
        Form::Nfc => "NFC",
        Form::Nfd => "NFD",
        Form::Nfkc => "NFKC",
    };
    js_sys::JsString::from(text).normalize(name).into()
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn platform(text: &str, form: Form) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    match form {
        Form::Nfc => text.nfc().collect(),
        Form::Nfd => text.nfd().collect(),
        Form::Nfkc => text.nfkc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_what_unicode_says() {
        // UAX 15, figures 3 and 6.
        let text = "\u{212B}\u{1E9B}\u{323}\u{FB01}";
        assert_eq!(nfc(text), "\u{C5}\u{1E9B}\u{323}\u{FB01}");
        assert_eq!(nfd(text), "A\u{30A}\u{17F}\u{323}\u{307}\u{FB01}");
        assert_eq!(nfkc(text), "\u{C5}\u{1E69}fi");
        assert_eq!(nfkc("plain"), "plain");
    }
}
