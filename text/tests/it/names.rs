//! Names on one line, and names that look alike.

use text::{NAMELESS, canonical, display_name, escape_invisible, skeleton};

#[test]
fn a_name_is_one_visible_line() {
    assert_eq!(display_name("  Anna\n\tMaria\u{2003} "), "Anna Maria");
    assert_eq!(display_name("An\u{200B}na\u{202E}\u{1B}[31m"), "Anna[31m");
    assert_eq!(display_name("Zoë"), "Zoë");
    assert_eq!(display_name("Zoe\u{308}"), "Zoë");
    assert_eq!(display_name("👩‍👩‍👧 Familie"), "👩‍👩‍👧 Familie");
}

#[test]
fn a_name_with_nothing_to_see_says_so() {
    for raw in [
        "",
        " ",
        "\u{200B}",
        "\u{3164}",
        "\u{2800}\u{2800}",
        "\u{301}",
        "\u{E000}",
        "\n\n",
        "\u{202E}\u{202C}",
        "\u{FE0F}",
    ] {
        assert_eq!(display_name(raw), NAMELESS, "{raw:?}");
    }
}

#[test]
fn a_name_is_at_most_32_graphemes_and_512_bytes_long() {
    assert_eq!(display_name(&"ä".repeat(100)), "ä".repeat(32));
    let family = "👨‍👩‍👧‍👦";
    let name = display_name(&family.repeat(40));
    assert!(
        name.len() <= 512 && name.len().is_multiple_of(family.len()),
        "{name}"
    );
    assert!(
        display_name(&"a\u{301}\u{302}\u{303}\u{304}".repeat(9))
            .chars()
            .count()
            <= 36
    );
}

#[test]
fn twins_share_a_skeleton() {
    for twin in [
        "Anna",
        "anna",
        "ANNA",
        "Αnna",
        "Anna\u{200B}",
        "A\u{AD}nna",
        "Аnnа",
        "An na",
        "Ａｎｎａ",
        "\u{202E}Anna",
        "𝐀nna",
        "Anna\u{200D}",
    ] {
        assert_eq!(skeleton(twin), skeleton("Anna"), "{twin:?}");
    }
    for (one, other) in [
        ("Ivan", "lvan"),
        ("Ivan", "ivan"),
        ("0tto", "Otto"),
        ("Rnax", "rnax"),
        ("paypal", "раураӏ"),
    ] {
        assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
    }
}

#[test]
fn different_names_have_different_skeletons() {
    let names = [
        "Anna",
        "Anne",
        "Hanna",
        "Änna",
        "Otto",
        "Boris",
        "Борис",
        "安娜",
        "アンナ",
        "Quiet Otter",
        "Loud Otter",
    ];
    for (index, one) in names.iter().enumerate() {
        for other in &names[index + 1..] {
            assert_ne!(skeleton(one), skeleton(other), "{one} {other}");
        }
    }
}

#[test]
fn joiners_stay_only_where_they_do_something() {
    for kept in [
        "👨‍👩‍👧",
        "❤️‍🔥",
        "क्\u{200D}ष",
        "ක්\u{200D}ෂ",
        "می\u{200C}خواهم",
        "葛\u{E0100}",
    ] {
        assert_eq!(canonical(kept), kept);
    }
    for (raw, clean) in [
        ("a\u{200D}b", "ab"),
        ("a\u{200C}b", "ab"),
        ("👨\u{200D}", "👨"),
        ("\u{200D}👨", "👨"),
        ("👨\u{200D}\u{200D}👩", "👨\u{200D}👩"),
    ] {
        assert_eq!(canonical(raw), clean, "{raw:?}");
    }
    // Letters hidden in tag characters, with and without a flag in front of them.
    assert_eq!(canonical("a\u{E0068}\u{E0069}"), "a");
    assert_eq!(canonical("🏴\u{E0068}\u{E0069}"), "🏴");
    assert_eq!(canonical("a\u{FE0F}b\u{E0100}"), "ab");
}

#[test]
fn the_escaped_form_hides_nothing() {
    assert_eq!(
        escape_invisible("a\u{200B}b\u{202E}\nc"),
        "a\\u{200B}b\\u{202E}\nc"
    );
}
