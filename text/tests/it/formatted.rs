//! Formatting: what Markdown and HTML become, and that links and filters work inside of it.

use text::{Element, FilterState, Filters, Node, Rendered, Token, render_formatted};

use crate::{every_setting, filters, is_blocked, open};

/// A message in one line: elements in brackets, links as `→`, labels as `!`, line breaks as `⏎`.
fn drawn(typed: &str) -> String {
    draw(&render_formatted(typed, &open()).nodes)
}

fn draw(nodes: &[Node]) -> String {
    nodes.iter().map(draw_one).collect()
}

fn draw_one(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Link { shown, href, host } => {
            let mark = if host.mismatch { "⚠" } else { "" };
            format!("→{shown}{mark}({href})")
        }
        Node::Neutral { host } => format!("·{host}·"),
        Node::Filtered { .. } => "!".to_owned(),
        Node::Blocked { .. } => "BLOCKED".to_owned(),
        Node::LineBreak => "⏎".to_owned(),
        Node::Rule => "―".to_owned(),
        Node::Code { language, runs } => {
            let text: String = runs.iter().map(|run| run.text.as_str()).collect();
            format!("[code {language}:{text}]")
        }
        Node::Element { element, nodes } => {
            let name = match element {
                Element::Paragraph => "p",
                Element::Bold => "b",
                Element::Italic => "i",
                Element::Strike => "s",
                Element::Underline => "u",
                Element::Code => "c",
                Element::Item => "li",
                Element::List(None) => "ul",
                Element::List(Some(_)) => "ol",
                Element::Quote => "quote",
                Element::Spoiler => "spoiler",
                Element::Row => "tr",
                Element::Table => "table",
                Element::Cell { head: true } => "th",
                Element::Cell { head: false } => "td",
                other => return format!("[{other:?} {}]", draw(nodes)),
            };
            format!("[{name} {}]", draw(nodes))
        }
    }
}

#[test]
fn markdown_is_formatting() {
    for (typed, expected) in [
        ("plain words", "plain words"),
        ("**b** *i* ~~s~~ `c`", "[b b] [i i] [s s] [c c]"),
        ("__b__ _i_ snake_case_name", "[b b] [i i] snake_case_name"),
        ("one\ntwo", "one⏎two"),
        ("one\n\ntwo", "[p one][p two]"),
        ("# Title\ntext", "[Heading(1) Title][p text]"),
        ("- a\n- b\n  - c", "[ul [li a][li b[ul [li c]]]]"),
        ("1. a\n2. b", "[ol [li a][li b]]"),
        ("- [x] done\n- [ ] open", "[ul [li ☑ done][li ☐ open]]"),
        ("> quoted\n\nanswer", "[quote [p quoted]][p answer]"),
        ("a\n\n---\n\nb", "[p a]―[p b]"),
        (
            "|a|b|\n|-|-|\n|1|**2**|",
            "[table [tr [th a][th b]][tr [td 1][td [b 2]]]]",
        ),
        ("x ||secret **b**|| y", "x [spoiler secret [b b]] y"),
        ("a || b || c", "a || b || c"),
        ("```rust\nfn a() {}\n```", "[code rust:fn a() {}]"),
        ("```\n<script>x</script>\n```", "[code :<script>x</script>]"),
        ("`<script>`", "[c <script>]"),
        ("\\*no\\*", "*no*"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("a < b and c > d, I <3 you", "a < b and c > d, I <3 you"),
        (
            "Vec<String> and HashMap<K, V>",
            "Vec<String> and HashMap<K, V>",
        ),
    ] {
        assert_eq!(drawn(typed), expected, "{typed:?}");
    }
}

#[test]
fn harmless_html_is_formatting() {
    for (typed, expected) in [
        (
            "<b>b</b> <i>i</i> <u>u</u> <s>s</s>",
            "[b b] [i i] [u u] [s s]",
        ),
        (
            "<em>a</em><strong>b</strong><code>c</code>",
            "[i a][b b][c c]",
        ),
        ("press <kbd>Ctrl</kbd>", "press [Key Ctrl]"),
        (
            "H<sub>2</sub>O x<sup>2</sup> <mark>m</mark>",
            "H[Sub 2]O x[Sup 2] [Mark m]",
        ),
        ("a<br>b", "a⏎b"),
        ("<h2>Title</h2>", "[Heading(2) Title]"),
        ("<ul>\n<li>a\n<li>b\n</ul>", "[ul [li a ][li b ]]"),
        ("<ol><li>a</li></ol>", "[ol [li a]]"),
        ("<blockquote>q</blockquote>", "[quote q]"),
        ("<pre>a\n  b</pre>", "[code :a\n  b]"),
        (
            "<details><summary>more</summary>inside</details>",
            "[Details [Summary more]inside]",
        ),
        (
            "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>",
            "[table [tr [th a]][tr [td b]]]",
        ),
        ("<b>never closed\n\nnext", "[p [b never closed]][p next]"),
        ("<b><i>crossed</b></i> out", "[b [i crossed]] out"),
        ("a</b>c", "ac"),
        ("<p class=\"x\" id=y>quiet</p>", "quiet"),
    ] {
        assert_eq!(drawn(typed), expected, "{typed:?}");
    }
}

#[test]
fn what_could_run_load_or_restyle_goes_with_a_label() {
    for (typed, expected) in [
        ("a <script>alert(1)</script> b", "a ! b"),
        ("<script>\nalert(1)\n\nmore\n</script>\n\nb", "! [p b]"),
        ("how does <script> work?", "how does ! work?"),
        ("<b onclick=alert(1)>x</b>", "[b !x]"),
        ("<b style=\"position:fixed\">x</b>", "[b !x]"),
        ("<iframe srcdoc='<b>'></iframe>z", "!z"),
        ("<img src=x onerror=alert(1)>", "!"),
        ("a <svg onload=alert(1)> b", "a ! b"),
        ("<!-- x -->", "!"),
        ("**<img src=x>**", "[b !]"),
        (
            "<details open ontoggle=alert(1)>x</details>",
            "[Details !x]",
        ),
    ] {
        assert_eq!(drawn(typed), expected, "{typed:?}");
    }
}

#[test]
fn a_label_keeps_what_stood_there() {
    let rendered = render_formatted("<b style='x'>y</b>", &Filters::default());
    let [Node::Element { nodes, .. }] = rendered.nodes.as_slice() else {
        panic!("{rendered:?}")
    };
    assert!(
        matches!(&nodes[0], Node::Filtered { original, .. } if original == "<b style='x'>"),
        "{nodes:?}"
    );
    assert_eq!(rendered.filtered_special, 1);
}

#[test]
fn links_in_formatting_go_through_the_same_gate() {
    for (typed, expected) in [
        (
            "see https://example.com/a",
            "see →https://example.com/a(https://example.com/a)",
        ),
        (
            "[words](https://example.com)",
            "→words(https://example.com/)",
        ),
        (
            "[good.com](https://evil.com)",
            "→good.com⚠(https://evil.com/)",
        ),
        (
            "<https://example.com>",
            "→https://example.com(https://example.com/)",
        ),
        (
            "<anna@example.com>",
            "→anna@example.com(mailto:anna@example.com)",
        ),
        (
            "<a href=\"https://example.com\">here</a>",
            "→here(https://example.com/)",
        ),
        (
            "![pic](https://example.com/p.png)",
            "→pic(https://example.com/p.png)",
        ),
        ("[x](javascript:alert(1))", "!x"),
        ("[x](data:text/html,<b>)", "!x"),
        ("<a href=javascript:alert(1)>x</a>", "!x"),
        ("list[i](x)", "list[i](x)"),
        (
            "**https://example.com**",
            "[b →https://example.com(https://example.com/)]",
        ),
        (
            "https://example.org/*a*/b_c_",
            "→https://example.org/*a*/b_c_(https://example.org/*a*/b_c_)",
        ),
        (
            "[r]\n\n[r]: https://example.com",
            "→r(https://example.com/)",
        ),
        ("`https://example.com`", "[c https://example.com]"),
        ("exam**ple.c**om", "→example.com(https://example.com/)[b ]"),
    ] {
        assert_eq!(drawn(typed), expected, "{typed:?}");
    }
}

fn with_links(typed: &str, links: FilterState) -> Rendered {
    render_formatted(typed, &filters(links, FilterState::Show))
}

#[test]
fn the_link_switch_reaches_into_formatting() {
    for typed in [
        "**https://example.com**",
        "[words](https://example.com)",
        "- [words](https://example.com)",
        "> <a href=https://example.com>x</a>",
        "|a|\n|-|\n|example.com|",
        "||example.com||",
        "exa**mple.com**",
        "ex<b>ample.c</b>om",
        "ex\\ample.com example\\.com",
        "example&#46;com",
        "<details><summary>example.com</summary>x</details>",
        "[javascript](javascript:alert(1))",
    ] {
        let neutral = with_links(typed, FilterState::Neutralise);
        assert!(neutral.hidden_links > 0, "{typed:?}: {neutral:?}");
        assert!(!format!("{neutral:?}").contains("href"), "{typed:?}");
        assert!(
            is_blocked(&with_links(typed, FilterState::Hide)),
            "{typed:?}"
        );
    }
    for typed in ["`https://example.com`", "```\nexample.com\n```"] {
        let neutral = with_links(typed, FilterState::Neutralise);
        assert_eq!(
            neutral.hidden_links, 0,
            "code keeps its characters: {neutral:?}"
        );
        assert!(
            is_blocked(&with_links(typed, FilterState::Hide)),
            "{typed:?}"
        );
    }
}

#[test]
fn invisible_characters_are_cut_wherever_they_are_and_however_they_are_spelled() {
    for typed in [
        "**a\u{202E}b**",
        "a &#x202E; b",
        "`a\u{202E}b`",
        "```\na\u{202E}b\n```",
        "[a\u{202E}b](https://example.com)",
        "<b>a&#8238;b</b>",
        "<pre>a\u{202E}b</pre>",
        "| a |\n|-|\n|\u{202E}|",
    ] {
        for setting in every_setting() {
            let rendered = render_formatted(typed, &setting);
            let shown: String = crate::strings(&rendered).concat();
            assert!(!shown.contains('\u{202E}'), "{typed:?} {setting:?}");
            match setting.special {
                FilterState::Show => assert_eq!(rendered.filtered_special, 0, "{typed:?}"),
                FilterState::Neutralise => assert!(
                    rendered.filtered_special > 0 || is_blocked(&rendered),
                    "{typed:?} {setting:?} {rendered:?}"
                ),
                FilterState::Hide => assert!(is_blocked(&rendered), "{typed:?} {setting:?}"),
            }
        }
    }
}

#[test]
fn formatting_alone_is_nothing_special() {
    let typed = "**bold** <b>b</b> `c` &amp; \"quotes\" (and) it's <kbd>fine</kbd>\n\n- a";
    let hidden = render_formatted(typed, &filters(FilterState::Show, FilterState::Hide));
    assert!(!is_blocked(&hidden), "{hidden:?}");
    assert_eq!(hidden.filtered_special, 0);
}

#[test]
fn the_strict_set_holds_inside_formatting() {
    let strict = Filters {
        links: FilterState::Show,
        special: FilterState::Neutralise,
        strict: true,
    };
    for typed in [
        "**a%b**",
        "`a%b`",
        "```\na%b\n```",
        "[a%b](https://example.com)",
        "> ü",
    ] {
        let rendered = render_formatted(typed, &strict);
        assert!(rendered.filtered_special > 0, "{typed:?} {rendered:?}");
        assert!(!rendered.plain().contains(['%', 'ü']), "{typed:?}");
    }
}

#[test]
fn private_characters_cannot_pose_as_what_waits_outside() {
    // The first link, label or block of code stands for the first character of plane 15.
    for typed in [
        "\u{F0000} [x](https://example.com)",
        "&#xF0000; [x](https://example.com)",
        "[\u{F0000}](https://example.com)",
        "`\u{F0000}` <script>x</script>",
        "```\n\u{F0000}\n```",
        "<pre>&#xF0000;</pre> <script>",
    ] {
        for setting in every_setting() {
            let rendered = render_formatted(typed, &setting);
            let shown = format!("{rendered:?}");
            assert!(shown.matches("href").count() <= 1, "{typed:?} {shown}");
            let text: String = crate::strings(&rendered).concat();
            assert!(!text.contains('\u{F0000}'), "{typed:?} {setting:?}");
        }
    }
}

#[test]
fn a_mark_alone_in_an_element_does_not_pile_up_on_the_letter_before() {
    let pile = "a<b>\u{302}\u{302}\u{302}</b><i>\u{302}\u{302}\u{302}</i><b>\u{302}</b>";
    for setting in every_setting() {
        let text: String = crate::strings(&render_formatted(pile, &setting)).concat();
        assert!(!text.contains('\u{302}') || is_blocked(&render_formatted(pile, &setting)));
    }
}

#[test]
fn program_text_has_colours_and_keeps_every_character() {
    let typed = "```rust\n// remark\nfn main() { \"text\"; 42 }\n```";
    let rendered = render_formatted(typed, &Filters::default());
    let [Node::Code { language, runs }] = rendered.nodes.as_slice() else {
        panic!("{rendered:?}")
    };
    assert_eq!(language, "rust");
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(text, "// remark\nfn main() { \"text\"; 42 }");
    for token in [Token::Comment, Token::Text, Token::Number, Token::Keyword] {
        assert!(runs.iter().any(|run| run.token == token), "{token:?}");
    }
}

#[test]
fn what_others_read_aloud_keeps_spoilers_covered() {
    let rendered = render_formatted("it was ||the butler||", &Filters::default());
    assert_eq!(rendered.plain(), "it was [spoiler]");
}
