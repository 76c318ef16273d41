//! The special-character switch.

use text::{FILTERED, FilterState, Filters, Node, render};

use crate::{filters, is_blocked, open};

const FRIENDLY: [&str; 14] = [
    "It's fine (really), \"quoted\" – isn't it?",
    "Grüße aus Köln: 5 € & 3 £!",
    "Привет, мир",
    "你好，世界",
    "こんにちは",
    "مرحبا بالعالم",
    "שלום עולם",
    "สวัสดี",
    "नमस्ते क्ष क्\u{200D}ष",
    "می\u{200C}خواهم",
    "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 1️⃣ ❤️",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "ကျွေး မြန်မာ",
    "~ ^ _ = + * / \\ | {x} [y] #1 @a $2 % `code`",
];

fn special(state: FilterState) -> Filters {
    filters(FilterState::Show, state)
}

#[test]
fn letters_of_all_scripts_punctuation_and_emoji_pass_in_every_state() {
    for typed in FRIENDLY {
        for state in FilterState::ALL {
            assert_eq!(render(typed, &special(state)).plain(), typed, "{state:?}");
        }
    }
}

#[test]
fn what_misleads_is_never_shown_and_the_label_spells_it_out() {
    for c in [
        '\u{202E}',
        '\u{200B}',
        '\u{2066}',
        '\u{1B}',
        '\0',
        '\u{9B}',
        '\u{FFFF}',
        '\u{E0041}',
        '\u{3164}',
    ] {
        let typed = format!("a{c}b");
        assert_eq!(render(&typed, &open()).plain(), "ab");
        let rendered = render(&typed, &special(FilterState::Neutralise));
        let original = format!("\\u{{{:04X}}}", u32::from(c));
        let label = Node::Filtered {
            label: FILTERED,
            original,
        };
        assert_eq!(
            rendered.nodes,
            [Node::Text("a".into()), label, Node::Text("b".into())]
        );
        assert!(is_blocked(&render(&typed, &special(FilterState::Hide))));
    }
}

#[test]
fn private_use_and_piled_up_marks_are_shown_only_on_request() {
    for typed in ["a\u{E000}b", "Z\u{301}\u{302}\u{303}\u{304}\u{305}algo"] {
        assert!(!render(typed, &open()).plain().contains(FILTERED));
        assert!(
            render(typed, &special(FilterState::Neutralise))
                .plain()
                .contains(FILTERED)
        );
        assert!(is_blocked(&render(typed, &special(FilterState::Hide))));
    }
}

#[test]
fn marks_that_come_with_pasted_text_vanish_without_a_label() {
    let rendered = render("\u{FEFF}soft\u{AD}hyphen\u{200E}", &Filters::default());
    assert_eq!(rendered.nodes, [Node::Text("softhyphen".into())]);
}

#[test]
fn the_strict_set_keeps_exactly_the_classic_characters() {
    let strict = Filters {
        strict: true,
        ..special(FilterState::Neutralise)
    };
    for c in '\0'..='\u{2FF}' {
        let kept = c.is_ascii_alphanumeric() || " .,!?".contains(c);
        let rendered = render(&format!("a{c}b"), &strict);
        assert_eq!(
            rendered.plain() == format!("a{c}b"),
            kept || c == '\n',
            "{c:?}"
        );
    }
    assert_eq!(
        render("It's 5€: ok", &strict).plain(),
        "It[FILTERED!]s 5[FILTERED!] ok"
    );
    assert_eq!(render("Привет!", &strict).plain(), "[FILTERED!]!");
}

#[test]
fn the_strict_set_changes_nothing_while_special_characters_are_shown() {
    let strict = Filters {
        strict: true,
        ..open()
    };
    for typed in FRIENDLY {
        assert_eq!(render(typed, &strict), render(typed, &open()));
    }
}

#[test]
fn lines_stay_lines() {
    let nodes = render("a\r\nb\u{2028}c\n\nd", &Filters::default()).nodes;
    let text = |text: &str| Node::Text(text.into());
    let expected = [
        text("a"),
        Node::LineBreak,
        text("b"),
        Node::LineBreak,
        text("c"),
        Node::LineBreak,
        Node::LineBreak,
        text("d"),
    ];
    assert_eq!(nodes, expected);
    assert_eq!(render("\ta", &Filters::default()).plain(), "    a");
}
