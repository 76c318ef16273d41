//! What holds for every text.

use proptest::prelude::*;
use text::{
    FilterState, Filters, Node, canonical, display_name, render, render_plain, render_words,
    skeleton,
};

use crate::corpus;
use crate::{every_setting, filters, is_blocked, strings};

/// Hostile fragments in any order: the alphabet that attacks are made of.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let mut fragments: Vec<String> = [
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<b",
        "<b>",
        "<script>",
        "</script>",
        "<a href=",
        "</a>",
        "onclick=",
        "\"",
        "'",
        "=",
        "&",
        "&lt;",
        "&#x",
        ";",
        "http://",
        "https:",
        "example.com",
        "www.",
        ".",
        ":",
        "/",
        "//",
        "@",
        "[",
        "](",
        ")",
        "(dot)",
        "{ punkt }",
        "%2e",
        "\\u002e",
        "\u{3002}",
        "\u{B7}",
        "\u{2236}",
        "\u{FF0E}",
        "[.]",
        "javascript:",
        "data:",
        "\u{200B}",
        "\u{200D}",
        "\u{200C}",
        "\u{202E}",
        "\u{AD}",
        "\u{301}",
        "\u{FE0F}",
        "\u{E000}",
        "\u{FFFF}",
        "\0",
        "\u{1B}",
        "\r",
        "\n",
        "\t",
        " ",
        "a",
        "B",
        "é",
        "я",
        "中",
        "。",
        "．",
        "👨",
        "🏴",
        "\u{E0067}",
        "\u{E007F}",
        "क",
        "\u{94D}",
        "م",
        "1",
        "0x",
        "::1",
        "\u{FB2C}",
        "\u{1161}",
        "ſ",
        "ﬁ",
        "\u{340}",
    ]
    .map(str::to_owned)
    .into();
    fragments.extend(corpus::entries(corpus::LINKS).into_iter().step_by(37));
    fragments.extend(corpus::entries(corpus::XSS).into_iter().step_by(53));
    let piece = prop_oneof![8 => prop::sample::select(fragments), 1 => any::<char>().prop_map(String::from), 1 => ".{0,8}"];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Characters that must not reach a screen in any state.
pub(crate) fn misleads(text: &str) -> Option<char> {
    let chars: Vec<char> = text.chars().collect();
    chars.iter().enumerate().find_map(|(at, &c)| {
        let bad = match c {
            '\u{200C}' | '\u{200D}' => at == 0 || at + 1 == chars.len(),
            '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{61C}' => true,
            '\u{2060}'..='\u{2065}'
            | '\u{FEFF}'
            | '\u{AD}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{3164}'
            | '\u{180E}' => true,
            _ => c.is_control(),
        };
        bad.then_some(c)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_string_of_a_rendered_message_misleads(typed in hostile()) {
        for setting in every_setting() {
            let rendered = render(&typed, &setting);
            for text in strings(&rendered) {
                prop_assert_eq!(misleads(text), None, "{:?} in {:?}", text, setting);
            }
        }
    }

    #[test]
    fn the_light_tier_shows_what_the_parser_would_have_shown_or_leaves_it_to_the_parser(typed in hostile(), any: String) {
        for filters in every_setting() {
            for text in [&typed, &typed.replace(['<', '&'], ""), &any] {
                let plain = render_plain(text, &filters);
                prop_assert!(plain.is_some() || text.contains(['<', '&']) || canonical(text).contains(['<', '&']));
                if let Some(plain) = plain {
                    prop_assert_eq!(plain, render(text, &filters));
                }
            }
        }
    }

    #[test]
    fn the_lightest_tier_shows_what_the_hunt_for_links_would_have_left(typed in hostile(), any: String) {
        for filters in every_setting() {
            for text in [&typed, &typed.replace(['<', '&'], ""), &typed.replace(['.', ':', '<', '&', '[', '(', '%', '\\'], " "), &any] {
                if let Some(words) = render_words(text, &filters) {
                    prop_assert_eq!(Some(words), render_plain(text, &filters));
                }
            }
        }
    }

    #[test]
    fn every_link_is_a_web_or_mail_address_and_names_its_host(typed in hostile()) {
        for node in render(&typed, &filters(FilterState::Show, FilterState::Show)).nodes {
            if let Node::Link { shown, href, host } = node {
                prop_assert!(["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme)), "{}", href);
                prop_assert!(href.is_ascii() && !href.contains(['<', '>', '"', ' ']), "{}", href);
                prop_assert!(!shown.is_empty() && host.punycode.is_ascii() && !host.unicode.is_empty());
                prop_assert!(href.contains(&host.punycode), "{} {}", href, host.punycode);
            }
        }
    }

    #[test]
    fn links_never_leave_a_message_that_neutralises_or_hides_them(typed in hostile()) {
        for setting in every_setting().into_iter().filter(|setting| setting.links != FilterState::Show) {
            let is_link = |node: &Node| matches!(node, Node::Link { .. });
            prop_assert!(!render(&typed, &setting).nodes.iter().any(is_link));
        }
    }

    #[test]
    fn what_neutralising_touches_hiding_hides(typed in hostile(), strict: bool) {
        let with = |links, special| Filters { links, special, strict };
        use FilterState::{Hide, Neutralise, Show};
        let links = render(&typed, &with(Neutralise, Show));
        prop_assert!(links.hidden_links == 0 || is_blocked(&render(&typed, &with(Hide, Show))));
        let special = render(&typed, &with(Show, Neutralise));
        prop_assert!(special.filtered_special == 0 || is_blocked(&render(&typed, &with(Show, Hide))));
        // A link that can be clicked is a link that can be hidden.
        let open = render(&typed, &with(Show, Show));
        let clickable = open.nodes.iter().any(|node| matches!(node, Node::Link { .. }));
        prop_assert!(!clickable || is_blocked(&render(&typed, &with(Hide, Show))));
    }

    #[test]
    fn a_canonical_text_stays_as_it_is(typed in hostile()) {
        let once = canonical(&typed);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn canonical_text_does_not_mislead(typed in any::<String>()) {
        let lines = canonical(&typed).replace('\n', "");
        prop_assert_eq!(misleads(&lines), None);
    }

    #[test]
    fn a_shown_name_stays_as_it_is_and_does_not_mislead(typed in hostile()) {
        let once = display_name(&typed);
        prop_assert_eq!(display_name(&once), once.clone());
        prop_assert_eq!(misleads(&once), None);
        prop_assert!(!once.is_empty() && once.len() <= 512 && !once.contains('\n'));
        prop_assert_eq!(skeleton(&typed), skeleton(&once));
    }

    #[test]
    fn a_message_without_anything_special_is_shown_as_typed(words in prop::collection::vec("[a-zA-Zäöüßéящ中文]{1,9}[,!?]?", 1..20)) {
        let typed = words.join(" ");
        prop_assert_eq!(render(&typed, &filters(FilterState::Hide, FilterState::Hide)).plain(), canonical(&typed));
    }

    #[test]
    fn bytes_that_are_no_message_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = text::Rendered::from_bytes(&bytes);
    }
}
