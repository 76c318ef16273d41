//! Script stripping: on in every state of the switches.

use text::{FILTERED, FilterState, Node, render};

use crate::corpus;
use crate::{every_setting, filters, open, strings};

const COMPARISONS: [&str; 16] = [
    "a < b and c > d",
    "if x<y",
    "I <3 you",
    "x<y and y>z",
    "if x<y then we go on",
    "you </3 me",
    "1 < 2 > 0",
    "-> and <- and =>",
    "Vec<String>",
    "HashMap<K, V>",
    "a<b",
    ">_<",
    "<>",
    "what<!!!",
    "x<y and z=3",
    "if (a<b) return;",
];

fn shown(typed: &str) -> String {
    render(typed, &open()).plain()
}

#[test]
fn comparisons_generics_and_faces_survive_in_every_setting_that_is_not_strict() {
    for typed in COMPARISONS {
        for setting in every_setting().iter().filter(|setting| !setting.strict) {
            assert_eq!(render(typed, setting).plain(), typed, "{setting:?}");
        }
    }
}

#[test]
fn a_script_goes_with_its_content() {
    assert_eq!(shown("a<script>alert(1)</script>b"), "a[FILTERED!]b");
    assert_eq!(shown("a<SCRIPT src=x>alert(1)</sCript >b"), "a[FILTERED!]b");
    assert_eq!(shown("a<style>*{}</style>b"), "a[FILTERED!]b");
}

#[test]
fn a_script_tag_that_never_ends_leaves_the_sentence_alone() {
    assert_eq!(
        shown("how does <script> work?"),
        "how does [FILTERED!] work?"
    );
}

#[test]
fn handlers_styles_and_srcdoc_go_and_the_harmless_tag_stays() {
    assert_eq!(shown("<b onclick=alert(1)>x</b>"), "<b>[FILTERED!]x</b>");
    assert_eq!(shown("<b style='x'>y</b>"), "<b>[FILTERED!]y</b>");
    assert_eq!(shown("<iframe srcdoc='<b>'></iframe>z"), "[FILTERED!]z");
    assert_eq!(shown("<i\nONMOUSEOVER=x>y"), "<i>[FILTERED!]y");
}

#[test]
fn a_tag_outside_the_list_goes_and_the_label_keeps_what_stood_there() {
    let rendered = render("x <marquee>y</marquee>", &open());
    let expected = [
        Node::Text("x ".into()),
        Node::Filtered {
            label: FILTERED,
            original: "<marquee>".into(),
        },
        Node::Text("y".into()),
        Node::Filtered {
            label: FILTERED,
            original: "</marquee>".into(),
        },
    ];
    assert_eq!(rendered.nodes, expected);
    assert_eq!(rendered.filtered_special, 2);
}

#[test]
fn allowed_tags_and_references_are_text_as_typed_while_special_characters_are_shown() {
    for typed in [
        "<b>x</b>",
        "&lt;b&gt;",
        "AT&T",
        "a&b;",
        "<table><tr><td>x</td></tr></table>",
        "<h1>x</h1><hr>",
    ] {
        assert_eq!(shown(typed), typed);
    }
}

#[test]
fn an_unfinished_tag_with_a_handler_goes_too() {
    assert_eq!(shown("a <img src=x onerror=alert(1) "), "a [FILTERED!]");
    assert_eq!(
        shown("x<y <script>alert(1)</script> z"),
        "x<y [FILTERED!] z"
    );
    assert_eq!(shown("<y title=\"<\" onclick=alert(1)>x"), "[FILTERED!]x");
    assert_eq!(shown("<http://onmouseover=alert(1)>x"), "[FILTERED!]x");
}

#[test]
fn invisible_characters_cannot_hide_a_tag() {
    assert_eq!(
        shown("<scr\u{200B}ipt>alert(1)</scr\u{202E}ipt>x"),
        "[FILTERED!]x"
    );
}

#[test]
fn no_attack_of_the_corpus_leaves_an_active_tag_or_a_handler_in_sight() {
    let mut attacks = corpus::entries(corpus::XSS);
    assert!(attacks.len() >= 400, "{}", attacks.len());
    attacks.extend(naughty_strings::BLNS.iter().map(ToString::to_string));
    let active = [
        "<script", "<img", "<svg", "<iframe", "<object", "<embed", "<style", "<body", "<form",
        "<input", "<a ", "<math", "srcdoc=",
    ];
    for attack in attacks {
        for setting in every_setting() {
            let rendered = render(&attack, &setting);
            for node in &rendered.nodes {
                let (Node::Text(text)
                | Node::Link { shown: text, .. }
                | Node::Neutral { host: text }) = node
                else {
                    continue;
                };
                let text = text.to_lowercase();
                let left = active.iter().find(|tag| text.contains(**tag));
                assert!(left.is_none(), "{left:?} of {attack:?} is left as {text:?}");
            }
            // The byte form carries hostile text as well as friendly text.
            assert_eq!(
                text::Rendered::from_bytes(&rendered.to_bytes()).as_ref(),
                Ok(&rendered)
            );
            assert!(
                strings(&rendered)
                    .iter()
                    .all(|text| !text.contains('\u{1B}')),
                "{attack:?}"
            );
        }
    }
}

#[test]
fn hiding_special_characters_hides_a_message_with_markup() {
    let hidden = render("<b>x</b>", &filters(FilterState::Show, FilterState::Hide));
    let what = text::BlockedBy::Special {
        found: vec!["<b>".into(), "</b>".into()],
    };
    assert_eq!(hidden.nodes, [Node::Blocked { what }]);
}
