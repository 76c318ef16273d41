//! What holds for every formatted text, hostile ones first.

use proptest::prelude::*;
use text::{FilterState, Filters, Node, render_formatted};

use crate::properties::{hostile, misleads};
use crate::{corpus, every_node, every_setting, filters, is_blocked, strings, xss};

/// Marks of Markdown between the fragments that attacks are made of.
fn formatted() -> impl Strategy<Value = String> {
    let marks = [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "||",
        "|-|\n",
        "[",
        "](",
        ")",
        "![",
        "\\",
        "&#x202E;",
        "&#x6a;",
        "&lt;",
        "<b>",
        "</b>",
        "<li>",
        "<td>",
        "<pre>",
        "<details>",
        "</a>",
        "<a href=x>",
        "<x-spoiler>",
        "\u{F0000}",
        "\u{10002A}",
    ];
    let piece = prop_oneof![1 => hostile(), 2 => prop::sample::select(marks.to_vec()).prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A string that no reader should get in any state, or an address that no press should follow.
fn bad(typed: &str, setting: &Filters) -> Option<String> {
    let rendered = render_formatted(typed, setting);
    let misleading = strings(&rendered)
        .into_iter()
        .find(|text| misleads(text).is_some())
        .map(str::to_owned);
    misleading.or_else(|| {
        every_node(&rendered.nodes)
            .into_iter()
            .find_map(|node| match node {
                Node::Link { href, host, .. } => {
                    let is_open = ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| href.starts_with(scheme));
                    let is_clean = href.is_ascii() && !href.contains(['<', '>', '"', ' ']);
                    let is_named = href.contains(&host.punycode) && host.punycode.is_ascii();
                    (setting.links != FilterState::Show || !is_open || !is_clean || !is_named)
                        .then(|| href.clone())
                }
                _ => None,
            })
    })
}

#[test]
fn no_known_attack_gets_anything_through() {
    let mut payloads = corpus::entries(corpus::XSS);
    payloads.extend(naughty_strings::BLNS.iter().map(ToString::to_string));
    payloads.extend(xss::mutations());
    payloads.extend(corpus::borrowed());
    payloads.extend(corpus::entries(corpus::LINKS));
    assert!(payloads.len() >= 2_000, "only {}", payloads.len());
    for payload in &payloads {
        for setting in [
            Filters::default(),
            crate::open(),
            filters(FilterState::Neutralise, FilterState::Show),
        ] {
            assert_eq!(bad(payload, &setting), None, "{payload:?} {setting:?}");
        }
    }
}

#[test]
fn every_disguise_of_a_link_is_found_inside_formatting_too() {
    let hide = filters(FilterState::Hide, FilterState::Show);
    let links = corpus::entries(corpus::LINKS);
    assert!(links.len() >= 300);
    for link in links {
        for typed in [
            link.clone(),
            format!("**{link}**"),
            format!("- {link}\n- x"),
            format!("> {link}"),
        ] {
            assert!(is_blocked(&render_formatted(&typed, &hide)), "{typed:?}");
        }
    }
}

#[test]
fn innocent_texts_stay_whole_under_every_switch() {
    for typed in corpus::entries(corpus::INNOCENT) {
        let rendered = render_formatted(&typed, &filters(FilterState::Hide, FilterState::Show));
        assert!(!is_blocked(&rendered), "{typed:?}: {rendered:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_formatted_misleads_or_leads_astray(typed in formatted()) {
        for setting in every_setting() {
            prop_assert_eq!(bad(&typed, &setting), None, "{:?}", setting);
        }
    }

    #[test]
    fn what_neutralising_touches_hiding_hides(typed in formatted(), strict: bool) {
        let with = |links, special| Filters { links, special, strict };
        use FilterState::{Hide, Neutralise, Show};
        let links = render_formatted(&typed, &with(Neutralise, Show));
        prop_assert!(links.hidden_links == 0 || is_blocked(&render_formatted(&typed, &with(Hide, Show))));
        let special = render_formatted(&typed, &with(Show, Neutralise));
        prop_assert!(special.filtered_special == 0 || is_blocked(&render_formatted(&typed, &with(Show, Hide))));
        let open = render_formatted(&typed, &with(Show, Show));
        let clickable = every_node(&open.nodes).into_iter().any(|node| matches!(node, Node::Link { .. }));
        prop_assert!(!clickable || is_blocked(&render_formatted(&typed, &with(Hide, Show))));
    }
}

#[test]
fn a_joiner_behind_what_is_cut_out_does_not_begin_a_text() {
    for typed in [
        "onclick=\u{94d}\u{7f}\u{200d}a",
        "क\u{94d}\u{7f}\u{200d}ष",
        "`क\u{94d}\u{7f}\u{200d}ष`",
    ] {
        for setting in every_setting() {
            assert_eq!(bad(typed, &setting), None, "{typed:?} {setting:?}");
            let plain = text::render(typed, &setting);
            assert!(
                strings(&plain).iter().all(|text| misleads(text).is_none()),
                "{typed:?} {setting:?}"
            );
        }
    }
}
